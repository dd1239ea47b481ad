import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { useStatementPlans } from '../../../test/statement-plans.ts';
import { useStores } from '../../../test/stores.ts';
import { keepCounts } from '../../store/counts.ts';
import type { DeskFilter } from './filter.ts';
import { findIds, isCommon, numbersAfter, readPage } from './store.ts';
import { UNFINISHED } from './workflow.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 50_000;

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  for (const [kind, share] of [
    ['desk', 1],
    ['errand', 2],
  ] as const) {
    await sql`
      insert into ticket
      select ${account}, ('019ab000-0000-7000-8' || lpad(${share}::text, 3, '0') || '-' || lpad(to_hex(i), 12, '0'))::uuid, ${kind}, i, ${kind} || i,
        (array['closed', 'solved', 'new', 'open', 'pending', 'holding'])[1 + case when i % 100 < 80 then 0 else i % 6 end],
        'active', 1, 'Title ' || i, 1 + i % 4, case when i % 10 = 0 then 'agent ' || i % 200 end,
        case when i % 20 > 0 then (i % 20)::text end, (i % 5000)::text, array['tag ' || i % 7], null, null,
        'ref ' || i, null, jsonb_build_object('brand', i % 50, 'channel', i % 5), '{}', null,
        now(), now(), null, array_to_tsvector(array['title', 'w' || lpad((i % 1000)::text, 3, '0'), 'rare' || i])
      from generate_series(1, ${ROWS}) i`;
  }
  await sql`
    insert into event (account, ticket, kind, type, to_state, version, actor, contract, data, at)
    select account, id, kind, 'ticket.created', state, 1, '{}', 'test', '{}', now() from ticket where account = ${account}`;
  await sql`insert into reader_position (account, reader, xid, seq) values (${account}, 'counts', '0', 0) on conflict do nothing`;
  while ((await keepCounts(sql, account)) > 0);
  for (const table of ['ticket', 'event', 'ticket_count', 'word']) await sql`analyze ${sql(table)}`;
}, 120_000);

const scans = (found: readonly string[]) => found.filter((name) => name.startsWith('all of'));

describe('no list of help-desk tickets reads a whole table', () => {
  it.each<[string, DeskFilter]>([
    ['nothing', {}],
    ['a status', { states: ['open'] }],
    ['several statuses', { states: UNFINISHED }],
    ['a group', { queue: '3' }],
    ['no group', { queue: null }],
    ['a brand', { brand: 7 }],
    ['a brand and a status', { brand: 7, states: ['open'] }],
    ['a channel', { channel: 2 }],
    ['a priority', { priority: 1 }],
    ['a tag', { tags: ['tag 3'] }],
    ['two tags', { tags: ['tag 3', 'tag 4'] }],
    ['a user', { assignee: 'agent 20' }],
    ['a customer', { customer: '77' }],
    ['an id of another system', { externalReference: 'ref 77' }],
    ['a number', { number: 77 }],
    ['a word', { text: 'w077' }],
    ['a rare word', { text: 'rare77' }],
    ['a word that all have', { text: 'title' }],
    ['a word and a status', { text: 'w077', states: ['open'] }],
  ])('narrowed by %s', async (_, filter) => {
    for (const start of [0, 500]) {
      const found = await reads(({ listSql }) => readPage(listSql, account, filter, start, 15));
      expect(found).not.toEqual([]);
      expect(scans(found)).toEqual([]);
    }
  });
});

describe('an index finds', () => {
  it.each<[string, DeskFilter, string]>([
    ['each status in order', {}, 'ticket_state'],
    ['the tickets of a group', { queue: '3' }, 'ticket_desk_queue'],
    ['the tickets of a brand', { brand: 7 }, 'ticket_desk_brand'],
    ['the tickets of a user', { assignee: 'agent 20' }, 'ticket_assignee'],
    ['the tickets of a customer', { customer: '77' }, 'ticket_customer'],
    ['a ticket', { number: 77 }, 'ticket_number'],
    ['a rare word', { text: 'rare77' }, 'ticket_search'],
  ])('%s', async (_, filter, index) => {
    expect(await reads(({ listSql }) => readPage(listSql, account, filter, 0, 15))).toContain(index);
  });

  it('how many tickets there are, without looking at any', async () => {
    const found = await reads(({ listSql }) => readPage(listSql, account, { states: ['open'] }, 0, 15));
    expect(found).toEqual([
      'event_pkey',
      'reader_position_pkey',
      'ticket_count_pkey',
      'ticket_pkey',
      'ticket_state',
    ]);
  });

  it('the tickets that a call names, and those that are unfinished', async () => {
    expect(await reads(({ sql }) => findIds(sql, account, [1, 2, 3]))).toEqual(['ticket_number']);
    expect(
      await reads(({ listSql }) => numbersAfter(listSql, account, { states: UNFINISHED }, null, 100)),
    ).toEqual(['ticket_state']);
  });
});

// Above a million tickets the planner expects more than "many" of a word that it knows nothing of.
it.each([
  ["('rare77':*)", false],
  ["('nowhere':* | 'neighbour')", false],
  ["('rare77':* | 'it\\'s \\\\')", false],
  ["('title':*)", true],
  ["('nowhere':* | 'title')", true],
])('only words that the statistics know are common: %s', async (search, common) => {
  expect(await isCommon(stores.shared.listSql, account, {}, search, 10)).toBe(common);
});

it('totals are exact where only the status narrows, and bounded elsewhere', async () => {
  const { listSql } = stores.shared;
  const total = async (filter: DeskFilter, start = 0) =>
    (await readPage(listSql, account, filter, start, 15)).total;
  expect(await total({})).toBe(ROWS);
  const [{ n }] = await listSql<[{ n: number }]>`
    select count(*) as n from ticket where account = ${account} and kind = 'desk' and state = 'open'`;
  expect(await total({ states: ['open'] })).toBe(n);
  expect(await total({ brand: 7 })).toBe(ROWS / 50);
  expect(await total({ text: 'w077' })).toBe(ROWS / 1000);
  expect(await total({ text: 'title' })).toBe(1000);
  expect(await total({ text: 'title' }, 5000)).toBe(5016);
  const last = await readPage(listSql, account, { text: 'title' }, ROWS - 10, 15);
  expect([last.tickets.length, last.total]).toEqual([10, ROWS]);
  const deep = await readPage(listSql, account, {}, ROWS - 5, 15);
  expect(deep.tickets.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
});
