import { ConnectionError, namedFault, UnavailableError } from './failure.ts';
import { type DriverOptions, type Lane, openLane } from './lane.ts';

/** So long a statement waits for a connection: longer than a restart of the database usually takes. */
const WAIT_AT_MOST_MS = 5_000;
/** When the database has been away for this long, work that comes now waits less. */
const LONG_AWAY_MS = 4_000;
const WAIT_IN_VAIN_MS = 1_000;
/** Between two attempts to connect while the database is away. */
const RETRY_AFTER_MS = 100;

interface Waiting {
  readonly take: (lane: Lane) => void;
  readonly fail: (error: unknown) => void;
  readonly limit: NodeJS.Timeout;
}

/** Connections that are made when needed and kept. */
export interface Pool {
  /**
   * Lends a connection to `work`. Work that finds none free waits in line.
   * @throws UnavailableError where none came in time, or the one that was lent was lost
   */
  lend<T>(work: (lane: Lane) => Promise<T>): Promise<T>;
  /** Takes no more work and waits for what runs, at most so many seconds. */
  end(options?: { timeout?: number }): Promise<void>;
}

/**
 * While the database is away, work waits a few seconds for it, since nothing of it has been sent yet; work that was
 * sent when the connection broke fails at once, for nobody knows what became of it. A pool that never reached the
 * database does not wait: its address is more likely wrong.
 */
export function createPool(url: string, most: number, options: DriverOptions): Pool {
  const waiting: Waiting[] = [];
  const lanes = new Set<Lane>();
  const idle: Lane[] = [];
  let connecting = 0;
  let reached = false;
  let failure: unknown = null;
  let awaySince: NodeJS.Timeout | null = null;
  let isLongAway = false;
  let pausing = false;
  let ending: Promise<void> | null = null;
  let drained: (() => void) | null = null;

  function wait(): Promise<Lane> {
    if (ending) return Promise.reject(new ConnectionError('The pool has ended.'));
    return new Promise((take, fail) => {
      const limit = setTimeout(
        () => {
          waiting.splice(waiting.indexOf(entry), 1);
          fail(new UnavailableError(failure ?? 'All connections to the database were busy for too long.'));
        },
        isLongAway ? WAIT_IN_VAIN_MS : WAIT_AT_MOST_MS,
      );
      const entry: Waiting = { take, fail, limit };
      waiting.push(entry);
      connect();
    });
  }

  function release(lane: Lane): void {
    if (!lane.isOpen()) {
      forget(lane);
      return;
    }
    const next = waiting.shift();
    if (next) {
      clearTimeout(next.limit);
      next.take(lane);
      return;
    }
    idle.push(lane);
    if (idle.length === lanes.size) drained?.();
  }

  /** Opens as many connections as are waited for; while they fail, one attempt at a time. */
  function connect(): void {
    while (!ending && !pausing && waiting.length > connecting && lanes.size + connecting < most) {
      if (failure !== null && connecting > 0) return;
      connecting += 1;
      void openOne();
    }
  }

  async function openOne(): Promise<void> {
    try {
      const lane: Lane = await openLane(url, options, () => forget(lane));
      connecting -= 1;
      reached = true;
      noteReturn();
      if (ending) {
        await lane.end();
        return;
      }
      lanes.add(lane);
      release(lane);
      connect();
    } catch (error) {
      connecting -= 1;
      noteFailure(error);
      if (!reached) failAll(error);
      pausing = true;
      setTimeout(() => {
        pausing = false;
        connect();
      }, RETRY_AFTER_MS);
    }
  }

  function noteFailure(error: unknown): void {
    failure = error;
    awaySince ??= setTimeout(() => {
      isLongAway = true;
    }, LONG_AWAY_MS).unref();
  }

  function noteReturn(): void {
    failure = null;
    isLongAway = false;
    if (awaySince) clearTimeout(awaySince);
    awaySince = null;
  }

  function forget(lane: Lane): void {
    lanes.delete(lane);
    const at = idle.indexOf(lane);
    if (at !== -1) idle.splice(at, 1);
    if (idle.length === lanes.size) drained?.();
    connect();
  }

  function failAll(error: unknown): void {
    for (const { fail, limit } of waiting.splice(0)) {
      clearTimeout(limit);
      fail(error);
    }
  }

  async function endAll(timeout: number): Promise<void> {
    failAll(new ConnectionError('The pool has ended.'));
    noteReturn();
    if (idle.length < lanes.size) {
      const quiet = Promise.withResolvers<void>();
      drained = quiet.resolve;
      const limit = setTimeout(quiet.resolve, Math.min(timeout * 1000, 2 ** 31 - 1));
      await quiet.promise;
      clearTimeout(limit);
    }
    await Promise.all([...lanes].map((lane) => lane.end()));
  }

  return {
    async lend(work) {
      let lane: Lane | undefined;
      try {
        lane = (ending ? undefined : idle.pop()) ?? (await wait());
        return await work(lane);
      } catch (error) {
        throw namedFault(error);
      } finally {
        if (lane) release(lane);
      }
    },
    end({ timeout = Number.POSITIVE_INFINITY } = {}) {
      ending ??= Promise.resolve().then(() => endAll(timeout));
      return ending;
    },
  };
}
