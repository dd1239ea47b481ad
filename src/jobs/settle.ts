import type { PgBoss } from 'pg-boss';
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import { inTransaction, type Sql } from '../store/database.ts';
import { didApply, libraryHandle } from './library.ts';
import type { AnyJobQueue, Outcome } from './queue.ts';
import { nextAttemptAt } from './schedule.ts';
import { deadQueueOf, type FetchedJob, type StoredDeadJob } from './stored-job.ts';

/** The attempt does not count any more: it took too long, and the job was given to somebody else. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

export interface SettleParts {
  readonly boss: PgBoss;
  readonly sql: Sql;
  readonly clock: Clock;
}

/**
 * Writes down what came of an attempt, together with what the handler has to record.
 *
 * A job that is tried again is failed, which keeps those of its key behind it, and then its time is moved to the moment that
 * the schedule says: the library's own delays have no list of times. A job that is given up does not stay in the queue,
 * where it would hold its key for ever.
 * @throws ClaimLostError where the attempt does not count; then nothing is written
 */
export async function settle(
  { boss, sql, clock }: SettleParts,
  queue: AnyJobQueue,
  job: FetchedJob,
  firstAttemptAt: Date,
  outcome: Outcome,
): Promise<void> {
  await inTransaction(sql, async (tx) => {
    const options = { db: libraryHandle(tx) };
    const own = async (settled: Promise<object>) => {
      if (!didApply(await settled)) throw new ClaimLostError(`The attempt at job ${job.id} came too late.`);
    };
    if (outcome.done) {
      await own(boss.deleteJob(queue.name, job, options));
      await outcome.record?.(tx);
      return;
    }
    const retryAt = fateOf(queue, job, firstAttemptAt, clock.now(), outcome);
    if (retryAt === null) {
      await own(boss.deleteJob(queue.name, job, options));
      const data: StoredDeadJob = {
        ...job.data,
        firstAttemptAt: firstAttemptAt.toISOString(),
        attempts: job.retryCount + 1,
        error: outcome.error,
      };
      const dead = {
        id: newId(clock.now()),
        data,
        ...(job.singletonKey && { singletonKey: job.singletonKey }),
      };
      await boss.insert(deadQueueOf(queue.name), [dead], options);
    } else {
      await own(boss.fail(queue.name, job, { message: outcome.error }, options));
      const data = { ...job.data, firstAttemptAt: firstAttemptAt.toISOString() };
      await boss.update(queue.name, data, { id: job.id, startAfter: retryAt, ...options });
    }
    await outcome.record?.(tx, { retryAt });
  });
}

function fateOf(
  { scheduleMs }: AnyJobQueue,
  job: FetchedJob,
  firstAttemptAt: Date,
  now: Date,
  outcome: Extract<Outcome, { done: false }>,
): Date | null {
  if (outcome.retryAt !== undefined) return outcome.retryAt;
  return nextAttemptAt({
    scheduleMs,
    attempts: job.retryCount + 1,
    firstAttemptAt,
    now,
    notBefore: outcome.notBefore,
  });
}
