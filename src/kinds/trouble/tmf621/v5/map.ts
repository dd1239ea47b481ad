import type { Static } from 'typebox';
import type { Ticket } from '../../../../core/ticket.ts';
import type { AttachmentRef, Characteristic, RelatedEntity, RelatedParty } from '../../attributes.ts';
import { fieldsOf } from '../../fields.ts';
import { attachmentsOf, changesOf, commonDocument, notesOf, sidesOf } from '../common-map.ts';
import { detailsAmong, detailsOf, isDetail, TROUBLED_OBJECT } from '../details.ts';
import { compact, type Document, entityOf } from '../document.ts';
import type { ReadBody } from '../read-body.ts';
import { statusOf } from '../statuses.ts';
import type { patchedTicket } from './schema.ts';

type Body = Partial<Static<typeof patchedTicket>>;

/** A ticket as version 5 shows it. Every object says its type. */
export function toWire(ticket: Ticket, base: string): Document {
  const fields = fieldsOf(ticket);
  const { relatedEntities = [], relatedParties = [], externalIds } = fields;
  const { externalReference } = ticket;
  const common = commonDocument(ticket, base);
  const details = detailsOf(ticket);
  const object = details.find(([name]) => name === TROUBLED_OBJECT);
  const named = object ? [entityOf(TROUBLED_OBJECT, String(object[1]), 'Resource')] : [];
  const ids = externalIds ?? (externalReference === null ? [] : [{ id: externalReference }]);
  return compact({
    ...common,
    channel: fields.channel && { ...fields.channel, '@type': 'ChannelRef' },
    externalIdentifier: ids.map((id) => ({ ...id, '@type': 'ExternalIdentifier' })),
    note: notesOf(ticket).map((note) => ({ ...note, '@type': 'Note' })),
    attachment: attachmentsOf(ticket).map(typedAttachment),
    relatedEntity: [...named, ...relatedEntities].map(wireEntity),
    relatedParty: [...sidesOf(ticket), ...relatedParties].map(wireParty),
    troubleTicketRelationship: fields.relationships?.map((one) => ({
      ...one,
      '@type': 'TroubleTicketRelationship',
    })),
    troubleTicketSpecification: fields.specification && {
      ...fields.specification,
      '@type': 'TroubleTicketSpecificationRef',
    },
    troubleTicketCharacteristic: [
      ...details.filter(([name]) => name !== TROUBLED_OBJECT).map(([name, value]) => wireDetail(name, value)),
      ...(fields.characteristics ?? []).map((one) => ({ ...one, '@type': characteristicType(one) })),
    ],
    statusChangeHistory: changesOf(ticket).map(({ state, at, reason }) =>
      compact({
        status: statusOf(state),
        statusChangeDate: at,
        statusChangeReason: reason,
        '@type': 'StatusChange',
      }),
    ),
  });
}

function wireEntity({ role, '@type': type, ...entity }: RelatedEntity): Document {
  const known = type === undefined || type === 'RelatedEntity' ? 'EntityRef' : type;
  return compact({ role, entity: { ...entity, '@type': known }, '@type': 'RelatedEntity' });
}

function wireParty({ role, '@type': type, ...party }: RelatedParty): Document {
  const known = type === 'PartyRoleRef' ? type : 'PartyRef';
  return compact({
    role,
    partyOrPartyRole: { ...party, '@type': known },
    '@type': 'RelatedPartyRefOrPartyRoleRef',
  });
}

/** What has an id and says that it is a reference is one; anything else stands for a file. */
function typedAttachment(attachment: AttachmentRef): Document {
  const isReference = attachment['@type'] === 'AttachmentRef' && attachment.id !== undefined;
  return { ...attachment, '@type': isReference ? 'AttachmentRef' : 'Attachment' };
}

function wireDetail(name: string, value: string | number): Document {
  return typeof value === 'number'
    ? { name, value, valueType: 'integer', '@type': 'IntegerCharacteristic' }
    : { name, value, valueType: 'string', '@type': 'StringCharacteristic' };
}

/** The type that the value has, since a client may name one that it has not. */
function characteristicType({ value }: Characteristic): string {
  if (Array.isArray(value)) return `${scalarType(value[0], value)}ArrayCharacteristic`;
  return value === undefined || value === null
    ? 'Characteristic'
    : `${scalarType(value, [value])}Characteristic`;
}

function scalarType(value: unknown, all: readonly unknown[]): string {
  if (all.every((one) => typeof one === 'string')) return 'String';
  if (all.every((one) => typeof one === 'boolean')) return 'Boolean';
  if (all.every((one) => Number.isInteger(one))) return 'Integer';
  return typeof value === 'number' ? 'Number' : 'Object';
}

/** The parts of a body, or of a ticket that was patched, that version 5 writes in its own way. */
export const readBody: ReadBody = (document) => {
  const {
    externalIdentifier = [],
    relatedEntity,
    relatedParty,
    troubleTicketSpecification,
    troubleTicketCharacteristic,
  } = document as Body;
  const entities = relatedEntity?.map(({ role, entity }) => ({ ...entity, role }) as RelatedEntity);
  const { given, others } = detailsAmong(entities ?? []);
  const characteristics = (troubleTicketCharacteristic ?? []) as Characteristic[];
  return {
    details: [
      ...given,
      ...characteristics.flatMap(({ name, value }, index) =>
        isDetail(name) ? [{ name, value, pointer: `/troubleTicketCharacteristic/${index}/value` }] : [],
      ),
    ],
    parties: relatedParty?.map(
      ({ role, partyOrPartyRole }) => ({ ...partyOrPartyRole, role }) as RelatedParty,
    ),
    attributes: {
      ...(entities && { relatedEntities: others }),
      externalIds: externalIdentifier.map(({ '@type': _, ...id }) => id),
      ...(troubleTicketSpecification && { specification: troubleTicketSpecification }),
      ...(troubleTicketCharacteristic && {
        characteristics: characteristics.filter(({ name }) => !isDetail(name)),
      }),
    },
  };
};
