import { Type } from 'typebox';
import {
  answerOf,
  commonAttributes,
  listOf,
  moment,
  optional,
  patchOf,
  reference,
  typed,
  word,
} from '../shapes.ts';
import { STATUSES } from '../statuses.ts';

const relatedParty = Type.Object({ ...reference, role: optional(word) });
const relatedEntity = Type.Object({ ...reference, role: word });

const attributes = {
  ...commonAttributes,
  externalId: optional(word),
  relatedEntity: optional(listOf(relatedEntity)),
  relatedParty: optional(listOf(relatedParty)),
};

const status = Type.Enum(STATUSES);

/** What opens a ticket. Any word may come as its status: whether it is one depends on the account. */
export const createBody = Type.Object({ ...attributes, status: optional(word), ...typed });

/** A ticket as a patch leaves it. */
export const patchedTicket = Type.Object({ ...attributes, status });

export const patchBody = patchOf({ ...attributes, status });

const statusChange = Type.Object({
  status,
  changeDate: moment,
  changeReason: optional(Type.String()),
  ...typed,
});

/** A ticket on the wire; `fields` may leave out any part of it. */
export const wireTicket = answerOf({
  id: Type.String(),
  href: Type.String(),
  ...attributes,
  status,
  creationDate: moment,
  lastUpdate: moment,
  statusChangeDate: moment,
  statusChange: Type.Array(statusChange),
  '@type': Type.String(),
});
