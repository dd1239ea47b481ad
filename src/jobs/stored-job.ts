import type { JobWithMetadata } from 'pg-boss';

/** What is kept of a job in the library's table. */
export interface StoredJob {
  readonly account: string;
  readonly data: unknown;
  /** ISO 8601; absent before the first attempt has failed. */
  readonly firstAttemptAt?: string;
}

/** A job that was given up, in the queue of such jobs. */
export interface StoredDeadJob extends StoredJob {
  readonly attempts: number;
  readonly error: string;
}

export type FetchedJob = JobWithMetadata<StoredJob>;

/** The queue that keeps what another queue gave up. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}
