import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { useStatementPlans } from '../../../test/statement-plans.ts';
import { useStores } from '../../../test/stores.ts';
import { keepCounts } from '../../store/counts.ts';
import { countTroubleTickets, listTroubleTickets, type TroubleFilter, type TroubleOrder } from './store.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 50_000;
const NEWEST: TroubleOrder = { by: 'created', descending: true };

/** Every fifth ticket belongs to `rare`'s two hundred or to one of many parties, the others to `busy`. */
beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  for (const [kind, share] of [
    ['trouble', 1],
    ['errand', 2],
  ] as const) {
    await sql`
      insert into ticket
      select ${account}, ('019ab000-0000-7000-8' || lpad(${share}::text, 3, '0') || '-' || lpad(to_hex(i), 12, '0'))::uuid, ${kind}, i, 'RED-' || i,
        (array['closed', 'openActive', 'held', 'cleared'])[1 + case when i % 100 < 90 then 0 else i % 4 end],
        'active', 1, 'Title ' || i, 1 + i % 3, null, null, null, '{}',
        case when i % 250 = 0 then 'rare' when i % 5 = 0 then 'party ' || i % 2000 else 'busy' end, ${account},
        'ref ' || i, null, jsonb_build_object('troubleType', 'T' || i % 50, 'troubleDescription', 'Title ' || i), '{}', null,
        now() - i * interval '1 second', now() - i * interval '1 second', null, array_to_tsvector(array['title'])
      from generate_series(1, ${ROWS}) i`;
  }
  await sql`
    insert into event (account, ticket, kind, type, to_state, version, actor, contract, data, at)
    select account, id, kind, 'ticket.created', state, 1, '{}', 'test', '{}', now() from ticket where account = ${account}`;
  await sql`insert into reader_position (account, reader, xid, seq) values (${account}, 'counts', '0', 0) on conflict do nothing`;
  while ((await keepCounts(sql, account)) > 0);
  for (const table of ['ticket', 'event', 'ticket_count']) await sql`analyze ${sql(table)}`;
}, 120_000);

const FILTERS: [string, TroubleFilter][] = [
  ['nothing', { party: null, conditions: [] }],
  ['a status', { party: null, states: ['held'], conditions: [] }],
  ['several statuses', { party: null, states: ['held', 'openActive'], conditions: [] }],
  ['a party', { party: 'busy', conditions: [] }],
  ['a party and a status', { party: 'busy', states: ['held'], conditions: [] }],
  ['a party of few tickets', { party: 'rare', conditions: [] }],
  ['a party without tickets', { party: 'nobody', conditions: [] }],
  ['a severity', { party: 'busy', conditions: [{ on: 'severity', values: ['Major'] }] }],
  ['a type', { party: 'rare', conditions: [{ on: 'field', name: 'troubleType', values: ['T7'] }] }],
  ['an id', { party: 'busy', conditions: [{ on: 'key', values: ['RED-77', 'x'] }] }],
  ['an external id', { party: null, conditions: [{ on: 'externalReference', values: ['ref 77'] }] }],
  ['a related party', { party: null, conditions: [{ on: 'party', values: ['rare'] }] }],
  ['a time', { party: null, conditions: [{ on: 'updatedAt', than: 'after', at: new Date() }] }],
];

const scans = (found: readonly string[]) => found.filter((name) => name.startsWith('all of'));

describe('no list of trouble tickets reads a whole table', () => {
  it.each(FILTERS)('narrowed by %s', async (_, filter) => {
    const pages = await reads(({ listSql }) =>
      listTroubleTickets(listSql, account, filter, NEWEST, { offset: 0 }, 25),
    );
    expect(scans(pages)).toEqual([]);
    expect(scans(await reads(({ listSql }) => countTroubleTickets(listSql, account, filter)))).toEqual([]);
  });

  it('the account’s tickets, and those of one status, in order from an index', async () => {
    const all = { party: null, conditions: [] };
    const list = (filter: TroubleFilter, order = NEWEST) =>
      reads(({ listSql }) => listTroubleTickets(listSql, account, filter, order, { offset: 0 }, 25));
    expect(await list({ ...all, states: ['held'] })).toEqual(['ticket_pkey', 'ticket_state']);
    expect(await list({ ...all, party: 'rare' })).toEqual(['ticket_issuer', 'ticket_owner', 'ticket_pkey']);
    expect(await list(all, { by: 'updated', descending: true })).toEqual(['ticket_pkey', 'ticket_updated']);
  });

  it('totals where only statuses narrow, from the table of counts', async () => {
    const counting = await reads(({ listSql }) =>
      countTroubleTickets(listSql, account, { party: null, states: ['held'], conditions: [] }),
    );
    expect(counting).toEqual(['event_pkey', 'reader_position_pkey', 'ticket_count_pkey']);
  });
});

it('totals are exact where only the status narrows, and bounded elsewhere', async () => {
  const { listSql } = stores.shared;
  const total = (filter: Partial<TroubleFilter>) =>
    countTroubleTickets(listSql, account, { party: null, conditions: [], ...filter });
  expect(await total({})).toBe(ROWS);
  const [{ n }] = await listSql<[{ n: number }]>`
    select count(*) as n from ticket where account = ${account} and kind = 'trouble' and state = 'held'`;
  expect(await total({ states: ['held'] })).toBe(n);
  expect(await total({ states: [] })).toBe(0);
  expect(await total({ party: 'rare' })).toBe(200);
  expect(await total({ party: 'busy' })).toBe(10_000);
});
