import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { useStatementPlans } from '../../../test/statement-plans.ts';
import { useStores } from '../../../test/stores.ts';
import { readHappenings } from './events.ts';
import { listServiceTickets, type ServiceFilter } from './store.ts';
import type { ServiceState } from './workflow.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 40_000;
const ALL: readonly ServiceState[] = [
  'prepared',
  'pending',
  'inProgress',
  'outsourced',
  'closed',
  'cancelled',
];

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  // Every second ticket is of another kind.
  await sql`
    insert into ticket (account, id, kind, number, key, state, category, version, title, tags, fields, timers,
      created_at, updated_at, search)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
      case when i % 2 = 0 then 'service' else 'errand' end, i, 'SV-' || i,
      case when i % 100 < 40 then 'pending' when i % 100 < 90 then 'closed' when i % 100 < 96 then 'cancelled'
        else 'inProgress' end,
      'active', 1, 'Title ' || i, '{}',
      jsonb_build_object('externallyProcessed', i % 100 = 50), '{}', now(), now(), ''
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into event (account, ticket, kind, type, name, from_state, to_state, version, actor, contract, data, at)
    select account, id, kind, 'ticket.created', 'create', null, state, 1, '{}', 'test', '{}', now() from ticket
    where account = ${account}`;
  await sql`
    insert into ticket_count (account, kind, state, n)
    select account, kind, state, count(*) from ticket where account = ${account} group by account, kind, state`;
  await sql`
    insert into reader_position (account, reader, xid, seq)
    select account, 'counts', xid, seq from event where account = ${account} order by xid desc, seq desc limit 1`;
  for (const table of ['ticket', 'event', 'ticket_count']) await sql`vacuum analyze ${sql(table)}`;
});

const COUNT = ['event_pkey', 'reader_position_pkey', 'ticket_count_pkey'];

describe('a page of service tickets is read from an index', () => {
  it.each<[string, ServiceFilter, number, string[]]>([
    ['a waiting line', { states: ['pending'] }, 0, [...COUNT, 'ticket_state']],
    ['its depths', { states: ['pending'] }, 3000, [...COUNT, 'ticket_pkey', 'ticket_state']],
    ['its end', { states: ['pending'] }, 7990, [...COUNT, 'ticket_pkey', 'ticket_state']],
    ['beyond its end', { states: ['pending'] }, 8000, COUNT],
    ['a short line', { states: ['inProgress'] }, 0, [...COUNT, 'ticket_state']],
    ['all states', { states: ALL }, 0, [...COUNT, 'ticket_state']],
    ['the depths of all states', { states: ALL }, 9000, [...COUNT, 'ticket_pkey', 'ticket_state']],
    ['one number', { states: ALL, number: 44 }, 0, ['ticket_number']],
    [
      'those that a provider closed',
      { states: ALL, externallyProcessed: true },
      0,
      ['ticket_service_external'],
    ],
    [
      'the others',
      { states: ALL, externallyProcessed: false },
      0,
      [...COUNT, 'ticket_service_external', 'ticket_state'],
    ],
  ])('%s', async (_what, filter, offset, indexes) => {
    const found = await reads(({ sql }) => listServiceTickets(sql, account, filter, 25, offset));
    expect(found).toEqual(indexes.toSorted());
  });
});

describe('a total', () => {
  const total = async (filter: ServiceFilter) =>
    (await listServiceTickets(stores.shared.sql, account, filter, 1, 0)).total;

  it('is exact', async () => {
    expect(await total({ states: ['pending'] })).toBe(8000);
    expect(await total({ states: ALL })).toBe(ROWS / 2);
    expect(await total({ states: ALL, externallyProcessed: true })).toBe(400);
    expect(await total({ states: ['closed'], externallyProcessed: false })).toBe(9600);
    expect(await total({ states: ['pending'], externallyProcessed: true })).toBe(0);
  });
});

describe('what happened to service tickets', () => {
  it('is read from an index without the other kinds', async () => {
    for (const what of [null, 'closed', 'updated']) {
      const found = await reads(({ sql }) => readHappenings(sql, account, null, 25, what));
      expect(found).toEqual(['event_pkey', 'event_service', 'ticket_pkey']);
    }
  });

  it('comes to its end though a call looks only so far', async () => {
    const { sql } = stores.shared;
    let after: Awaited<ReturnType<typeof readHappenings>>['next'] = null;
    const seen = new Set<string>();
    let calls = 0;
    for (;;) {
      const page: Awaited<ReturnType<typeof readHappenings>> = await readHappenings(
        sql,
        account,
        after,
        1000,
        'cancelled',
      );
      if (page.happenings.length === 0 && JSON.stringify(page.next) === JSON.stringify(after)) break;
      for (const { ticket } of page.happenings) seen.add(ticket);
      after = page.next;
      calls += 1;
    }
    expect(seen.size).toBe(1200);
    expect(calls).toBeGreaterThan(1);
  });
});
