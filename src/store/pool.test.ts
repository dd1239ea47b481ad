import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { until } from '../../test/until.ts';
import { inSavepoint, inTransaction, openDatabase, type Sql } from './database.ts';
import { UnavailableError } from './failure.ts';

const database = useDatabase();
const operator = openDatabaseLazily('operator', 2);
const opened: Sql[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sql) => sql.end({ timeout: 1 })));
});
afterAll(() => operator().end());

function openDatabaseLazily(name: string, connections: number): () => Sql {
  let sql: Sql | null = null;
  return () => {
    sql ??= openDatabase({ url: database.url, connections, name });
    return sql;
  };
}

/** A pool that is closed after the test. */
function open(name: string, connections: number, url = database.url): Sql {
  const sql = openDatabase({ url, connections, name });
  opened.push(sql);
  return sql;
}

/** Cuts all connections of a pool, as a restart of the database does. */
async function cut(name: string): Promise<void> {
  await operator()`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`;
}

const running = (name: string) => async () => {
  const rows = await operator()`
    select from pg_stat_activity where application_name = ${name} and state = 'active' and wait_event is not null`;
  return rows.length > 0;
};

describe('a pool', () => {
  it('runs no more statements at once than it has connections, and all of them', async () => {
    const sql = open('narrow', 3);
    const rows = await Promise.all(
      Array.from(
        { length: 50 },
        (_, index) => sql<{ pid: number; index: number }[]>`
        select pg_backend_pid() as pid, ${index}::int as index`,
      ),
    );
    expect(rows.map(([row]) => row?.index)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(new Set(rows.map(([row]) => row?.pid)).size).toBeLessThanOrEqual(3);
  });

  it('fails what runs on a connection that is cut, and goes on with another', async () => {
    const sql = open('cut', 2);
    const statement = sql`select pg_sleep(60)`.then(
      () => null,
      (error: unknown) => error,
    );
    await until(running('cut'));
    await cut('cut');
    expect(await statement).toBeInstanceOf(UnavailableError);
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('lends a connection to nobody once a statement found it lost, and ends it', async () => {
    const sql = open('doubted', 1);
    const pid = async () => (await sql<[{ pid: number }]>`select pg_backend_pid() as pid`)[0].pid;
    const before = await pid();
    await expect(sql`do $$ begin raise sqlstate '57P01'; end $$`).rejects.toThrow(UnavailableError);
    expect(await pid()).not.toBe(before);
    await until(async () => {
      const rows = await operator()`select from pg_stat_activity where pid = ${before}`;
      return rows.length === 0;
    });
  });

  it('loses no statement and answers none wrongly while its connections are cut again and again', async () => {
    const sql = open('cut often', 4);
    let done = false;
    const outcomes: unknown[] = [];
    const client = async (index: number) => {
      while (!done) {
        const rows = await sql`select ${index}::int as index from generate_series(1, 20)`.catch(
          (error: unknown) => error,
        );
        if (rows instanceof UnavailableError) continue;
        outcomes.push(rows);
        expect(rows).toEqual(Array.from({ length: 20 }, () => ({ index })));
      }
    };
    const clients = Array.from({ length: 8 }, (_, index) => client(index));
    for (let round = 0; round < 30; round += 1) {
      const before = outcomes.length;
      await until(() => outcomes.length > before + 20);
      await cut('cut often');
    }
    done = true;
    await Promise.all(clients);
  });

  it('says at once that a database is not there which it never reached', async () => {
    const began = performance.now();
    const nowhere = open('nowhere', 2, 'postgres://nobody@127.0.0.1:1/nothing');
    await expect(nowhere`select 1`).rejects.toThrow(UnavailableError);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('does not wait for ever for a server that takes connections and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await until(() => silent.listening);
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const sql = open('silent', 1, `postgres://nobody@127.0.0.1:${port}/nothing`);
    await expect(sql`select 1`).rejects.toThrow(UnavailableError);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('lets work wait for a free connection, but not for ever', async () => {
    const sql = open('busy', 1);
    const long = sql`select pg_sleep(20)`.catch(() => null);
    await until(running('busy'));
    await expect(sql`select 1`).rejects.toThrow(UnavailableError);
    await cut('busy');
    await long;
  });

  it('finishes what runs when it is closed, and takes nothing more', async () => {
    const sql = open('closing', 2);
    const last = sql`select 1 as one from pg_sleep(0.2)`;
    const rows = last.then((found) => [...found]);
    await until(running('closing'));
    const ended = sql.end();
    await expect(sql`select 2`).rejects.toThrow(UnavailableError);
    expect(await rows).toEqual([{ one: 1 }]);
    await ended;
  });
});

describe('a transaction', () => {
  const insert = (sql: Sql, account: string) =>
    sql`insert into account (account, name) values (${account}, 'x')`;
  const accounts = async () =>
    (await operator()<{ account: string }[]>`select account from account order by 1`).map(
      ({ account }) => account,
    );

  it('whose connection is cut does not go on outside of itself', async () => {
    const sql = open('cut between', 2);
    const work = inTransaction(sql, async (tx) => {
      await insert(tx, 'before');
      await cut('cut between');
      // The pool has a new connection by now.
      await until(() => sql`select 1`.catch(() => null));
      await insert(tx, 'after');
    });
    await expect(work).rejects.toThrow(UnavailableError);
    expect(await accounts()).toEqual([]);
  });

  it('is rolled back when a statement failed, though its work went on', async () => {
    const work = inTransaction(open('careless', 1), async (tx) => {
      await insert(tx, 'before');
      await tx`select 1 / 0`.catch(() => null);
    });
    await expect(work).rejects.toThrow('division by zero');
    expect(await accounts()).toEqual([]);
  });

  it('takes statements at once, and none when it is over', async () => {
    const { handle } = await inTransaction(open('eager', 1), async (tx) => {
      const rows = await Promise.all([1, 2, 3].map((number) => tx`select ${number}::int as number`));
      expect(rows.flat()).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
      return { handle: tx };
    });
    await expect(handle`select 1`).rejects.toThrow('over');
  });

  it('keeps what a part of it did not break', async () => {
    const sql = open('parts', 1);
    await inTransaction(sql, async (tx) => {
      await insert(tx, 'kept');
      const part = inSavepoint(tx, async (inner) => {
        await insert(inner, 'undone');
        await inSavepoint(inner, (innermost) => insert(innermost, 'undone, too'));
        await inner`select 1 / 0`;
      });
      await expect(part).rejects.toThrow('division by zero');
      await inSavepoint(tx, (inner) => insert(inner, 'kept, too'));
    });
    expect(await accounts()).toEqual(['kept', 'kept, too']);
    await sql`delete from account`;
  });
});
