import type { Ticket } from '../../../core/ticket.ts';
import { fieldsOf } from '../fields.ts';
import type { WireException } from './schema.ts';

export function exceptionToWire(ticket: Ticket): WireException {
  const fields = fieldsOf(ticket);
  return {
    id: ticket.number,
    subject: ticket.title,
    comment: fields.comment,
    tbsWorkItemAuthorizationNumber: String(fields.authorizationNumber),
    tbsWorkItemRequestType: fields.requestType,
    ticketExceptionTypeId: Number(fields.type),
    ticketExceptionTypeName: fields.typeName,
    ticketExceptionCreated: fields.helpDesk.answered,
    isConsideredSolvedByTbs: fields.settled,
    serviceProviderId: fields.serviceProviderId,
    externalReferences: fields.references.map(({ domain, type, identifier }) => ({
      domain,
      type,
      identifier,
    })),
  };
}
