import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { EmbeddedError } from './error.ts';
import type { Session } from './locks.ts';

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [100, 5_000];

export interface Supervisor {
  /** Ends the watch. Returns the session that is held at that moment, null if PostgreSQL is down. */
  stop(): Promise<Session | null>;
}

/**
 * Watches the connection that holds our locks. It ends with PostgreSQL (or when one of its processes crashes, which ends
 * all connections): then PostgreSQL is found or started again and the locks are taken again, until `stop`.
 */
export function supervise(
  first: Session,
  rejoin: (signal: AbortSignal) => Promise<Session>,
  log: Logger,
): Supervisor {
  const stopping = new AbortController();
  const stopped = once(stopping.signal, 'abort');
  let session: Session | null = first;

  async function watch(): Promise<void> {
    while (session) {
      await Promise.race([session.closed, stopped]);
      if (stopping.signal.aborted) return;
      log.warn('the connection to PostgreSQL ended: it is looked for and, if need be, started again');
      await session.end();
      session = null;
      session = await comeBack();
    }
  }

  async function comeBack(): Promise<Session | null> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const back = await rejoin(stopping.signal);
        log.info('PostgreSQL runs again');
        return back;
      } catch (error) {
        if (stopping.signal.aborted) return null;
        const reason = error instanceof EmbeddedError ? { code: error.code } : { err: error };
        log.error(
          { ...reason, pauseMs },
          error instanceof Error ? error.message : 'PostgreSQL does not start',
        );
      }
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return null;
    }
  }

  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
      return session;
    },
  };
}
