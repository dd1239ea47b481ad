import { once } from 'node:events';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, postmasterOf, useLab } from './fixture/lab.ts';

const lab = useLab();

describe('the first start', () => {
  it('makes a database that only its password opens, on loopback only, and that loses nothing', async () => {
    const dataDir = await lab.newFolder();
    const { url, adopted } = await lab.start({ dataDir });
    expect(adopted).toBe(false);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim();
    const port = (await readFile(join(dataDir, 'postgres-port'), 'utf8')).trim();
    expect(url).toBe(`postgres://tessera:${password}@127.0.0.1:${port}/tessera`);
    const settings = [
      'listen_addresses',
      'unix_socket_directories',
      'fsync',
      'synchronous_commit',
      'data_checksums',
    ];
    const shown = settings.map((name) => `current_setting('${name}') as ${name}`).join(', ');
    expect(await ask(url, `select ${shown}`)).toEqual([
      {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        fsync: 'on',
        synchronous_commit: 'on',
        data_checksums: 'on',
      },
    ]);
    await expect(ask(url.replace(password, 'wrong'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(ask(url.replace('tessera:', 'postgres:'), 'select 1')).rejects.toMatchObject({
      code: '28000',
    });
  });

  it('gives a role that owns its database and makes others from templates, but is no superuser', async () => {
    const { url, adminUrl } = await lab.start({ dataDir: await lab.newFolder() });
    await ask(url, 'create extension pg_trgm');
    await ask(url, 'create table kept (id int)');
    await ask(adminUrl('postgres'), 'create database copy template tessera');
    expect(await ask(adminUrl('copy'), 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    expect(await ask(url, 'select rolsuper, rolcreatedb from pg_roles where rolname = current_user')).toEqual(
      [{ rolsuper: false, rolcreatedb: true }],
    );
  });

  it('sorts and folds letters beyond ASCII', async () => {
    const { url } = await lab.start({ dataDir: await lab.newFolder() });
    expect(await ask(url, `select lower('ÑÉ') as folded, 'ñ' ~ '\\w' as letter`)).toEqual([
      { folded: 'ñé', letter: true },
    ]);
  });

  it('takes a data folder that exists and holds other things', async () => {
    const dataDir = await lab.newFolder();
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'other'), 'kept');
    const { url } = await lab.start({ dataDir });
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await readFile(join(dataDir, 'other'), 'utf8')).toBe('kept');
  });

  it('removes what a start that was killed in the middle left', async () => {
    const dataDir = await lab.newFolder();
    const leftover = join(dataDir, 'postgres.new-2147483647-00000000');
    await mkdir(leftover, { recursive: true });
    await lab.start({ dataDir });
    await expect(stat(leftover)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a later start', () => {
  it('has the same address and data, and writes to its own log', async () => {
    const dataDir = await lab.newFolder();
    const first = await lab.start({ dataDir });
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await postmasterOf(dataDir)).toBeNull();
    const second = await lab.start({ dataDir });
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await ask(second.url, 'select * from kept')).toEqual([{ answer: 42 }]);
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log.match(/ready to accept connections/g)).toHaveLength(2);
  });

  it('takes another port when the old one is in use', async () => {
    const dataDir = await lab.newFolder();
    const first = await lab.start({ dataDir });
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await lab.start({ dataDir }).finally(() => squatter.close());
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('passes settings to PostgreSQL', async () => {
    const { url } = await lab.start({
      dataDir: await lab.newFolder(),
      settings: { fsync: 'off', work_mem: '9MB' },
    });
    expect(
      await ask(url, `select current_setting('fsync') as fsync, current_setting('work_mem') as mem`),
    ).toEqual([{ fsync: 'off', mem: '9MB' }]);
  });

  it('cuts a log that has grown beyond 10 MB to its end', async () => {
    const dataDir = await lab.newFolder();
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'postgres.log'), `${'long ago\n'.repeat(1_300_000)}at last\n`);
    await lab.start({ dataDir });
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log.length).toBeLessThan(2_000_000);
    expect(log).toMatch(/^long ago\n/);
    expect(log).toMatch(/at last\n.*starting PostgreSQL 18/);
  });

  it('makes a new password when the file with the old one was lost', async () => {
    const dataDir = await lab.newFolder();
    const first = await lab.start({ dataDir });
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    await rm(join(dataDir, 'postgres-password'));
    const second = await lab.start({ dataDir });
    expect(second.url).not.toBe(first.url);
    expect(await ask(second.url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });
});
