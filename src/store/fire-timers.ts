import type { Logger } from 'pino';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { KindRegistry } from '../core/kind.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Settings } from '../kernel/settings.ts';
import { commit } from './commit.ts';
import { inTransaction, type Sql } from './database.ts';
import type { Directory } from './directory.ts';
import { isUnavailable } from './failure.ts';
import { claimDueTimers, type DueTimer, dropTimers, postponeTimer } from './timers.ts';

/** Timers that one transaction fires at most. */
const CLAIMED = 200;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 3_600_000;

export interface FireParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly directory: Directory;
  readonly log: Logger;
  readonly onCommit: (decision: Decision) => void;
  readonly onFired: (latenessMs: number) => void;
}

/**
 * Fires the account's due timers: each is a command of the system through decide and commit, in the transaction that
 * holds the timer's row. So a timer fires once, even when two nodes race, and not at all when the process dies before
 * the commit: then the next node finds it due.
 * @returns how many timers were taken; fewer than asked for means that none is left
 */
export async function fireDueTimers(parts: FireParts, account: string): Promise<number> {
  try {
    return await fireGroup(parts, account, CLAIMED);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    parts.log.error({ err: error, account }, 'a group of timers failed; firing them one by one');
    return fireGroup(parts, account, 1).catch((fault: unknown) => postponeFirst(parts, account, fault));
  }
}

async function fireGroup(parts: FireParts, account: string, limit: number): Promise<number> {
  const { settings } = await parts.directory.account(account);
  const now = parts.clock.now();
  const { taken, written } = await inTransaction(parts.sql, async (tx) => {
    const due = await claimDueTimers(tx, account, [...parts.kinds.keys()], now, limit);
    const decisions: { timer: DueTimer; decision: Decision }[] = [];
    const settled: string[] = [];
    for (const timer of due) {
      const decision = decideFiring(parts, timer, now, settings);
      // One ticket's second timer waits for the next round: it has to be decided on what the first one leaves.
      if (decisions.some((other) => other.timer.ticket.id === timer.ticket.id)) continue;
      if (decision) decisions.push({ timer, decision });
      else settled.push(timer.id);
    }
    if (decisions.length > 0) {
      const items = decisions.map(({ decision }) => ({ decision, idempotency: null }));
      await commit(tx, account, items);
    }
    await dropTimers(tx, account, settled);
    return { taken: due.length, written: decisions };
  });
  for (const { timer, decision } of written) {
    parts.onCommit(decision);
    parts.onFired(now.getTime() - timer.dueAt.getTime());
  }
  return taken;
}

/** What the timer does to its ticket; null where the ticket has moved on and nothing is left to do. */
function decideFiring(parts: FireParts, timer: DueTimer, now: Date, settings: Settings): Decision | null {
  const { ticket } = timer;
  const kind = parts.kinds.get(ticket.kind);
  const fires = kind?.workflow.timers[timer.name]?.fires;
  if (!kind || !fires || ticket.timers[timer.name]?.id !== timer.id) return null;
  const command = { type: 'transition', name: fires, input: {} } as const;
  const actor = systemActor(ticket.account);
  const decision = decide(kind, ticket, command, { actor, now, settings, contract: 'timer' });
  return decision.ok ? decision : null;
}

async function postponeFirst(parts: FireParts, account: string, fault: unknown): Promise<number> {
  if (isUnavailable(fault)) throw fault;
  const now = parts.clock.now();
  const rows = await parts.sql<{ id: string; attempts: number }[]>`
    select id, attempts from timer where account = ${account} and due_at <= ${now} order by due_at, id limit 1`;
  const [timer] = rows;
  if (!timer) return 0;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** timer.attempts, LONGEST_DELAY_MS);
  const message = fault instanceof Error ? fault.message : String(fault);
  await postponeTimer(parts.sql, account, timer.id, new Date(now.getTime() + delayMs), message.slice(0, 500));
  parts.log.error(
    { err: fault, account, timer: timer.id, delayMs },
    'a timer could not be fired; trying it later',
  );
  return 1;
}
