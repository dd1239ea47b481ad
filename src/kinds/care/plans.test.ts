import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { useStatementPlans } from '../../../test/statement-plans.ts';
import { useStores } from '../../../test/stores.ts';
import { type CareFilter, type CareOrder, childrenOf, listCareTickets } from './store.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 40_000;
const idOf = (index: number) => `019ab000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  // Every second ticket is of another kind.
  await sql`
    insert into ticket (account, id, kind, number, key, state, category, version, title, priority, assignee, queue,
      customer, tags, external_reference, fields, timers, created_at, updated_at, search)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
      case when i % 2 = 0 then 'care' else 'errand' end, i, 'CC-' || i,
      case when i % 100 < 90 then 'closed' when i % 100 < 96 then 'assigned' else 'escalated' end,
      case when i % 100 < 90 then 'final' else 'active' end, 1, 'Title ' || i, 1,
      case when i % 4 = 0 then 'agent ' || i % 40 end, 'queue ' || i % 10, 'customer ' || i % 5000, '{}', 'order ' || i,
      jsonb_build_object('priority', i * 7919 % 100000), '{}', now(), now(), ''
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into ticket_link (account, ticket, relation, other, created_at)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'parent',
      ('019ab000-0000-7000-8000-' || lpad(to_hex(i - 1), 12, '0'))::uuid, now()
    from generate_series(3, ${ROWS}, 2) i`;
  await sql`
    insert into ticket_count (account, kind, state, n)
    select account, kind, state, count(*) from ticket where account = ${account} group by account, kind, state`;
  for (const table of ['ticket', 'event', 'ticket_link', 'ticket_count']) await sql`analyze ${sql(table)}`;
});

describe('a page of care tickets is read from an index', () => {
  it.each<[CareFilter, CareOrder, string[]]>([
    [{}, 'urgent', ['ticket_care']],
    [{ state: 'escalated' }, 'urgent', ['ticket_care_state']],
    [{ state: 'closed' }, 'urgent', ['ticket_care', 'ticket_care_state']],
    [{ queue: 'queue 4' }, 'urgent', ['ticket_care_queue']],
    [{ queue: 'queue 4', state: 'assigned' }, 'urgent', ['ticket_care_queue', 'ticket_care_state']],
    [{ assignee: 'agent 8' }, 'urgent', ['ticket_care_assignee']],
    [{ assignee: 'agent 8', state: 'assigned' }, 'urgent', ['ticket_care_assignee', 'ticket_care_state']],
    [{ customer: 'customer 8' }, 'urgent', ['ticket_customer']],
    [{ customer: 'customer 8' }, 'newest', ['ticket_customer']],
    [{ orderId: 'order 8' }, 'urgent', ['ticket_external_reference']],
    [{ customer: 'nobody', queue: 'queue 4' }, 'urgent', ['ticket_care_queue', 'ticket_customer']],
  ])('%j, %s: %j', async (filter, order, indexes) => {
    for (const page of [1, 3]) {
      const found = await reads(({ listSql }) => listCareTickets(listSql, account, filter, order, page, 2));
      const ofTickets = found.filter((name) => !/^(ticket_count|event|reader_position)_pkey$/.test(name));
      expect(ofTickets).not.toEqual([]);
      // Where several are as good, statistics decide.
      expect(indexes).toEqual(expect.arrayContaining(ofTickets));
    }
  });

  it('and the children of its tickets as well', async () => {
    const found = await reads(({ sql }) => childrenOf(sql, account, [idOf(2), idOf(4), idOf(6)]));
    expect(found).toEqual(['ticket_link_other', 'ticket_link_pkey', 'ticket_pkey']);
  });
});

describe('a total', () => {
  it('without filters, or with a state, is known without reading tickets', async () => {
    for (const filter of [{}, { state: 'closed' }]) {
      const beyond = await reads(({ listSql }) =>
        listCareTickets(listSql, account, filter, 'urgent', 1_000_000, 100),
      );
      expect(beyond).toEqual(['event_pkey', 'reader_position_pkey', 'ticket_count_pkey']);
    }
    const { listSql } = stores.shared;
    const total = async (filter: CareFilter) =>
      (await listCareTickets(listSql, account, filter, 'urgent', 1, 1)).total;
    expect(await total({})).toBe(ROWS / 2);
    expect(await total({ state: 'escalated' })).toBe(800);
    expect(await total({ queue: 'queue 4' })).toBe(4000);
  });

  it('is not told where filters find more than can be counted at each look', async () => {
    const { sql, listSql } = stores.shared;
    await sql`update ticket set assignee = 'everybody' where account = ${account} and kind = 'care' and number <= 20100`;
    const found = await listCareTickets(listSql, account, { assignee: 'everybody' }, 'urgent', 1, 1);
    expect(found.total).toBeNull();
    expect(found.tickets).toHaveLength(1);
  });
});
