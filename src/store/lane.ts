import postgres from 'postgres';
import { ConnectionError, isUnavailable } from './failure.ts';
import type { Rows } from './statement.ts';

const CONNECT_WITHIN_MS = 5_000;

/** What the driver is told of types and session settings. */
export type DriverOptions = postgres.Options<Record<string, postgres.PostgresType>>;

/** One connection, for one statement at a time. When it is lost it stays lost: there is no reconnecting. */
export interface Lane {
  readonly isOpen: () => boolean;
  /** @param ask sends one statement over the driver's handle of this connection */
  run(ask: (connection: postgres.Sql) => PromiseLike<Rows>): Promise<Rows>;
  /** Ends the connection and what may still run on it. */
  end(): Promise<void>;
}

/**
 * Connects. The driver is used for a single connection and thrown away with it, for it does not survive the loss of one
 * (postgres 3.4.9): a statement that it sends in the moment of the loss leaves the next connection without a greeting
 * until its time limit, a transaction that goes on writes to a socket that is no more and ends the process or finds
 * itself outside of a transaction, and a reset connection may leave a statement without an answer. And what it is given
 * between the last error of a connection and its end makes it connect anew, to a connection that nobody ever ends.
 * @param onLost called once, when an open connection has ended
 * @throws the driver's error, or ConnectionError where the server stays silent
 */
export async function openLane(url: string, options: DriverOptions, onLost: () => void): Promise<Lane> {
  let state: 'connecting' | 'open' | 'lost' = 'connecting';
  let giveUp: ((error: Error) => void) | null = null;
  const sql = postgres(url, {
    ...options,
    max: 1,
    max_lifetime: null,
    onclose() {
      // The driver's own error, where it has one, comes first.
      if (giveUp) setImmediate(giveUp, new ConnectionError('The connection ended.'));
      lose();
    },
  });
  const lose = () => {
    const wasOpen = state === 'open';
    state = 'lost';
    if (wasOpen) onLost();
  };
  const end = () => sql.end({ timeout: 1 });
  const silence = Promise.withResolvers<never>();
  const limit = setTimeout(
    () => silence.reject(new ConnectionError('The database server does not answer.')),
    CONNECT_WITHIN_MS,
  );
  try {
    await Promise.race([sql`select`, silence.promise]);
  } catch (error) {
    // Not waited for: a server that says nothing does not say goodbye either.
    void sql.end({ timeout: 0 });
    throw error;
  } finally {
    clearTimeout(limit);
  }
  state = 'open';
  return {
    isOpen: () => state === 'open',
    run(ask) {
      if (state !== 'open') return Promise.reject(new ConnectionError('The connection ended.'));
      return new Promise((resolve, reject) => {
        giveUp = reject;
        ask(sql).then(resolve, (error: unknown) => {
          if (isUnavailable(error)) {
            lose();
            void end();
          }
          reject(error);
        });
      });
    },
    end() {
      state = 'lost';
      return end();
    },
  };
}
