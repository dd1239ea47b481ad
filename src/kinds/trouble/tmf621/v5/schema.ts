import { Type } from 'typebox';
import {
  answerOf,
  commonAttributes,
  line,
  listOf,
  moment,
  optional,
  patchOf,
  reference,
  typed,
  word,
} from '../shapes.ts';
import { STATUSES } from '../statuses.ts';

const partyOrRole = Type.Object({
  ...reference,
  partyId: optional(word),
  partyName: optional(line),
});

const relatedParty = Type.Object({ role: optional(word), partyOrPartyRole: partyOrRole, ...typed });
const relatedEntity = Type.Object({ role: word, entity: Type.Object(reference), ...typed });

const externalIdentifier = Type.Object({
  id: word,
  owner: optional(word),
  externalIdentifierType: optional(word),
  ...typed,
});

const characteristic = Type.Object({
  id: optional(word),
  name: word,
  valueType: optional(word),
  value: Type.Optional(Type.Unknown()),
  ...typed,
});

const attributes = {
  ...commonAttributes,
  externalIdentifier: optional(listOf(externalIdentifier)),
  relatedEntity: optional(listOf(relatedEntity)),
  relatedParty: optional(listOf(relatedParty)),
  troubleTicketSpecification: optional(Type.Object({ ...reference, version: optional(word) })),
  troubleTicketCharacteristic: optional(listOf(characteristic)),
};

const status = Type.Enum(STATUSES);

/** What opens a ticket. Any word may come as its status: whether it is one depends on the account. */
export const createBody = Type.Object({ ...attributes, status: optional(word), ...typed });

/** A ticket as a patch leaves it. */
export const patchedTicket = Type.Object({ ...attributes, status });

export const patchBody = patchOf({ ...attributes, status });

const statusChange = Type.Object({
  status,
  statusChangeDate: moment,
  statusChangeReason: optional(Type.String()),
  ...typed,
});

/** A ticket on the wire; `fields` may leave out any part but the three at the end. */
export const wireTicket = answerOf(
  {
    ...attributes,
    status,
    creationDate: moment,
    lastUpdate: moment,
    statusChangeDate: moment,
    statusChangeHistory: Type.Array(statusChange),
  },
  { id: Type.String(), href: Type.String(), '@type': Type.String() },
);
