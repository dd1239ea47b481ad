import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ask, postmasterOf, useLab } from './fixture/lab.ts';
import { isAlive } from './postmaster.ts';

const lab = useLab();

/** Waits for what another process does by itself. */
const eventually = (check: () => Promise<void> | void) =>
  vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe('after Tessera was killed', () => {
  it('the next start adopts the PostgreSQL that lives on, with all that was committed', async () => {
    const dataDir = await lab.newFolder();
    const killed = await lab.hold({ dataDir });
    await ask(killed.answer.url, 'create table kept as select 42 as answer');
    const pid = await postmasterOf(dataDir);
    await killed.kill();
    const next = await lab.start({ dataDir });
    expect(next).toMatchObject({ adopted: true, url: killed.answer.url });
    expect(await postmasterOf(dataDir)).toBe(pid);
    expect(await ask(next.url, 'select * from kept')).toEqual([{ answer: 42 }]);
    await next.stop();
    expect(await postmasterOf(dataDir)).toBeNull();
  });

  it('a PostgreSQL that was killed too is recovered', async () => {
    const dataDir = await lab.newFolder();
    const killed = await lab.hold({ dataDir });
    await ask(killed.answer.url, 'create table kept as select 42 as answer');
    const pid = (await postmasterOf(dataDir)) ?? 0;
    await killed.kill();
    process.kill(pid, 'SIGKILL');
    const next = await lab.start({ dataDir });
    expect(next).toMatchObject({ adopted: false, url: killed.answer.url });
    expect(await ask(next.url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  it('a PostgreSQL that does not answer is ended and recovered', { timeout: 60_000 }, async () => {
    const dataDir = await lab.newFolder();
    const killed = await lab.hold({ dataDir });
    await ask(killed.answer.url, 'create table kept as select 42 as answer');
    const pid = (await postmasterOf(dataDir)) ?? 0;
    await killed.kill();
    process.kill(pid, 'SIGSTOP');
    const next = await lab.start({ dataDir });
    expect(next.adopted).toBe(false);
    expect(await postmasterOf(dataDir)).not.toBe(pid);
    expect(await ask(next.url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });
});

describe('after Tessera was killed in the middle of its first start', () => {
  it.each([
    ['the password is made', 'postgres-password'],
    ['initdb begins', 'postgres.new-'],
    ['initdb is at work', 'postgres.new-*/base/1/'],
    ['the database is prepared', 'postgres.new-*/postmaster.pid'],
    ['the database is there', 'postgres/PG_VERSION'],
    ['PostgreSQL starts', 'postgres/postmaster.pid'],
    ['PostgreSQL runs', 'postgres-port'],
  ])('when %s, the next start has a whole database', async (_, sign) => {
    const dataDir = await lab.newFolder();
    const killed = lab.begin({ dataDir });
    await vi.waitFor(() => expect(globSync(`${sign}*`, { cwd: dataDir })).not.toEqual([]), {
      timeout: 10_000,
      interval: 1,
    });
    await killed.kill();
    const { url } = await lab.start({ dataDir });
    await ask(url, 'create table kept as select 42 as answer');
  });
});

describe('a postmaster.pid that a crash left', () => {
  async function crashed(dataDir: string): Promise<string> {
    const killed = await lab.hold({ dataDir });
    const pid = (await postmasterOf(dataDir)) ?? 0;
    await killed.kill();
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    return join(dataDir, 'postgres', 'postmaster.pid');
  }

  it('does no harm when its number now belongs to another program of the same account', async () => {
    const dataDir = await lab.newFolder();
    const pidFile = await crashed(dataDir);
    const { uid, gid } = await stat(pidFile);
    const stranger = spawn('sleep', ['1000'], { uid, gid });
    await once(stranger, 'spawn');
    const text = await readFile(pidFile, 'utf8');
    await writeFile(pidFile, text.replace(/^\d+/, String(stranger.pid)));
    const { url } = await lab.start({ dataDir }).finally(() => expect(stranger.exitCode).toBeNull());
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    stranger.kill();
  });

  it('does no harm when its number now belongs to the PostgreSQL of another folder', async () => {
    const dataDir = await lab.newFolder();
    const pidFile = await crashed(dataDir);
    const otherDir = await lab.newFolder();
    const other = await lab.start({ dataDir: otherDir });
    const text = await readFile(pidFile, 'utf8');
    await writeFile(pidFile, text.replace(/^\d+/, String(await postmasterOf(otherDir))));
    const { url, adopted } = await lab.start({ dataDir });
    expect(adopted).toBe(false);
    expect(url).not.toBe(other.url);
    expect(await ask(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does no harm when it came with a copy of a folder whose PostgreSQL runs', async () => {
    const dataDir = await lab.newFolder();
    const original = await lab.start({ dataDir });
    await ask(original.url, 'checkpoint');
    const copyDir = await lab.newFolder();
    await cp(dataDir, copyDir, { recursive: true, preserveTimestamps: true });
    const copy = await lab.start({ dataDir: copyDir });
    expect(copy.adopted).toBe(false);
    expect(copy.url).not.toBe(original.url);
    expect(await ask(copy.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
