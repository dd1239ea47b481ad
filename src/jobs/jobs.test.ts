import { afterEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { withConnection } from '../../test/postgres-server.ts';
import { silent, useStores } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { inTransaction, type Sql } from '../store/database.ts';
import { installJobs } from './install.ts';
import { type Jobs, type NewJob, openJobs } from './jobs.ts';
import type { JobQueue, Outcome, RunningJob } from './queue.ts';

type Errand = { name: string };

const database = useDatabase();
const stores = useStores(database);
const opened: Jobs[] = [];
afterEach(async () => {
  for (const jobs of opened.splice(0)) await jobs.stop();
});

/** A queue of its own for each test, so that what one leaves does not bother another. */
let queues = 0;
function queueOf(handle: JobQueue<Errand>['handle'], more: Partial<JobQueue<Errand>> = {}): JobQueue<Errand> {
  queues += 1;
  return {
    name: `test-${queues}`,
    scheduleMs: [0, 0, 0],
    attemptWithinSeconds: 20,
    together: 10,
    handle,
    ...more,
  };
}

async function open(queue: JobQueue<Errand>, { sql }: { sql: Sql } = stores.shared): Promise<Jobs> {
  const jobs = await openJobs({ sql, clock: systemClock, log: silent, queues: [queue], upkeep: false });
  opened.push(jobs);
  return jobs;
}

const job = (name: string, key = name): NewJob => ({ account: 'home', key, data: { name } });

async function enqueue(jobs: Jobs, queue: JobQueue<Errand>, all: readonly NewJob[]): Promise<void> {
  await inTransaction(stores.shared.sql, (tx) => jobs.enqueue(tx, queue.name, all));
  jobs.wake(queue.name);
}

/** What the library keeps of a queue's jobs, in the order of their keys. */
const stored = (queue: JobQueue<Errand>) => stores.shared.sql<{ state: string; key: string; due: Date }[]>`
  select state::text, singleton_key as key, start_after as due from pgboss.job
  where name = ${queue.name} order by singleton_key`;

const done: Outcome = { done: true };
const failed = (error: string, more: object = {}): Outcome => ({ done: false, error, ...more });

describe('jobs', { timeout: 60_000 }, () => {
  it('are enqueued with the transaction they are part of, or not at all', async () => {
    const ran: string[] = [];
    const queue = queueOf(async ({ data }) => {
      ran.push(data.name);
      return done;
    });
    const jobs = await open(queue);
    const { sql } = stores.shared;
    const broken = inTransaction(sql, async (tx) => {
      await jobs.enqueue(tx, queue.name, [job('never')]);
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(await stored(queue)).toEqual([]);
    await enqueue(jobs, queue, [job('a'), job('b')]);
    jobs.run([queue]);
    await until(() => ran.length === 2);
    expect(ran.sort()).toEqual(['a', 'b']);
    await until(async () => (await stored(queue)).length === 0);
  });

  it('tell their handler what they are', async () => {
    const seen: Omit<RunningJob<Errand>, 'signal'>[] = [];
    const queue = queueOf(async ({ signal, ...told }) => {
      seen.push(told);
      return seen.length < 2 ? failed('not yet') : done;
    });
    const jobs = await open(queue);
    jobs.run([queue]);
    await enqueue(jobs, queue, [job('a', 'key')]);
    await until(() => seen.length === 2);
    const first = { id: expect.any(String), account: 'home', key: 'key', data: { name: 'a' } };
    expect(seen).toEqual([
      { ...first, attempt: 1, firstAttemptAt: expect.any(Date) },
      { ...first, id: seen[0]?.id, attempt: 2, firstAttemptAt: seen[0]?.firstAttemptAt },
    ]);
  });

  it('run at once when this node has enqueued them', async () => {
    const ran: string[] = [];
    const queue = queueOf(async ({ data }) => {
      ran.push(data.name);
      return done;
    });
    const jobs = await open(queue);
    jobs.run([queue]);
    const before = performance.now();
    for (let count = 1; count <= 10; count += 1) {
      await enqueue(jobs, queue, [job(`job-${count}`)]);
      await until(() => ran.length === count);
    }
    // The looks that come by themselves are a second apart.
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  it('run in their order where they have one key, also when one of them fails again and again', async () => {
    const ran: string[] = [];
    const queue = queueOf(async ({ data, attempt }) => {
      ran.push(`${data.name}${attempt}`);
      return data.name === 'x1' && attempt < 3 ? failed('not yet') : done;
    });
    const jobs = await open(queue);
    await enqueue(
      jobs,
      queue,
      ['x1', 'x2', 'x3'].map((name) => job(name, 'x')),
    );
    await enqueue(jobs, queue, [job('x4', 'x'), job('y1', 'y')]);
    jobs.run([queue]);
    await until(() => ran.length === 7);
    expect(ran.filter((name) => name.startsWith('x'))).toEqual(['x11', 'x12', 'x13', 'x21', 'x31', 'x41']);
  });

  it('wait for the moment that the schedule or the other side names, and nobody of their key overtakes them', async () => {
    const ran: string[] = [];
    const hour = 3_600_000;
    const asked = new Date(Date.now() + 5 * hour);
    const queue = queueOf(
      async ({ data, attempt }) => {
        ran.push(data.name);
        if (attempt > 1) return done;
        return failed('not yet', data.name === 'asked' ? { notBefore: asked } : {});
      },
      { scheduleMs: [0, hour, 2 * hour] },
    );
    const jobs = await open(queue);
    await enqueue(jobs, queue, [job('asked'), job('planned'), job('behind', 'planned')]);
    jobs.run([queue]);
    await until(async () => (await stored(queue)).filter(({ state }) => state === 'retry').length === 2);
    const began = Date.now();
    const rows = await stored(queue);
    expect(rows.map(({ key, state }) => `${key} ${state}`)).toEqual([
      'asked retry',
      'planned created',
      'planned retry',
    ]);
    expect(rows[0]?.due).toEqual(asked);
    expect(Math.abs((rows[2]?.due.getTime() ?? 0) - began - hour)).toBeLessThan(10_000);
    expect(ran.sort()).toEqual(['asked', 'planned']);
    await jobs.hurry(stores.shared.sql, queue.name, ['planned']);
    jobs.wake(queue.name);
    await until(() => ran.length >= 4);
    expect(ran.slice(2, 4)).toEqual(['planned', 'behind']);
  });

  it('are given up after their last attempt, kept, hold up no other, and can be done after all', async () => {
    let works = false;
    const ran: string[] = [];
    const fates: unknown[] = [];
    const queue = queueOf(
      async ({ data }) => {
        ran.push(data.name);
        if (works || data.name === 'good') return done;
        return failed('no luck', { record: async (_: Sql, fate: unknown) => void fates.push(fate) });
      },
      { scheduleMs: [0, 0] },
    );
    const jobs = await open(queue);
    await enqueue(jobs, queue, [job('bad', 'key'), job('good', 'key')]);
    jobs.run([queue]);
    await until(() => ran.length === 3);
    expect(ran).toEqual(['bad', 'bad', 'good']);
    expect(fates).toEqual([{ retryAt: expect.any(Date) }, { retryAt: null }]);
    const dead = await jobs.listDead(queue.name, 'home', 10);
    expect(dead).toEqual([
      {
        id: expect.any(String),
        key: 'key',
        data: { name: 'bad' },
        attempts: 2,
        error: 'no luck',
        firstAttemptAt: expect.any(Date),
        givenUpAt: expect.any(Date),
      },
    ]);
    const id = dead[0]?.id ?? '';
    expect(await jobs.listDead(queue.name, 'other', 10)).toEqual([]);
    expect(await jobs.revive(queue.name, 'other', id)).toBe(false);
    works = true;
    expect(await jobs.revive(queue.name, 'home', id)).toBe(true);
    await until(() => ran.length === 4);
    await until(async () => (await stored(queue)).length === 0);
    expect(await jobs.listDead(queue.name, 'home', 10)).toEqual([]);
    expect(await jobs.revive(queue.name, 'home', id)).toBe(false);
  });

  it('record what came of them in the transaction that settles them', async () => {
    const { sql } = stores.shared;
    await sql`create table if not exists pgboss_test (account text, n int, primary key (account, n))`;
    const queue = queueOf(async ({ data, attempt }) => ({
      done: true,
      record: async (tx) => {
        await tx`insert into pgboss_test values (${data.name}, ${attempt})`;
        if (data.name === 'breaks' && attempt === 1) throw new Error('broken');
      },
    }));
    const jobs = await open(queue);
    await enqueue(jobs, queue, [job('writes'), job('breaks')]);
    jobs.run([queue]);
    await until(async () => (await stored(queue)).length === 1);
    const written = await sql`select account, n from pgboss_test`;
    expect(written).toEqual([{ account: 'writes', n: 1 }]);
    // The claim of the other one is still open: what was not settled is not known to have happened.
    expect((await stored(queue)).map(({ state }) => state)).toEqual(['active']);
  });

  it('do not count an attempt that was given to somebody else meanwhile', async () => {
    const records: string[] = [];
    const held = Promise.withResolvers<void>();
    const queue = queueOf(async ({ attempt }) => {
      if (attempt === 1) await held.promise;
      return {
        done: true,
        record: async () => {
          records.push(`attempt ${attempt}`);
        },
      };
    });
    const slow = await open(queue);
    await enqueue(slow, queue, [job('a')]);
    slow.run([queue]);
    await until(async () => (await stored(queue))[0]?.state === 'active');
    // As the library does with a job whose time is over.
    await stores.shared.sql`
      update pgboss.job set state = 'retry', start_after = now() where name = ${queue.name}`;
    const other = await open(queue, stores.open());
    other.run([queue]);
    await until(() => records.length === 1);
    held.resolve();
    await slow.stop();
    expect(records).toEqual(['attempt 2']);
  });

  it('run once with several nodes', async () => {
    const ran: string[] = [];
    const queue = queueOf(async ({ data }) => {
      ran.push(data.name);
      return done;
    });
    const nodes = [await open(queue), await open(queue, stores.open()), await open(queue, stores.open())];
    const names = Array.from({ length: 120 }, (_, index) => `job-${index}`);
    for (const node of nodes) node.run([queue]);
    await enqueue(
      nodes[0] as Jobs,
      queue,
      names.map((name, index) => job(name, `key-${index % 7}`)),
    );
    await until(async () => (await stored(queue)).length === 0, { withinMs: 30_000 });
    expect(ran.length).toBe(names.length);
    expect(ran.toSorted()).toEqual(names.toSorted());
  });

  it('of one group do not take the places of the others', async () => {
    const held = Promise.withResolvers<void>();
    const running: string[] = [];
    const queue = queueOf(
      async ({ data }) => {
        running.push(data.name);
        await held.promise;
        return done;
      },
      { together: 4, togetherInGroup: 2 },
    );
    const jobs = await open(queue);
    const slow = ['s1', 's2', 's3', 's4', 's5'].map((name) => ({ ...job(name), group: 'slow' }));
    await enqueue(jobs, queue, [...slow, { ...job('f1'), group: 'fast' }]);
    jobs.run([queue]);
    await until(() => running.includes('f1'));
    expect(running.filter((name) => name.startsWith('s'))).toHaveLength(2);
    held.resolve();
    await until(() => running.length === 6);
  });

  it('that run when the server stops are waited for, or aborted and tried again without a pause', async () => {
    const began: string[] = [];
    const queue = queueOf(
      ({ data, signal }) => {
        began.push(data.name);
        return new Promise((resolve) => {
          if (data.name === 'short') setTimeout(() => resolve(done), 200);
          else signal.addEventListener('abort', () => resolve(failed('aborted')));
        });
      },
      { scheduleMs: [0, 3_600_000] },
    );
    const jobs = await open(queue);
    await enqueue(jobs, queue, [job('short'), job('long')]);
    jobs.run([queue]);
    await until(() => began.length === 2);
    const before = performance.now();
    await jobs.stop();
    expect(performance.now() - before).toBeLessThan(10_000);
    const rows = await stored(queue);
    expect(rows.map(({ key, state }) => `${key} ${state}`)).toEqual(['long retry']);
    expect(rows[0]?.due.getTime()).toBeLessThan(Date.now() + 1_000);
  });

  it('go on when the database was away', async () => {
    const ran: string[] = [];
    const queue = queueOf(async ({ data }) => {
      ran.push(data.name);
      return done;
    });
    const jobs = await open(queue);
    jobs.run([queue]);
    await enqueue(jobs, queue, [job('before')]);
    await until(() => ran.length === 1);
    await withConnection(
      database.url,
      (driver) => driver`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await until(async () => {
      try {
        await enqueue(jobs, queue, [job('after')]);
        return true;
      } catch {
        return false;
      }
    });
    await until(() => ran.includes('after'));
  });
});

describe('the tables of the jobs', { timeout: 60_000 }, () => {
  const empty = useDatabase({ migrated: false });

  it('are made once by nodes that start at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => installJobs(empty.url, silent)));
    await installJobs(empty.url, silent);
    await withConnection(empty.url, async (driver) => {
      const [row] = await driver`select count(*)::int as n from pgboss.version`;
      expect(row).toEqual({ n: 1 });
    });
  });
});
