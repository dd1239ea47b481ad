import type { Ticket } from '../../../../core/ticket.ts';
import { fieldsOf } from '../../fields.ts';
import { SETTLED_COMMENT } from '../matter.ts';
import type { ZendeskClient, ZendeskTicket } from './client.ts';
import type { ErrandOutcome } from './open-ticket.ts';

/** The statuses in which the help desk has done its work. */
const DONE = new Set(['solved', 'closed']);

/**
 * Has the exception's ticket commented and solved, in one request. A request without an answer may have been done, and
 * Zendesk knows no keys for changes: before another attempt it is looked whether the ticket is solved.
 */
export async function settleTicket(
  client: ZendeskClient,
  ticket: Ticket,
  isFirst: boolean,
): Promise<ErrandOutcome> {
  const { helpDesk, settled } = fieldsOf(ticket);
  const { reference } = helpDesk;
  // Where no ticket was made there is none to solve: the exception shows that fault.
  if (!settled || reference === null) return null;
  if (!isFirst) {
    const present = await client.readTicket(reference);
    if (!present.ok) return present;
    if (DONE.has(present.value.status)) return noteOf(helpDesk.status, present.value);
  }
  const solved = await client.updateTicket(reference, { status: 'solved', comment: SETTLED_COMMENT });
  return solved.ok ? noteOf(helpDesk.status, solved.value) : solved;
}

/** The webhook may have told the status already. */
function noteOf(known: string | null, { status }: ZendeskTicket): ErrandOutcome {
  return known === status ? null : { ok: true, transition: 'note', input: { status } };
}
