import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import type { Ticket } from '../core/ticket.ts';
import { newId } from '../kernel/id.ts';
import { commit } from './commit.ts';
import { openDatabase, type Sql } from './database.ts';
import { UnavailableError } from './failure.ts';
import { createLoadQueue } from './load-queue.ts';

const stores = useStores(useDatabase());
const account = 'readers';
let tickets: Ticket[];

beforeAll(async () => {
  for (const name of [account, 'others']) await stores.account(name);
  const decisions = Array.from({ length: 150 }, () => asked(account));
  await commit(
    stores.shared.sql,
    account,
    decisions.map((decision) => ({ decision, idempotency: null })),
  );
  tickets = decisions.map(({ ticket }) => ticket);
});

/** A handle that counts the statements that go through it. */
function counting(): { sql: Sql; asked: () => number } {
  let statements = 0;
  const tag = (...parameters: Parameters<Sql>) => {
    // A statement brings its account along; a piece of one does not.
    if (parameters.includes(account)) statements += 1;
    return stores.shared.sql(...parameters);
  };
  return { sql: tag as unknown as Sql, asked: () => statements };
}

describe('the load queue', () => {
  it('gives each of 150 who ask at once their ticket, with few statements', async () => {
    const { sql, asked: statements } = counting();
    const { load } = createLoadQueue(sql);
    expect(await Promise.all(tickets.map(({ id }) => load(account, { id })))).toEqual(tickets);
    expect(statements()).toBe(2);
  });

  it('finds by id in either case, by key, and by number within a kind', async () => {
    const { load } = createLoadQueue(stores.shared.sql);
    const [ticket] = tickets as [Ticket];
    const { id, key, kind, number } = ticket;
    const refs = [{ id }, { id: id.toUpperCase() }, { key }, { kind, number }];
    expect(await Promise.all(refs.map((ref) => load(account, ref)))).toEqual(refs.map(() => ticket));
  });

  it('finds nothing where there is nothing, beside those who find something', async () => {
    const { load } = createLoadQueue(stores.shared.sql);
    const [{ id, key, kind, number }] = tickets as [Ticket];
    const found = [load(account, { id }), load(account, { key }), load(account, { kind, number })];
    const missed = [
      load(account, { id: newId() }),
      load(account, { id: 'no id' }),
      load(account, { key: `OTHER-${number}` }),
      load(account, { key: 'NUL\0-1' }),
      load(account, { key: 'no number' }),
      load(account, { kind: 'other', number }),
      load(account, { kind, number: 2 ** 52 }),
      load('others', { id }),
      load('others', { key }),
    ];
    expect(await Promise.all(missed)).toEqual(missed.map(() => null));
    expect((await Promise.all(found)).map((ticket) => ticket?.id)).toEqual([id, id, id]);
  });

  it('tells all who share a statement when the database cannot be reached', async () => {
    const sql = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', connections: 1 });
    const { load } = createLoadQueue(sql);
    const outcomes = await Promise.allSettled([
      load(account, { id: newId() }),
      load(account, { id: newId() }),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(UnavailableError) });
    }
    await sql.end();
  });
});
