import type { Jobs } from '../jobs/jobs.ts';
import type { Sql } from '../store/database.ts';
import { findHeardEvent } from '../store/heard-events.ts';
import type { Store } from '../store/store.ts';
import type { Courier, TestResult } from './courier.ts';
import { DELIVERY_QUEUE, lineKey } from './deliver.ts';
import { insertDeliveries, listWaiting } from './deliveries.ts';
import type { Delivery } from './delivery.ts';
import { mayHear } from './hearing.ts';
import { enqueueLines, findLag, readLogForTargets } from './read-log.ts';
import { rewind } from './rewind.ts';
import type { Target } from './target.ts';
import { updateTarget } from './targets.ts';

/** What is done with targets and deliveries beyond reading and writing them. Call `wake` after a transaction with these. */
export interface Webhooks {
  /** One step through an account's log for all its targets; 0 when they have caught up. */
  readLog(account: string): Promise<number>;
  /** Whether anybody was to be told of the account's events when its log was looked at last. */
  tells(account: string): boolean;
  /** Lets a target that was paused or turned off go on: what waits is sent, then what happened meanwhile. */
  resume(tx: Sql, target: Target): Promise<Target>;
  /**
   * Has all that happened since a moment told again, in the order of the log, also what was before the target was made. What
   * of it waits already is not told twice.
   */
  replaySince(tx: Sql, target: Target, since: Date): Promise<void>;
  /** Puts a copy of a delivery at the end of its ticket's line; null where its event is gone. */
  replay(tx: Sql, target: Target, delivery: Delivery): Promise<Delivery | null>;
  /** Moves the next attempt at what is first in these tickets' lines to now. */
  hurry(tx: Sql, target: Target, tickets: readonly string[]): Promise<void>;
  test(target: Target): Promise<TestResult>;
  /** Looks for deliveries at once. */
  wake(): void;
}

export function createWebhooks(
  { sql, clock, log }: Pick<Store, 'sql' | 'clock' | 'log'>,
  jobs: Jobs,
  { formats, test }: Courier,
): Webhooks {
  const parts = { sql, clock, log, jobs, formats };
  const told = new Set<string>();
  const hurry: Webhooks['hurry'] = (tx, { account, id: webhook }, tickets) => {
    const keys = [...new Set(tickets)].map((ticket) => lineKey(account, { webhook, ticket }));
    return jobs.hurry(tx, DELIVERY_QUEUE, keys);
  };
  return {
    test,
    hurry,
    wake: () => jobs.wake(DELIVERY_QUEUE),
    tells: (account) => told.has(account),
    async readLog(account) {
      const { hasTargets, isBehind } = await findLag(parts, account);
      if (hasTargets) told.add(account);
      else told.delete(account);
      return isBehind ? readLogForTargets(parts, account) : 0;
    },
    async resume(tx, target) {
      const { account, id: webhook } = target;
      const waiting = await listWaiting(tx, account, webhook);
      const lines = waiting.map((ticket) => ({ webhook, ticket }));
      await enqueueLines(tx, jobs, account, lines);
      await hurry(tx, target, waiting);
      return updateTarget(tx, target, { status: 'active', statusReason: null }, clock.now());
    },
    async replaySince(tx, target, since) {
      await hurry(tx, target, await rewind(tx, target, since));
    },
    async replay(tx, target, { account, webhook, ticket, ticketKey, position, payload }) {
      const event = await findHeardEvent(tx, account, position);
      if (!event || !mayHear(event, target)) return null;
      const copy = { webhook, ticket, ticketKey, position, payload };
      const [delivery] = await insertDeliveries(tx, account, [copy], clock.now());
      await enqueueLines(tx, jobs, account, [copy]);
      return delivery ?? null;
    },
  };
}
