import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import { databaseUrl, withConnection } from './postgres-server.ts';

export interface TestDatabase {
  /** Valid from the first `beforeAll` or test on. */
  readonly url: string;
}

/**
 * Gives the test file a database of its own. Call it once, at the top of the file: hooks at the end run in
 * reverse, so the database is looked at and dropped after the file has closed its own connections. The file fails
 * when it left one open.
 *
 * `migrated: false` gives an empty database, for tests of the migrations themselves.
 */
export function useDatabase({ migrated = true }: { migrated?: boolean } = {}): TestDatabase {
  const server = inject('databaseServer');
  const name = `tessera_test_${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    const template = migrated ? inject('databaseTemplate') : 'template1';
    await withConnection(server, (sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  });

  afterAll(async () => {
    const leaked = await withConnection(server, async (sql) => {
      const connections = await lastingConnections(sql, name);
      // Not `with (force)`: that needs a superuser while the server vacuums the database by itself. A plain drop ends
      // that, and waits for it.
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${name} and backend_type = 'client backend'`;
      await sql`drop database ${sql(name)}`;
      return connections;
    });
    if (leaked.length > 0) {
      throw new Error(`This file left ${leaked.length} database connection(s) open:\n${leaked.join('\n')}`);
    }
  });

  return { url: databaseUrl(server, name) };
}

/**
 * Names the connections that are still there after a moment. The server lists one until it has read the client's
 * goodbye, which is later than the client's own `end()`; a connection that is truly leaked stays.
 */
export async function lastingConnections(
  sql: postgres.Sql,
  database: string,
  patienceMs = 2_000,
): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const rows = await sql<{ name: string; state: string | null; query: string }[]>`
      select application_name as name, state, query from pg_stat_activity
      where datname = ${database} and backend_type = 'client backend'`;
    if (rows.length === 0 || waitedMs >= patienceMs) {
      return rows.map(
        ({ name, state, query }) => `${name || 'unnamed'}, ${state}: ${query.trim().slice(0, 200)}`,
      );
    }
    await wait(50);
  }
}
