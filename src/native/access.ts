import type { Kind } from '../core/kind.ts';
import { READ_PERMISSION, readsAll, seesTicket } from '../core/staff.ts';
import type { Ticket } from '../core/ticket.ts';
import { type Actor, isOwnStaff } from '../kernel/actor.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { isUuid } from '../kernel/id.ts';
import type { Store } from '../store/store.ts';

/** The tickets that a caller sees: all of the account (`party` is null), or those in which its party takes part. */
export interface ReadScope {
  readonly ok: true;
  readonly party: string | null;
}

/** What the caller sees in lists; `forbidden` where it speaks for no party and may not read all. */
export function readScope(actor: Actor): ReadScope | Refusal {
  if (readsAll(actor)) return { ok: true, party: null };
  if (actor.party !== null) return { ok: true, party: actor.party };
  return refuse(
    'forbidden',
    `Your credential speaks for no party; to see tickets it needs the permission ${READ_PERMISSION}.`,
    { data: { permission: READ_PERMISSION } },
  );
}

/** A ticket that the caller does not see is not there; who could see none at all hears why. */
export function notThere(actor: Actor): Refusal {
  const scope = readScope(actor);
  return scope.ok ? refuse('ticketNotFound') : scope;
}

/** The party that reads histories, without what is internal; null for the account's own staff, who are told all. */
export function readerOf(actor: Actor): string | null {
  return isOwnStaff(actor) ? null : actor.party;
}

/** A ticket as a path names it: by UUID or by human key. */
export function ticketRef(text: string): { readonly id: string } | { readonly key: string } {
  return isUuid(text) ? { id: text.toLowerCase() } : { key: text };
}

/** The ticket that a path names, if the caller sees it. */
export async function findVisible(
  { load, kinds }: Store,
  actor: Actor,
  text: string,
): Promise<{ readonly ok: true; readonly ticket: Ticket; readonly kind: Kind } | Refusal> {
  const ticket = await load(actor.account, ticketRef(text));
  const kind = ticket && kinds.get(ticket.kind);
  return kind && seesTicket(kind, ticket, actor) ? { ok: true, ticket, kind } : notThere(actor);
}
