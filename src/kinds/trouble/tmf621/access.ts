import { READ_PERMISSION, readsAll, seesTicket } from '../../../core/staff.ts';
import type { Ticket } from '../../../core/ticket.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { actingParty, OPERATE_PERMISSION } from '../parties.ts';

/** Whose tickets a caller's list shows: its party's, or all of the account (`party` is null) for staff who read all. */
export function scopeOf(actor: Actor): { readonly ok: true; readonly party: string | null } | Refusal {
  if (readsAll(actor)) return { ok: true, party: null };
  const party = actingParty(actor);
  if (party !== null) return { ok: true, party };
  return refuse(
    'forbidden',
    `Your credential speaks for no party; the account's own staff needs the permission ${OPERATE_PERMISSION} or ${READ_PERMISSION}.`,
  );
}

/** Whether the ticket is there for the actor. */
export function sees(actor: Actor, ticket: Ticket): boolean {
  return seesTicket(troubleKind, ticket, actor);
}

/** The trouble ticket with this id if the actor sees it, else null. */
export async function findTicket(store: Store, actor: Actor, id: string): Promise<Ticket | null> {
  const ticket = await store.load(actor.account, { key: id });
  return ticket?.kind === troubleKind.name && sees(actor, ticket) ? ticket : null;
}
