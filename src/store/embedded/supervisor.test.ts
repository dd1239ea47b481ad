import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask, postmasterOf, useLab } from './fixture/lab.ts';
import { openFolder } from './folder.ts';
import { watchForHalfStop } from './half-stop.ts';

const lab = useLab();

/** Waits for what another process does by itself. */
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 50 });

const servesAgain = (url: string) =>
  eventually(async () => expect(await ask(url, 'select 1 as one')).toHaveLength(1));

/** The locks of both kinds are held again. */
const locksOf = (url: string) =>
  ask(
    url.replace(/tessera$/, 'postgres'),
    `select objid::int as lock, mode from pg_locks where locktype = 'advisory' order by 1`,
  );

const HELD = [
  { lock: 1, mode: 'ShareLock' },
  { lock: 2, mode: 'ExclusiveLock' },
];

describe('while Tessera runs', () => {
  it.each<[string, NodeJS.Signals]>([
    ['that was killed', 'SIGKILL'],
    ['that somebody stopped', 'SIGINT'],
  ])('a PostgreSQL %s is started again at the same address, and the locks are taken', async (_, signal) => {
    const dataDir = await lab.newFolder();
    const { url } = await lab.start({ dataDir });
    await ask(url, 'create table kept as select 42 as answer');
    expect(await locksOf(url)).toEqual(HELD);
    const pid = (await postmasterOf(dataDir)) ?? 0;
    process.kill(pid, signal);
    await eventually(async () => expect(await postmasterOf(dataDir)).not.toBe(pid));
    await servesAgain(url);
    expect(await ask(url, 'select * from kept')).toEqual([{ answer: 42 }]);
    await eventually(async () => expect(await locksOf(url)).toEqual(HELD));
  });

  it('the locks are taken again when PostgreSQL has recovered from the crash of one of its processes', async () => {
    const dataDir = await lab.newFolder();
    const { url } = await lab.start({ dataDir });
    const [walWriter] = await ask(url, `select pid from pg_stat_activity where backend_type = 'walwriter'`);
    process.kill(Number(walWriter?.pid), 'SIGKILL');
    await eventually(async () => {
      const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
      expect(log.match(/ready to accept connections/g)).toHaveLength(2);
    });
    await servesAgain(url);
    await eventually(async () => expect(await locksOf(url)).toEqual(HELD));
  });

  it('a PostgreSQL that was asked to stop and waits for our connections is started again', async () => {
    const dataDir = await lab.newFolder();
    const { url } = await lab.start({ dataDir });
    const endWatch = watchForHalfStop(await openFolder(dataDir), pino({ level: 'silent' }), 20);
    onTestFinished(endWatch);
    const pid = (await postmasterOf(dataDir)) ?? 0;
    process.kill(pid, 'SIGTERM');
    await eventually(async () => expect(await postmasterOf(dataDir)).not.toBe(pid));
    await servesAgain(url);
  });

  it('a Ctrl-C in the terminal does not reach PostgreSQL', async () => {
    const dataDir = await lab.newFolder();
    const server = await lab.hold({ dataDir });
    process.kill(-server.pid, 'SIGINT');
    await ask(server.answer.url, 'create table kept as select 42 as answer');
    expect(await server.leave()).toBe(0);
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log.match(/received fast shutdown request/g)).toHaveLength(1);
  });
});

describe('stop', () => {
  it('ends the process and PostgreSQL, though PostgreSQL is just being started again', async () => {
    const dataDir = await lab.newFolder();
    for (const signal of ['SIGKILL', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGINT', 'SIGQUIT'] as const) {
      const server = await lab.hold({ dataDir });
      process.kill((await postmasterOf(dataDir)) ?? 0, signal);
      expect(await server.leave()).toBe(0);
      expect(await postmasterOf(dataDir)).toBeNull();
    }
  });

  it('finds the PostgreSQL that it interrupted at its very start', async () => {
    const dataDir = await lab.newFolder();
    const logFile = join(dataDir, 'postgres.log');
    const server = await lab.hold({ dataDir });
    process.kill((await postmasterOf(dataDir)) ?? 0, 'SIGINT');
    await vi.waitFor(async () => expect(await readFile(logFile, 'utf8')).toMatch(/is shut down/), {
      timeout: 10_000,
      interval: 1,
    });
    expect(await server.leave()).toBe(0);
    expect(await postmasterOf(dataDir)).toBeNull();
  });

  it('may be called twice', async () => {
    const dataDir = await lab.newFolder();
    const { stop } = await lab.start({ dataDir });
    await Promise.all([stop(), stop()]);
    expect(await postmasterOf(dataDir)).toBeNull();
  });
});
