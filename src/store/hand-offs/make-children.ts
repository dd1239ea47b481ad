import type { Birth, Decision } from '../../core/decision.ts';
import { type HandOff, handOffOf } from '../../core/hand-off.ts';
import type { Kind } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { newId } from '../../kernel/id.ts';
import { commit } from '../commit.ts';
import { loadByUniqueKey } from '../load.ts';
import { duplicateRefusal, unknownPartyRefusal } from '../precondition.ts';
import { decideChild } from './decide-child.ts';
import { findFamilies, NO_FAMILY } from './family.ts';
import type { Happening } from './happening.ts';
import { noteOfChild, noteOfRefusal, wordsOf } from './note.ts';
import type { Told } from './tell-parents.ts';
import { attemptPiece, type HandOffWork } from './work.ts';

interface Order {
  readonly parent: Ticket;
  readonly handOff: HandOff;
  readonly outcome: Decision | Refusal;
}

/**
 * Makes the children that tickets asked for. What a ticket asked that was erased since is not made.
 * @returns the children, and for each ticket that asked what it is to be told
 */
export async function makeChildren(
  work: HandOffWork,
  happenings: readonly Happening[],
): Promise<{ made: readonly Decision[]; told: Map<string, Told> }> {
  const orders = await write(work, await decideOrders(work, happenings));
  const told = new Map<string, Told>();
  const made: Decision[] = [];
  for (const { parent, handOff, outcome } of orders) {
    if (outcome.ok) made.push(outcome);
    told.set(parent.id, toldOf(work, handOff, outcome));
  }
  return { made, told };
}

function toldOf({ kinds }: HandOffWork, handOff: HandOff, outcome: Decision | Refusal): Told {
  if (!outcome.ok) {
    const about = { child: null, state: null, reason: wordsOf(outcome) };
    return {
      news: { type: 'refused', kind: handOff.kind, ...about },
      note: noteOfRefusal(kinds, handOff, outcome),
      isNoted: true,
    };
  }
  const { id, key, kind, state } = outcome.ticket;
  return {
    news: { type: 'made', kind, child: { id, key, kind }, state, reason: null },
    note: noteOfChild(kinds, outcome),
    isNoted: true,
  };
}

async function decideOrders(work: HandOffWork, happenings: readonly Happening[]): Promise<Order[]> {
  const { tx, account, tickets, kinds, context } = work;
  const asked = happenings.filter((happening) => happening.type === 'asked');
  const families = await findFamilies(
    tx,
    account,
    asked.map(({ parent }) => parent),
  );
  const orders: Order[] = [];
  for (const { parent: id, data } of asked) {
    const parent = tickets.get(id);
    if (!parent) continue;
    const handOff = handOffOf(data);
    if (!handOff) {
      work.log.error({ account, ticket: parent.key }, 'a hand-off cannot be read and is left out');
      continue;
    }
    const family = families.get(id) ?? NO_FAMILY;
    const decided = await attemptPiece(work, () =>
      decideChild(kinds, parent, handOff, family, context, (kind) => giveBirth(work, kind)),
    );
    const outcome = decided ?? refuse('internalError');
    orders.push({ parent, handOff, outcome: outcome.ok ? await withKnownParties(work, outcome) : outcome });
  }
  return orders;
}

async function giveBirth(
  { takeNumbers, directory, account, context }: HandOffWork,
  kind: Kind,
): Promise<Birth> {
  const [number = 0] = await takeNumbers(account, kind.name, 1);
  const prefix = kind.keyPrefix ?? (await directory.account(account)).ticketPrefix;
  return { id: newId(context.now), number, key: `${prefix}-${number}` };
}

async function withKnownParties({ directory }: HandOffWork, decision: Decision): Promise<Decision | Refusal> {
  const { account, issuer, owner } = decision.ticket;
  for (const party of [issuer, owner]) {
    if (party !== null && !(await directory.hasParty(account, party))) return unknownPartyRefusal(party);
  }
  return decision;
}

/** The orders as they came out; one whose child has a unique key that is taken is refused. */
async function write(work: HandOffWork, orders: readonly Order[]): Promise<Order[]> {
  const { tx, account } = work;
  const decisions = orders.map(({ outcome }) => outcome).filter((outcome) => outcome.ok);
  const items = decisions.map((decision) => ({ decision, idempotency: null }));
  const written = await attemptPiece(work, (part) => commit(part, account, items));
  const result: Order[] = [];
  for (const order of orders) {
    const { outcome } = order;
    if (!outcome.ok || written?.[decisions.indexOf(outcome)]) {
      result.push(order);
      continue;
    }
    const { kind, uniqueKey } = outcome.ticket;
    const holder = written && uniqueKey !== null && (await loadByUniqueKey(tx, account, kind, uniqueKey));
    const refusal = holder ? duplicateRefusal(holder) : refuse(written ? 'duplicate' : 'internalError');
    result.push({ ...order, outcome: refusal });
  }
  return result;
}
