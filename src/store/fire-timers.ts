import type { Logger } from 'pino';
import type { Catalogue } from '../core/collection.ts';
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
import { claimDueTimers, type DueTimer, dropTimers, postponeTimer, retryDelayMs } from './timers.ts';

/** Timers that one transaction fires at most. */
const CLAIMED = 200;

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
 * the commit: then the next node finds it due. One that cannot be fired is put off, with the reason, and holds up no
 * other.
 * @returns how many timers were taken; 0 means that none is left, or that other nodes have them
 */
export async function fireDueTimers(parts: FireParts, account: string): Promise<number> {
  try {
    return await fireGroup(parts, account, CLAIMED);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    parts.log.error({ err: error, account }, 'a group of timers failed; firing them one by one');
    let taken = 0;
    while (taken < CLAIMED && (await fireOne(parts, account)) > 0) taken += 1;
    return taken;
  }
}

async function fireOne(parts: FireParts, account: string): Promise<number> {
  const claimed: DueTimer[] = [];
  try {
    return await fireGroup(parts, account, 1, (timers) => claimed.push(...timers));
  } catch (error) {
    const [timer] = claimed;
    if (isUnavailable(error) || !timer) throw error;
    await putOff(parts, parts.sql, timer, error);
    return 1;
  }
}

async function fireGroup(
  parts: FireParts,
  account: string,
  limit: number,
  onClaimed: (timers: readonly DueTimer[]) => void = () => {},
): Promise<number> {
  const { settings, catalogue } = await parts.directory.account(account);
  const now = parts.clock.now();
  const { taken, fired } = await inTransaction(parts.sql, async (tx) => {
    const due = await claimDueTimers(tx, account, [...parts.kinds.keys()], now, limit);
    onClaimed(due);
    const fires: { timer: DueTimer; decision: Decision }[] = [];
    const settled: string[] = [];
    for (const timer of due) {
      // One ticket's second timer waits for the next round: it has to be decided on what the first one leaves.
      if (fires.some((other) => other.timer.ticket.id === timer.ticket.id)) continue;
      const firing = decideFiring(parts, timer, now, settings, catalogue);
      if (firing === null) settled.push(timer.id);
      else if ('fault' in firing) await putOff(parts, tx, timer, firing.fault);
      else fires.push({ timer, decision: firing });
    }
    const items = fires.map(({ decision }) => ({ decision, idempotency: null }));
    const written = items.length > 0 ? await commit(tx, account, items) : [];
    await dropTimers(tx, account, settled);
    return { taken: due.length, fired: fires.filter((_, index) => written[index]) };
  });
  for (const { timer, decision } of fired) {
    parts.onCommit(decision);
    parts.onFired(parts.clock.now().getTime() - timer.dueAt.getTime());
  }
  return taken;
}

/** What the timer does to its ticket; null where the ticket has moved on and nothing is left to do. */
function decideFiring(
  { kinds }: FireParts,
  { id, name, ticket }: DueTimer,
  now: Date,
  settings: Settings,
  catalogue: Catalogue,
): Decision | { readonly fault: unknown } | null {
  if (ticket.timers[name]?.id !== id) return null;
  const kind = kinds.get(ticket.kind);
  const fires = kind?.workflow.timers[name]?.fires;
  if (!kind || !fires) return { fault: `No workflow has a timer ${name} for ${ticket.kind}.` };
  const command = { type: 'transition', name: fires, input: {} } as const;
  try {
    const actor = systemActor(ticket.account);
    const decision = decide(kind, ticket, command, { actor, now, settings, catalogue, contract: 'timer' });
    return decision.ok ? decision : { fault: `${decision.code}: ${decision.message}` };
  } catch (error) {
    return { fault: error };
  }
}

async function putOff(parts: FireParts, sql: Sql, timer: DueTimer, fault: unknown): Promise<void> {
  const { id, ticket, attempts } = timer;
  const delayMs = retryDelayMs(attempts);
  const until = new Date(parts.clock.now().getTime() + delayMs);
  const message = fault instanceof Error ? fault.message : String(fault);
  await postponeTimer(sql, ticket.account, id, until, message.slice(0, 500));
  const about = { err: fault, account: ticket.account, ticket: ticket.key, timer: id, delayMs };
  parts.log.error(about, 'a timer could not be fired; trying it later');
}
