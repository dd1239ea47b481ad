import { readdir } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { silent } from '../../test/stores.ts';
import { openDatabase, type Sql } from './database.ts';
import { MigrationError, migrate, migrationState } from './migrate.ts';

const fresh = useDatabase({ migrated: false });
const contested = useDatabase({ migrated: false });
const newer = useDatabase();
const opened: Sql[] = [];
afterAll(async () => {
  for (const sql of opened) await sql.end();
});

function open({ url }: { url: string }): Sql {
  const sql = openDatabase({ url, connections: 1 });
  opened.push(sql);
  return sql;
}

async function files(): Promise<string[]> {
  const names = await readdir(new URL('../../migrations', import.meta.url));
  return names.map((name) => name.replace(/[.]sql$/, '')).sort();
}

describe('migrate', () => {
  it('applies all files to an empty database, and nothing when called again', async () => {
    const all = await files();
    const sql = open(fresh);
    expect(await migrationState(sql)).toEqual({ applied: [], pending: all, unknown: [] });
    expect(await migrate(fresh.url, silent)).toEqual(all);
    expect(await migrationState(sql)).toEqual({ applied: all, pending: [], unknown: [] });
    expect(await migrate(fresh.url, silent)).toEqual([]);
  });

  it('applies each file once when several nodes start at the same moment', async () => {
    const done = await Promise.all(Array.from({ length: 3 }, () => migrate(contested.url, silent)));
    expect(done.flat().sort()).toEqual(await files());
    expect((await migrationState(open(contested))).pending).toEqual([]);
  });

  it('refuses a database that a newer version has used, and leaves it as it is', async () => {
    const sql = open(newer);
    await sql`insert into tessera_migrations.applied (name, run_on) values ('9999_from_the_future', now())`;
    await expect(migrate(newer.url, silent)).rejects.toThrow(MigrationError);
    await expect(migrate(newer.url, silent)).rejects.toThrow(
      'The database was used by a newer version of Tessera (9999_from_the_future).',
    );
    expect((await migrationState(sql)).unknown).toEqual(['9999_from_the_future']);
  });
});
