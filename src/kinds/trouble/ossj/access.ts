import type { Actor } from '../../../kernel/actor.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { actingParty, OPERATE_PERMISSION, roleOf } from '../parties.ts';

/** The party whose tickets the actor lists and that opens new ones, or why there is none. */
export function partyOf(actor: Actor): { readonly ok: true; readonly party: string } | Refusal {
  const party = actingParty(actor);
  if (party !== null) return { ok: true, party };
  return refuse(
    'forbidden',
    `Your credential speaks for no party; the account's own staff needs the permission ${OPERATE_PERMISSION}.`,
  );
}

/** The trouble ticket with this key if the actor's party takes part in it, else null. */
export async function findVisible(store: Store, actor: Actor, key: string) {
  const ticket = await store.load(actor.account, { key });
  return ticket?.kind === troubleKind.name && roleOf(ticket, actor) !== null ? ticket : null;
}
