import type { Sql } from '../store/database.ts';

/** A job as its handler gets it. */
export interface RunningJob<Data> {
  readonly id: string;
  readonly account: string;
  /** Jobs of one key run one after the other, in the order in which they were enqueued. */
  readonly key: string;
  readonly data: Data;
  /** 1 for the first attempt. An attempt that a crash cut short counts. */
  readonly attempt: number;
  readonly firstAttemptAt: Date;
  /** Aborted when the attempt has taken too long, or the server stops and cannot wait any longer. */
  readonly signal: AbortSignal;
}

/** What becomes of a job whose attempt failed: when it is tried again, or null where it is given up. */
export interface Fate {
  readonly retryAt: Date | null;
}

/**
 * What an attempt came to. `record` runs in the transaction that settles the job, so that what it writes is written
 * once, and only if the attempt still counts.
 */
export type Outcome =
  | { readonly done: true; readonly record?: (tx: Sql) => Promise<void> }
  | {
      readonly done: false;
      /** A sentence for the operator. */
      readonly error: string;
      /** The next attempt comes at this moment, or never (null); by the queue's schedule when absent. */
      readonly retryAt?: Date | null;
      /** The other side asked not to be asked before (`Retry-After`). */
      readonly notBefore?: Date;
      readonly record?: (tx: Sql, fate: Fate) => Promise<void>;
    };

/** A sort of job, and what does it. */
export interface JobQueue<Data = unknown> {
  /** Letters, digits, `-` and `_`. It names the jobs in the database: never change it. */
  readonly name: string;
  /** When each attempt is due, in milliseconds after the first one; the first entry is 0. */
  readonly scheduleMs: readonly number[];
  /** An attempt that takes longer is aborted, and tried again when the database has noticed (within a minute). */
  readonly attemptWithinSeconds: number;
  /** Jobs that a node runs at the same time. */
  readonly together: number;
  /** Jobs of one group that all nodes run at the same time; a slow receiver then holds up no other. */
  readonly togetherInGroup?: number;
  /** Does one attempt. What it throws is a failed attempt. */
  handle(job: RunningJob<Data>): Promise<Outcome>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of queues has jobs of every shape, each known to its own handler
export type AnyJobQueue = JobQueue<any>;
