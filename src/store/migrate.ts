import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { openDatabase, type Sql } from './database.ts';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/** What stands between the database and this version of the product. */
export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied, but not known here: the database was used by a newer version. */
  readonly unknown: readonly string[];
}

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Reads how far the database is. */
export async function migrationState(sql: Sql): Promise<MigrationState> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const known = files.map((name) => name.slice(0, -'.sql'.length));
  const [{ exists }] = await sql<[{ exists: boolean }]>`
    select to_regclass('tessera_migrations.applied') is not null as exists`;
  const rows = exists
    ? await sql<{ name: string }[]>`select name from tessera_migrations.applied order by id`
    : [];
  const applied = rows.map(({ name }) => name);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/**
 * Brings the database up to date: all pending files in one transaction, under an advisory lock, so that several nodes
 * may start at once.
 * @returns the names of the files applied now
 * @throws MigrationError when the database belongs to a newer version
 */
export async function migrate(url: string, log: Logger): Promise<string[]> {
  const sql = openDatabase({ url, connections: 1, name: 'tessera migrate' });
  const state = await migrationState(sql).finally(() => sql.end());
  if (state.unknown.length > 0) {
    throw new MigrationError(
      `The database was used by a newer version of Tessera (${state.unknown.join(', ')}). Start that version, or restore a backup made by this one.`,
    );
  }
  if (state.pending.length === 0) return [];
  // Loaded only when there is work: it costs a tenth of a second.
  const { runner } = await import('node-pg-migrate');
  const quiet = (message: string) => log.debug(message);
  const done = await runner({
    databaseUrl: url,
    dir: FOLDER,
    direction: 'up',
    migrationsTable: 'applied',
    migrationsSchema: 'tessera_migrations',
    createMigrationsSchema: true,
    advisoryLockMode: 'wait',
    logger: {
      debug: quiet,
      info: quiet,
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  return done.map(({ name }) => name);
}
