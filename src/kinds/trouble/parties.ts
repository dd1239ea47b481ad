import type { Ticket } from '../../core/ticket.ts';
import { type Actor, may } from '../../kernel/actor.ts';
import type { TroubleRole } from './workflow.ts';

/** Lets the account's own staff act for the account's own party. */
export const OPERATE_PERMISSION = 'trouble.operate';

/** The party that the actor speaks for: its own, or the account's for staff who may; null where it speaks for none. */
export function actingParty(actor: Actor): string | null {
  if (actor.party !== null) return actor.party;
  return may(actor, OPERATE_PERMISSION) ? actor.account : null;
}

/** TU where the actor's party opened the ticket, TO where it has to resolve it, null where it takes no part. */
export function roleOf(ticket: Ticket, actor: Actor): TroubleRole | null {
  const party = actingParty(actor);
  if (party === null) return null;
  if (party === ticket.issuer) return 'TU';
  return party === ticket.owner ? 'TO' : null;
}
