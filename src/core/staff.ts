import { type Actor, isOwnStaff, may } from '../kernel/actor.ts';
import type { Kind } from './kind.ts';
import type { Ticket } from './ticket.ts';

/** Lets the account's own staff see every ticket of the account. */
export const READ_PERMISSION = 'tickets.read';
/** Lets the account's own staff edit every ticket and comment on it, but not do its transitions. */
export const WRITE_PERMISSION = 'tickets.write';
/** Lets the account's own staff erase tickets. */
export const ERASE_PERMISSION = 'tickets.delete';

/** The role of staff who edit or comment where their kind gives them none. */
export const STAFF_ROLE = 'staff';

/** The role of the system where it is not a timer that acts. */
export const SYSTEM_ROLE = 'system';

export function readsAll(actor: Actor): boolean {
  return isOwnStaff(actor) && may(actor, READ_PERMISSION);
}

export function editsAll(actor: Actor): boolean {
  return isOwnStaff(actor) && may(actor, WRITE_PERMISSION);
}

/** Whether the ticket is there for the actor: it reads all, its party takes part, or it plays a role. */
export function seesTicket(kind: Kind, ticket: Ticket, actor: Actor): boolean {
  if (readsAll(actor)) return true;
  const takesPart = actor.party !== null && (actor.party === ticket.issuer || actor.party === ticket.owner);
  return takesPart || kind.roleOf(ticket, actor) !== null;
}
