import postgres from 'postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { lastingConnections, useDatabase } from './database.ts';
import { withConnection } from './postgres-server.ts';

describe('the database of a test file', () => {
  const migrated = useDatabase();
  const empty = useDatabase({ migrated: false });
  const tables = (url: string) =>
    withConnection(url, (sql) => sql`select tablename from pg_tables where schemaname = 'tessera'`);

  it('has the tables that the migrations make', async () => {
    expect(await tables(migrated.url)).toContainEqual({ tablename: 'ticket' });
  });

  it('is empty where the file asks for that', async () => {
    expect(await tables(empty.url)).toEqual([]);
  });

  it('is shared with no other file', async () => {
    await withConnection(migrated.url, (sql) => sql`create table mine ()`);
    expect(new URL(migrated.url).pathname).not.toBe(new URL(empty.url).pathname);
    await expect(withConnection(empty.url, (sql) => sql`select from mine`)).rejects.toThrow('mine');
  });
});

describe('the look for leaked connections', () => {
  const { url } = useDatabase();
  const name = new URL(url).pathname.slice(1);
  const look = (patienceMs: number) =>
    withConnection(inject('databaseServer'), (sql) => lastingConnections(sql, name, patienceMs));
  const leak = postgres(url, { max: 1, connection: { application_name: 'forgetful' } });
  afterAll(() => leak.end());

  it('names a connection that stays, and not one that has ended', async () => {
    await leak`select 42`;
    expect(await look(0)).toEqual(['forgetful, idle: select 42']);
    await leak.end();
    expect(await look(2_000)).toEqual([]);
  });
});
