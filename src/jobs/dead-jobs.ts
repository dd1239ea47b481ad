import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { inTransaction, type Sql } from '../store/database.ts';
import { didApply, libraryHandle } from './library.ts';
import { deadQueueOf, type StoredDeadJob } from './stored-job.ts';

/** A job that was given up. */
export interface DeadJob {
  readonly id: string;
  readonly key: string;
  readonly data: unknown;
  readonly attempts: number;
  /** What the last attempt came to. */
  readonly error: string;
  readonly firstAttemptAt: Date;
  readonly givenUpAt: Date;
}

/** The account's jobs of a queue that were given up, oldest first. */
export async function listDeadJobs(
  boss: PgBoss,
  queue: string,
  account: string,
  limit: number,
): Promise<DeadJob[]> {
  const jobs = await boss.findJobs<StoredDeadJob>(deadQueueOf(queue), { data: { account }, limit });
  return jobs.map(toDeadJob);
}

function toDeadJob({ id, singletonKey, data, createdOn }: JobWithMetadata<StoredDeadJob>): DeadJob {
  const { attempts, error, firstAttemptAt } = data;
  return {
    id,
    key: singletonKey ?? id,
    data: data.data,
    attempts,
    error,
    firstAttemptAt: new Date(firstAttemptAt ?? createdOn),
    givenUpAt: createdOn,
  };
}

/**
 * Puts a job that was given up at the end of its key's line, with all its attempts before it.
 * @returns false where the account has no such job
 */
export async function reviveDeadJob(
  boss: PgBoss,
  sql: Sql,
  queue: string,
  account: string,
  id: string,
): Promise<boolean> {
  return inTransaction(sql, async (tx) => {
    const options = { db: libraryHandle(tx) };
    const dead = deadQueueOf(queue);
    const [job] = await boss.findJobs<StoredDeadJob>(dead, { id, data: { account }, ...options });
    if (!job || !didApply(await boss.deleteJob(dead, id, options))) return false;
    const data = { account, data: job.data.data };
    await boss.insert(
      queue,
      [{ id, data, ...(job.singletonKey && { singletonKey: job.singletonKey }) }],
      options,
    );
    return true;
  });
}
