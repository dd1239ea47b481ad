import { setTimeout as pause } from 'node:timers/promises';
import type { Ticket } from '../core/ticket.ts';
import { commit } from './commit.ts';
import { inTransaction, type Sql, takeTurn } from './database.ts';
import { isCollision, isUniqueViolation } from './failure.ts';
import { lockIfFree } from './load.ts';
import type { Plan } from './plan-change.ts';

/** Between two looks at a ticket that somebody holds: at first, and at most. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** What became of a decision: `taken` where a unique key, or the idempotency key, is another ticket's. */
export type Fate = 'written' | 'overtaken' | 'taken';

/**
 * Decides and writes a change while the ticket is held, so that nobody can overtake it. Those who want this for the
 * same ticket, on any node, do it one after the other; without that, two nodes fall into a rhythm in which one of them
 * always comes too late.
 * @param plan what to do on the ticket as it is now, null where it is gone
 * @returns null where the ticket was changed in the moment when it was taken: another turn is needed
 */
export async function changeInTurn(
  sql: Sql,
  { account, id }: Pick<Ticket, 'account' | 'id'>,
  plan: (ticket: Ticket | null) => Plan,
): Promise<{ readonly plan: Plan; readonly fate: Fate } | null> {
  let planned: Plan | null = null;
  try {
    const fate = await inTransaction(sql, async (tx) => {
      await takeTurn(tx, `ticket ${id}`, account);
      planned = plan(await hold(tx, account, id));
      const [isWritten] = planned.item ? await commit(tx, account, [planned.item]) : [];
      return isWritten ? 'written' : 'overtaken';
    });
    return planned && { plan: planned, fate };
  } catch (error) {
    if (planned && isUniqueViolation(error)) return { plan: planned, fate: 'taken' };
    if (isCollision(error)) return null;
    throw error;
  }
}

/**
 * The ticket, held until the transaction ends. It is not waited for inside PostgreSQL: who waits there has a
 * transaction id already, and would come in the log before the change that it waited for (see OvertakenError).
 */
async function hold(tx: Sql, account: string, id: string): Promise<Ticket | null> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const found = await lockIfFree(tx, account, id);
    if (found !== 'held') return found;
    await pause(pauseMs);
  }
}
