import type { Input } from '../../../../core/kind.ts';
import type { Ticket } from '../../../../core/ticket.ts';
import { fieldsOf } from '../../fields.ts';
import type { ExceptionTransition } from '../../workflow.ts';
import { describe, matterOf } from '../matter.ts';
import type { ZendeskClient, ZendeskFault, ZendeskTicket } from './client.ts';
import { zendeskPriority } from './spelling.ts';

/** What is to be written on the exception, a fault, or null: nothing had to be done. */
export type ErrandOutcome =
  | { readonly ok: true; readonly transition: ExceptionTransition; readonly input: Input }
  | ZendeskFault
  | null;

/** What the published contract writes before the number of a ticket in Zendesk. */
const PREFIX = 'ZDTICKET-';

/**
 * Has a ticket made for the exception, once. Zendesk knows a repeated request by its key for some hours; before every
 * attempt but the very first one the ticket is looked for by its external id as well.
 */
export async function openTicket(
  client: ZendeskClient,
  ticket: Ticket,
  isFirst: boolean,
): Promise<ErrandOutcome> {
  const { helpDesk, typeName } = fieldsOf(ticket);
  if (helpDesk.reference !== null) return null;
  const id = `tessera-${ticket.id}`;
  const found = isFirst ? null : await client.findTicket(id);
  if (found && !found.ok) return found;
  if (found?.value) return answerOf(found.value);
  const made = await client.createTicket(
    {
      subject: ticket.title,
      comment: describe(matterOf(ticket)),
      priority: zendeskPriority(ticket.priority),
      externalId: id,
      tags: ['tessera', typeName.toLowerCase()],
    },
    id,
  );
  return made.ok ? answerOf(made.value) : made;
}

function answerOf({ id, status }: ZendeskTicket): ErrandOutcome {
  const reference = String(id);
  const references = [{ domain: 'zendesk', type: 'ticket', identifier: PREFIX + reference }];
  return { ok: true, transition: 'answer', input: { reference, status, references } };
}
