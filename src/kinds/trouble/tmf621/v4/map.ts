import type { Static } from 'typebox';
import type { Ticket } from '../../../../core/ticket.ts';
import type { RelatedEntity } from '../../attributes.ts';
import { fieldsOf } from '../../fields.ts';
import { attachmentsOf, changesOf, commonDocument, notesOf, sidesOf } from '../common-map.ts';
import { detailsAmong, detailsOf, TROUBLED_OBJECT } from '../details.ts';
import { compact, type Document, entityOf } from '../document.ts';
import type { ReadBody } from '../read-body.ts';
import { statusOf } from '../statuses.ts';
import type { patchedTicket } from './schema.ts';

type Body = Partial<Static<typeof patchedTicket>>;

/** A ticket as version 4 shows it. */
export function toWire(ticket: Ticket, base: string): Document {
  const { relatedEntities = [], relatedParties = [] } = fieldsOf(ticket);
  const named = detailsOf(ticket).map(([name, value]) =>
    entityOf(name, String(value), name === TROUBLED_OBJECT ? 'Resource' : 'Characteristic'),
  );
  return compact({
    ...commonDocument(ticket, base),
    externalId: ticket.externalReference,
    note: notesOf(ticket),
    attachment: attachmentsOf(ticket),
    relatedEntity: [...named, ...relatedEntities].map(referring),
    relatedParty: [...sidesOf(ticket), ...relatedParties].map(referring),
    statusChange: changesOf(ticket).map(({ state, at, reason }) =>
      compact({ status: statusOf(state), changeDate: at, changeReason: reason, '@type': 'StatusChange' }),
    ),
  });
}

/** Version 4 does not let a reference be silent about what it refers to. */
function referring<T extends { '@referredType'?: string }>(reference: T): T {
  return { ...reference, '@referredType': reference['@referredType'] ?? 'Entity' };
}

/** The parts of a body, or of a ticket that was patched, that version 4 writes in its own way. */
export const readBody: ReadBody = (document, before) => {
  const { externalId, relatedEntity, relatedParty } = document as Body;
  const { given, others } = detailsAmong((relatedEntity ?? []) as RelatedEntity[]);
  const known = before ? fieldsOf(before).externalIds : undefined;
  return {
    details: given,
    parties: relatedParty,
    attributes: {
      ...(relatedEntity && { relatedEntities: others }),
      externalIds:
        externalId === undefined ? [] : [{ ...known?.[0], id: externalId }, ...(known?.slice(1) ?? [])],
    },
  };
};
