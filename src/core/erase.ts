import { type DecideContext, type Decision, eventActor } from './decision.ts';
import type { Kind } from './kind.ts';
import { STAFF_ROLE } from './staff.ts';
import type { Ticket } from './ticket.ts';

/**
 * What erasing a ticket tells the log: its identity, the state that it was in, who erased it and when, and nothing that
 * it held. The parties that took part are named, since they have to hear of it.
 */
export function decideErasure(
  kind: Kind,
  ticket: Ticket,
  { actor, now, contract }: Pick<DecideContext, 'actor' | 'now' | 'contract'>,
): Decision {
  const parties = [...new Set([ticket.issuer, ticket.owner])].filter((party) => party !== null);
  return {
    ok: true,
    ticket,
    expectedVersion: ticket.version,
    event: {
      ticket: ticket.id,
      kind: ticket.kind,
      type: 'ticket.erased',
      name: null,
      from: ticket.state,
      to: null,
      version: ticket.version + 1,
      actor: eventActor(actor, kind.roleOf(ticket, actor) ?? STAFF_ROLE),
      contract,
      reason: null,
      data: { key: ticket.key, parties },
      at: now,
    },
    timersStarted: [],
    timersEnded: Object.values(ticket.timers).map(({ id }) => id),
    searchText: '',
    attachments: [],
    links: [],
  };
}
