import type { Logger } from 'pino';
import { isUnavailable } from '../store/failure.ts';
import type { AnyJobQueue, Outcome } from './queue.ts';
import { ClaimLostError, type SettleParts, settle } from './settle.ts';
import type { FetchedJob, StoredJob } from './stored-job.ts';

/** Jobs that come due, or that another node enqueued, are noticed within this time. */
const LOOK_EVERY_MS = 1_000;
/** So long jobs that run may go on when the server stops, which has 10 s for all of it. */
const STOP_WAITS_MS = 7_000;

export interface RunnerParts extends SettleParts {
  readonly log: Logger;
}

/** Runs the jobs of one queue on this node. */
export interface Runner {
  /** Jobs were enqueued: they are looked for at once. */
  wake(): void;
  /** Takes no more jobs, waits some seconds for those that run, then aborts them; they are tried again elsewhere. */
  stop(): Promise<void>;
}

export function startRunner(parts: RunnerParts, queue: AnyJobQueue): Runner {
  const { boss, clock, log } = parts;
  const running = new Map<Promise<void>, AbortController>();
  let stopped = false;
  let woken = false;
  let rouse: (() => void) | null = null;

  function wake(): void {
    woken = true;
    rouse?.();
  }

  function rest(): Promise<void> {
    if (woken || stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const alarm = setTimeout(resolve, LOOK_EVERY_MS);
      rouse = () => {
        clearTimeout(alarm);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      const free = queue.together - running.size;
      if (free > 0) {
        try {
          const jobs = await take(free);
          for (const job of jobs) start(job);
          // A look gives less than there is where groups are at their limit.
          if (jobs.length > 0) continue;
        } catch (error) {
          log.warn({ err: error, queue: queue.name }, 'jobs could not be fetched; trying again');
          woken = false;
        }
      }
      await rest();
      rouse = null;
    }
  }

  async function take(most: number): Promise<FetchedJob[]> {
    const options = {
      batchSize: most,
      includeMetadata: true,
      ...(queue.togetherInGroup && { groupConcurrency: queue.togetherInGroup }),
    } as const;
    return boss.fetch<StoredJob>(queue.name, options);
  }

  function start(job: FetchedJob): void {
    const controller = new AbortController();
    const done = attempt(job, controller).finally(() => {
      running.delete(done);
      wake();
    });
    running.set(done, controller);
  }

  async function attempt(job: FetchedJob, controller: AbortController): Promise<void> {
    const limit = setTimeout(() => controller.abort(), queue.attemptWithinSeconds * 1000);
    const firstAttemptAt = new Date(job.data.firstAttemptAt ?? clock.now());
    try {
      let outcome = await handle(job, firstAttemptAt, controller.signal);
      // Cut short by us: the attempt says nothing about the other side, and comes again at once.
      if (stopped && controller.signal.aborted && !outcome.done) {
        outcome = { done: false, error: 'The server stopped.', retryAt: clock.now() };
      }
      await settle(parts, queue, job, firstAttemptAt, outcome);
    } catch (error) {
      // What is not settled is given to somebody again, when its time is over.
      const level = error instanceof ClaimLostError || isUnavailable(error) ? 'warn' : 'error';
      log[level]({ err: error, queue: queue.name, job: job.id }, 'what came of a job was not written');
    } finally {
      clearTimeout(limit);
    }
  }

  async function handle(job: FetchedJob, firstAttemptAt: Date, signal: AbortSignal): Promise<Outcome> {
    try {
      return await queue.handle({
        id: job.id,
        account: job.data.account,
        key: job.singletonKey ?? job.id,
        data: job.data.data,
        attempt: job.retryCount + 1,
        firstAttemptAt,
        signal,
      });
    } catch (error) {
      if (!isUnavailable(error)) log.error({ err: error, queue: queue.name, job: job.id }, 'a job failed');
      return { done: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  const loop = run();
  return {
    wake,
    async stop() {
      stopped = true;
      wake();
      await loop;
      const quiet = Promise.all(running.keys());
      const limit = setTimeout(() => {
        for (const controller of running.values()) controller.abort();
      }, STOP_WAITS_MS);
      await quiet;
      clearTimeout(limit);
    },
  };
}
