import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, asking, moved, moving, told } from '../../test/errands.ts';
import { withConnection } from '../../test/postgres-server.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Written } from '../kernel/answer.ts';
import { type CommitItem, commit } from './commit.ts';
import { countByState, countInStates, keepCounts } from './counts.ts';
import { inTransaction, type Sql } from './database.ts';
import { countTickets } from './list.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(async () => {
  for (const account of ['fresh', 'read', 'held', 'busy', 'older', 'listed']) await stores.account(account);
});

async function create(sql: Sql, account: string, count: number): Promise<Ticket[]> {
  const decisions = Array.from({ length: count }, () => asked(account));
  const items: CommitItem[] = decisions.map((decision) => ({ decision, idempotency: null }));
  await commit(sql, account, items);
  return decisions.map(({ ticket }) => ticket);
}

async function accept(sql: Sql, account: string, tickets: readonly Ticket[]): Promise<void> {
  const items = tickets.map((ticket) => ({ decision: moved(ticket, 'accept'), idempotency: null }));
  await commit(sql, account, items);
}

/** What the table holds, without the log's tail. */
async function kept(account: string): Promise<Record<string, number>> {
  const rows = await stores.shared.sql<{ state: string; n: number }[]>`
    select state, n from ticket_count where account = ${account} and n <> 0 order by state`;
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

async function counts(account: string, kind = 'errand'): Promise<Record<string, number>> {
  return Object.fromEntries(await countByState(stores.shared.sql, account, kind));
}

/** Lets the reader go on until its table holds this, as soon as older transactions of the server let it. */
async function untilKept(account: string, expected: Record<string, number>): Promise<void> {
  await until(async () => {
    await keepCounts(stores.shared.sql, account);
    return JSON.stringify(await kept(account)) === JSON.stringify(expected);
  }, forTheLog);
}

describe('the counts', { timeout: 90_000 }, () => {
  it('are right before their reader has read anything', async () => {
    const { sql } = stores.shared;
    await accept(sql, 'fresh', (await create(sql, 'fresh', 5)).slice(0, 2));
    expect(await counts('fresh')).toEqual({ new: 3, open: 2 });
    expect(await counts('fresh', 'other')).toEqual({});
    expect(await kept('fresh')).toEqual({});
  });

  it('are right when it has, and take in each event once', async () => {
    const { sql } = stores.shared;
    await accept(sql, 'read', (await create(sql, 'read', 5)).slice(0, 2));
    await untilKept('read', { new: 3, open: 2 });
    expect(await keepCounts(sql, 'read')).toBe(0);
    expect(await counts('read')).toEqual({ new: 3, open: 2 });
    await create(sql, 'read', 1);
    expect(await counts('read')).toEqual({ new: 4, open: 2 });
  });

  it('are right while an older transaction holds their reader back', async () => {
    const { sql } = stores.shared;
    await inTransaction(stores.open().sql, async (tx) => {
      const [mine] = await create(tx, 'held', 1);
      await create(sql, 'held', 2);
      await keepCounts(sql, 'held');
      expect(await kept('held')).toEqual({});
      expect(await counts('held')).toEqual({ new: 2 });
      expect(Object.fromEntries(await countByState(tx, 'held', 'errand'))).toEqual({ new: 3 });
      await accept(tx, 'held', mine ? [mine] : []);
    });
    expect(await counts('held')).toEqual({ new: 2, open: 1 });
    await untilKept('held', { new: 2, open: 1 });
  });

  it('agree with the tickets at every moment, while two nodes read the log and others write it', async () => {
    const writers = [stores.open(), stores.open()];
    let open = true;
    const write = async ({ sql }: (typeof writers)[number]) => {
      for (let round = 0; round < 15; round += 1) {
        await inTransaction(sql, async (tx) => {
          const tickets = await create(tx, 'busy', 1 + (round % 4));
          await accept(tx, 'busy', tickets.slice(1));
        });
      }
    };
    const read = async ({ sql }: (typeof writers)[number]) => {
      while (open) await keepCounts(sql, 'busy');
    };
    const readers = [stores.open(), stores.open()].map(read);
    const look = async () => {
      let looks = 0;
      for (; open; looks += 1) {
        const [told, stored] = await atOneMoment('busy');
        expect(told).toEqual(stored);
      }
      return looks;
    };
    const looking = look();
    await Promise.all(writers.map(write)).finally(() => {
      open = false;
    });
    await Promise.all(readers);
    expect(await looking).toBeGreaterThan(5);
    const [told, stored] = await atOneMoment('busy');
    expect(told).toEqual(stored);
    await untilKept('busy', stored);
  });

  it('are there for tickets from before there was a table of counts', async () => {
    const { sql } = stores.shared;
    await accept(sql, 'older', (await create(sql, 'older', 5)).slice(0, 2));
    await sql`delete from ticket_count`;
    await sql`delete from reader_position`;
    const migration = await readFile('migrations/0004_links_and_counts.sql', 'utf8');
    const seed = migration.slice(migration.indexOf('with horizon as'));
    await inTransaction(stores.open().sql, async (tx) => {
      // An older transaction: its event comes by the log, and what commits meanwhile must not count twice.
      await create(tx, 'older', 1);
      await create(sql, 'older', 1);
      await withConnection(database.url, async (driver) => {
        await driver.unsafe(`set search_path = tessera, public; ${seed}`);
      });
      expect(await kept('older')).toEqual({ new: 3, open: 2 });
    });
    expect(await counts('older')).toEqual({ new: 5, open: 2 });
    await untilKept('older', { new: 5, open: 2 });
  });

  it('answer a list that asks for nothing but a kind and states', async () => {
    const { sql, writer } = stores.shared;
    const { key } = told((await writer.create(asking('listed'))) as Written);
    await writer.create(asking('listed'));
    await writer.change(moving({ key }, 'accept', { ...asking('listed').actor, party: 'listed' }));
    const count = (filter: Parameters<typeof countTickets>[2]) =>
      countTickets(sql, 'listed', filter, 'exact');
    expect(await count({ party: null })).toBe(2);
    expect(await count({ party: null, kind: 'errand', states: ['open', 'done'] })).toBe(1);
    expect(await count({ party: null, states: ['done'] })).toBe(0);
    expect(await count({ party: null, kind: 'other' })).toBe(0);
    // What stands in the table is believed; only other filters make PostgreSQL count.
    await sql`insert into ticket_count (account, kind, state, n) values ('listed', 'errand', 'done', 7)`;
    expect(await count({ party: null, kind: 'errand', tag: undefined })).toBe(9);
    expect(await countInStates(sql, 'listed', 'errand', ['done'])).toBe(7);
    expect(await count({ party: null, kind: 'errand', category: 'initial' })).toBe(1);
    expect(await count({ party: 'guest', kind: 'errand' })).toBe(2);
  });
});

/** What the counts tell, and how many tickets there are in each state, both as one snapshot shows them. */
async function atOneMoment(account: string): Promise<[Record<string, number>, Record<string, number>]> {
  return inTransaction(stores.shared.sql, async (tx) => {
    await tx`set transaction isolation level repeatable read`;
    const told = await countByState(tx, account, 'errand');
    const stored = await tx<{ state: string; n: number }[]>`
      select state, count(*) as n from ticket where account = ${account} group by state order by state`;
    const sorted = [...told].sort(([a], [b]) => (a < b ? -1 : 1));
    return [Object.fromEntries(sorted), Object.fromEntries(stored.map(({ state, n }) => [state, n]))];
  });
}
