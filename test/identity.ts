import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { createIdentity, type Identity, type IdentityOptions } from '../src/identity/index.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { ensureAccount } from '../src/store/accounts.ts';
import { openDatabase, type Sql } from '../src/store/database.ts';
import type { TestDatabase } from './database.ts';

/** A clock that stands still until it is moved. It starts at the present second. */
export interface MovableClock extends Clock {
  move(ms: number): void;
}

export function movableClock(): MovableClock {
  let now = Math.floor(Date.now() / 1000) * 1000;
  return {
    now: () => new Date(now),
    move(ms) {
      now += ms;
    },
  };
}

export interface TestIdentity {
  readonly sql: Sql;
  readonly clock: MovableClock;
  /** A node's identity over the test's database; closed at the end of the file. */
  node(options?: Partial<IdentityOptions>): Identity;
}

/** Opens the database of the test file with the accounts `default` and `other`. Call it once, after useDatabase. */
export function useIdentity(database: TestDatabase): TestIdentity {
  const clock = movableClock();
  const nodes: Identity[] = [];
  let sql: Sql | undefined;
  const opened = (): Sql => {
    if (sql === undefined) throw new Error('The database is open from the first test on.');
    return sql;
  };

  beforeAll(async () => {
    sql = openDatabase({ url: database.url, connections: 4 });
    for (const key of ['default', 'other']) {
      await ensureAccount(sql, { key, name: `Account ${key}`, ticketPrefix: 'RED', timeZone: 'UTC' });
    }
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await sql?.end();
  });

  return {
    get sql() {
      return opened();
    },
    clock,
    node(options = {}) {
      const log = pino({ level: 'silent' });
      const node = createIdentity({ sql: opened(), url: database.url, clock, log, ...options });
      nodes.push(node);
      return node;
    },
  };
}
