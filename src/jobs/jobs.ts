import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import { newIds } from '../kernel/id.ts';
import type { Sql } from '../store/database.ts';
import { type DeadJob, listDeadJobs, reviveDeadJob } from './dead-jobs.ts';
import { createLibrary, libraryHandle } from './library.ts';
import type { AnyJobQueue } from './queue.ts';
import { type Runner, startRunner } from './runner.ts';
import { deadQueueOf, type StoredJob } from './stored-job.ts';

/** A job to be done. */
export interface NewJob {
  readonly account: string;
  /** Jobs of one key run in the order in which they were enqueued, one at a time. */
  readonly key: string;
  /** What shares the queue's limit `togetherInGroup`, such as one receiver. */
  readonly group?: string;
  /** What the handler has to know, as JSON. Ids rather than contents: it stays until the job is done. */
  readonly data: unknown;
}

/** Durable jobs, on the database of the product. */
export interface Jobs {
  /**
   * Enqueues as a part of the caller's transaction: the jobs are there if it is committed, once. Call `wake` afterwards.
   *
   * Order among transactions is that of their beginnings. A reader of the log that finds its position before it begins
   * the transaction, and does nothing where it has moved meanwhile, enqueues in the order of the log.
   */
  enqueue(tx: Sql, queue: string, jobs: readonly NewJob[]): Promise<void>;
  /** Looks at once for jobs that this node enqueued. */
  wake(queue: string): void;
  /** Moves the next attempt at the first of each key's jobs to now. Call `wake` after the transaction. */
  hurry(tx: Sql, queue: string, keys: readonly string[]): Promise<void>;
  /** The account's jobs that were given up, oldest first. */
  listDead(queue: string, account: string, limit: number): Promise<DeadJob[]>;
  /** Has a job that was given up done after all; false where the account has none with this id. */
  revive(queue: string, account: string, id: string): Promise<boolean>;
  /** Runs the jobs of these queues on this node as well, from now on. */
  run(queues: readonly AnyJobQueue[]): void;
  /** Ends within 10 s; what is enqueued afterwards waits for another node, or the next start. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Logger;
  /** All queues that anybody of this node enqueues to. */
  readonly queues: readonly Pick<AnyJobQueue, 'name' | 'attemptWithinSeconds'>[];
  /** Whether this node looks after jobs that others lost. */
  readonly upkeep: boolean;
}

const DAY_S = 86_400;
/** A job may wait behind others of its key, each of which takes a day to be given up. */
const WAITS_AT_MOST_S = 90 * DAY_S;
const DEAD_KEPT_S = 365 * DAY_S;
/** The schedule ends a job's attempts; the library itself never does. */
const NO_LIMIT = 1_000_000;

/** Opens the jobs of this node: makes the library's tables where they are not there yet, and the queues. */
export async function openJobs({ sql, clock, log, queues, upkeep }: JobsOptions): Promise<Jobs> {
  const boss = createLibrary({ sql, log, upkeep });
  const runners = new Map<string, Runner>();
  try {
    await boss.start();
    for (const queue of queues) await makeQueue(boss, queue);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }

  const wake = (queue: string) => runners.get(queue)?.wake();
  let ending: Promise<void> | null = null;
  async function end(): Promise<void> {
    await Promise.all([...runners.values()].map((runner) => runner.stop()));
    await boss.stop({ graceful: false });
  }
  return {
    wake,
    async enqueue(tx, queue, jobs) {
      if (jobs.length === 0) return;
      const ids = newIds(jobs.length, clock.now());
      const rows = jobs.map(({ account, key, group, data }, index) => {
        const stored: StoredJob = { account, data };
        const id = ids[index] as string;
        return { id, data: stored, singletonKey: key, ...(group && { group: { id: group } }) };
      });
      await boss.insert(queue, rows, { db: libraryHandle(tx) });
    },
    async hurry(tx, queue, keys) {
      const options = { match: 'all', startAfter: 0, db: libraryHandle(tx) } as const;
      for (const singletonKey of keys) await boss.update(queue, undefined, { ...options, singletonKey });
    },
    listDead: (queue, account, limit) => listDeadJobs(boss, queue, account, limit),
    async revive(queue, account, id) {
      const revived = await reviveDeadJob(boss, sql, queue, account, id);
      if (revived) wake(queue);
      return revived;
    },
    run(added) {
      for (const queue of added) runners.set(queue.name, startRunner({ boss, sql, clock, log }, queue));
    },
    stop() {
      ending ??= end();
      return ending;
    },
  };
}

/** Queues are made once; what is new in a later version is written over. */
async function makeQueue(
  boss: PgBoss,
  { name, attemptWithinSeconds }: Pick<AnyJobQueue, 'name' | 'attemptWithinSeconds'>,
): Promise<void> {
  const settings = {
    expireInSeconds: attemptWithinSeconds + 10,
    retentionSeconds: WAITS_AT_MOST_S,
    retryLimit: NO_LIMIT,
    retryDelay: 1,
  };
  await boss.createQueue(name, { ...settings, policy: 'key_strict_fifo' });
  await boss.updateQueue(name, settings);
  await boss.createQueue(deadQueueOf(name), { policy: 'standard', retentionSeconds: DEAD_KEPT_S });
}
