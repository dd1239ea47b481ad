import { beforeAll, describe, expect, it } from 'vitest';
import { collections, colors, people, topics } from '../../test/collections.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, moved } from '../../test/errands.ts';
import { errandKinds } from '../../test/kind.ts';
import { useStatementPlans, type WatchedHandles } from '../../test/statement-plans.ts';
import { useStores } from '../../test/stores.ts';
import { findByAlias, findEntries } from './catalogue/find.ts';
import { listEntries } from './catalogue/list.ts';
import { searchEntries } from './catalogue/search.ts';
import { loadCatalogue } from './catalogue/snapshot.ts';
import { commit } from './commit.ts';
import { countByState } from './counts.ts';
import type { Sql } from './database.ts';
import { eraseRows } from './erase-rows.ts';
import { findChildren } from './hand-offs/children.ts';
import { findFamilies } from './hand-offs/family.ts';
import { readPart } from './hand-offs/read.ts';
import { findReplay } from './idempotency.ts';
import { findLineage, findLinks } from './links.ts';
import { listTickets, type Sort, type TicketFilter } from './list.ts';
import {
  idsOfRefs,
  loadByNumbers,
  loadByUniqueKey,
  loadTicket,
  loadTickets,
  lockTickets,
  lockToErase,
} from './load.ts';
import { LOG_START, newestPosition, readLog, readTimeline } from './log.ts';
import { toSearchQuery } from './search.ts';
import type { Store } from './store.ts';
import { claimDueTimers, findTimer, listTimers, nextDueTimes } from './timers.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 50_000;
/** The id of the n-th ticket, event or timer. */
const idOf = (index: number) => `019ab000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  await sql`
    insert into ticket
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'errand', i, 'RED-' || i,
      case when i % 100 < 80 then 'done' when i % 100 < 95 then 'open' else 'waiting' end,
      case when i % 100 < 80 then 'final' when i % 100 < 95 then 'active' else 'waiting' end,
      1, 'Title ' || i, i % 4, case when i % 10 = 0 then 'agent ' || i % 200 end, 'queue ' || i % 5,
      'customer ' || i % 5000, array['tag ' || i % 7], case when i % 50 = 0 then 'rare' else 'guest' end,
      case when i % 60 = 0 then 'rare owner' else ${account} end, 'ref ' || i, 'unique ' || i, '{}', '{}',
      case when i % 100 >= 95 then now() + i * interval '1 second' end,
      now() - i * interval '1 minute', now() - (i * 7919 % 50000) * interval '1 minute', null,
      array_to_tsvector(array['title', 'w' || i % 1000])
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into event (account, xid, ticket, kind, type, to_state, version, actor, contract, data, at)
    select ${account}, (i / 3)::text::xid8, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'errand',
      'ticket.created', 'done', 1, '{}', 'test', '{}', now()
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into ticket_link (account, ticket, relation, other, created_at)
    select account, id, 'parent', lag(id, 1000) over (order by id), now() from ticket where account = ${account}
    order by id offset 1000`;
  await sql`
    insert into timer (account, id, ticket, kind, name, due_at, ticket_version, created_at)
    select account, id, id, kind, 'patience', now() + number * interval '1 second', 1, now() from ticket
    where account = ${account}`;
  await sql`
    insert into idempotency (account, actor, key, fingerprint, status, headers, body, created_at)
    select ${account}, 'me', 'k' || i, 'f', 200, '{}', '', now() - (20000 - i) * interval '1 second'
    from generate_series(1, 20000) i`;
  await sql`
    insert into word (account, word)
    select distinct ${account}, translate(left(md5(i::text), 9), '0123456789', 'ghijklmnop')
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into entry
    select ${account}, 'people', i::text, i, 'mail' || i, '{}', ' ' || md5(i::text) || ' ' || left(md5((i * 7)::text), 5) || ' ',
      1, now(), now()
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into entry
    select ${account}, 'topics', 'topic ' || i, null, null, '{}', null, 1, now(), now() from generate_series(1, 5000) i`;
  for (const table of ['ticket', 'event', 'timer', 'idempotency', 'word', 'entry', 'ticket_link'])
    await sql`analyze ${sql(table)}`;
});

const newest: Sort = { column: 'created', descending: true };
const oldest: Sort = { column: 'created', descending: false };
const updated: Sort = { column: 'updated', descending: true };
const due: Sort = { column: 'due', descending: false };
const anHourAgo = new Date(Date.now() - 3_600_000);

describe('a page of a list is read from an index', () => {
  it.each<[TicketFilter, Sort, string[]]>([
    [{ party: null }, newest, ['ticket_pkey']],
    [{ party: null }, oldest, ['ticket_pkey']],
    [{ party: null }, updated, ['ticket_updated']],
    [{ party: null }, due, ['ticket_due']],
    [{ party: null, kind: 'errand' }, newest, ['ticket_pkey']],
    [{ party: null, kind: 'errand', states: ['waiting'] }, newest, ['ticket_state']],
    [{ party: null, kind: 'errand', states: ['open', 'waiting'] }, newest, ['ticket_pkey']],
    [{ party: 'rare' }, newest, ['ticket_issuer', 'ticket_owner']],
    [{ party: 'rare', side: 'owner' }, newest, ['ticket_owner']],
    [{ party: 'guest' }, newest, ['ticket_owner', 'ticket_pkey']],
    [{ party: 'guest' }, updated, ['ticket_owner', 'ticket_updated']],
    [{ party: 'guest' }, due, ['ticket_due', 'ticket_owner']],
    [{ party: 'guest', kind: 'errand', states: ['waiting'] }, newest, ['ticket_owner', 'ticket_state']],
    [{ party: 'guest', externalReference: 'ref 7' }, newest, ['ticket_external_reference', 'ticket_owner']],
    [{ party: null, assignee: 'agent 20' }, newest, ['ticket_assignee']],
    [{ party: null, assignee: 'agent 20' }, updated, ['ticket_assignee']],
    [{ party: null, customer: 'customer 7' }, newest, ['ticket_customer']],
    [{ party: null, externalReference: 'ref 7' }, newest, ['ticket_external_reference']],
    [{ party: null, dueBefore: new Date() }, due, ['ticket_due']],
    [{ party: null, updatedAfter: anHourAgo }, updated, ['ticket_updated']],
    [{ party: null, updatedAfter: anHourAgo }, newest, ['ticket_updated']],
    [{ party: null, search: "'w77'" }, newest, ['ticket_search']],
    [{ party: null, category: 'waiting' }, newest, ['ticket_pkey']],
    [{ party: null, queue: 'queue 3' }, newest, ['ticket_pkey']],
    [{ party: null, priority: 3 }, newest, ['ticket_pkey']],
    [{ party: null, tag: 'tag 3' }, newest, ['ticket_pkey']],
  ])('%j, %j: %j', async (filter, sort, indexes) => {
    for (const start of [null, { id: idOf(ROWS / 2), at: new Date().toISOString() }]) {
      const found = await reads(({ listSql }) => listTickets(listSql, account, filter, sort, 50, start));
      expect(found).not.toEqual([]);
      // Where several are as good, statistics decide.
      expect(indexes).toEqual(expect.arrayContaining(found));
    }
  });
});

describe('an index finds', () => {
  it.each<[string, string[], (handles: WatchedHandles) => Promise<unknown>]>([
    ['a ticket by id', ['ticket_pkey'], ({ sql }) => loadTicket(sql, account, { id: idOf(7) })],
    ['a ticket by key', ['ticket_number'], ({ sql }) => loadTicket(sql, account, { key: 'RED-7' })],
    [
      'a ticket by number',
      ['ticket_number'],
      ({ sql }) => loadTicket(sql, account, { kind: 'errand', number: 7 }),
    ],
    ['tickets by number', ['ticket_number'], ({ sql }) => loadByNumbers(sql, account, [7, 8])],
    ['tickets by id', ['ticket_pkey'], ({ sql }) => loadTickets(sql, account, [idOf(7), idOf(8)])],
    ['a unique key', ['ticket_unique_key'], ({ sql }) => loadByUniqueKey(sql, account, 'errand', 'unique 7')],
    [
      'tickets to lock',
      ['ticket_number', 'ticket_pkey'],
      ({ sql }) => lockTickets(sql, account, [idOf(7)], ['RED-8']),
    ],
    ['a timeline', ['event_ticket', 'ticket_pkey'], ({ sql }) => readTimeline(sql, account, idOf(7), 0, 50)],
    ['a page of the log', ['event_pkey', 'ticket_pkey'], ({ sql }) => readLog(sql, account, LOG_START, 50)],
    ['the end of the log', ['event_pkey'], ({ sql }) => newestPosition(sql, account)],
    ['the next timers of all', ['timer_due'], ({ sql }) => nextDueTimes(sql, [account], ['errand'])],
    [
      'due timers',
      ['ticket_pkey', 'timer_due'],
      ({ sql }) => claimDueTimers(sql, account, ['errand'], new Date(), 200),
    ],
    [
      'a page of timers',
      ['ticket_pkey', 'timer_due'],
      ({ listSql }) => listTimers(listSql, account, { party: null, limit: 50 }),
    ],
    [
      'the timers of a ticket',
      ['ticket_pkey', 'timer_ticket'],
      ({ listSql }) => listTimers(listSql, account, { party: null, ticket: idOf(7), limit: 50 }),
    ],
    ['a timer', ['ticket_pkey', 'timer_pkey'], ({ sql }) => findTimer(sql, account, idOf(7))],
    [
      'an idempotency record',
      ['idempotency_pkey'],
      ({ sql }) => findReplay(sql, account, 'me', { key: 'k7', fingerprint: 'f' }),
    ],
    [
      'the neighbours of a word',
      ['word_pkey', 'word_trigrams'],
      ({ sql }) => toSearchQuery(sql, account, 'wrodly words'),
    ],
    ['entries by key', ['entry_pkey'], ({ sql }) => findEntries(sql, account, people, ['7', '8'])],
    [
      'an entry by its second name',
      ['entry_alias', 'entry_pkey'],
      ({ sql }) => findByAlias(sql, account, people, 'mail7'),
    ],
    [
      'a page of entries by number',
      ['entry_number', 'entry_pkey'],
      ({ listSql }) => listEntries(listSql, account, people, 50, '9000'),
    ],
    [
      'a page of entries by key',
      ['entry_pkey'],
      ({ listSql }) => listEntries(listSql, account, topics, 50, 'topic 3'),
    ],
    [
      'a page with shipped entries',
      ['entry_pkey'],
      ({ listSql }) => listEntries(listSql, account, colors, 50, null),
    ],
    ['the small collections', ['entry_pkey'], ({ sql }) => loadCatalogue(sql, account, collections)],
    [
      'the entries with words, and those near them',
      ['entry_words'],
      ({ listSql }) => searchEntries(searching(listSql), account, people, 'abcdefxx fedcbaxx', 50),
    ],
    ['what a commit writes', ['idempotency_pkey', 'ticket_pkey', 'timer_pkey'], commitSome],
    [
      'the links of tickets',
      ['ticket_link_other', 'ticket_link_pkey'],
      ({ sql }) => findLinks(sql, account, [idOf(7), idOf(8)]),
    ],
    [
      'the parents of tickets',
      ['ticket_link_pkey'],
      ({ sql }) => findLineage(sql, account, [idOf(7), idOf(8)]),
    ],
    [
      'the family of a ticket that asks for another one',
      ['ticket_link_other', 'ticket_link_pkey', 'ticket_pkey'],
      ({ sql }) => findFamilies(sql, account, [idOf(7), idOf(8)]),
    ],
    [
      'the children that ended',
      ['event_pkey', 'event_ticket', 'ticket_link_pkey', 'ticket_pkey'],
      ({ sql }) => readPart(sql, account, LOG_START, errandKinds),
    ],
    [
      'the children that hand-offs made',
      ['event_ticket', 'ticket_link_other', 'ticket_pkey'],
      ({ sql }) => findChildren(sql, account, [idOf(7), idOf(8)]),
    ],
    [
      'tickets to erase',
      ['ticket_number', 'ticket_pkey'],
      async ({ sql }) => {
        const ids = await idsOfRefs(sql, account, [{ key: 'RED-8' }, { kind: 'errand', number: 9 }]);
        await lockToErase(
          sql,
          account,
          ids.filter((id) => id !== null),
        );
      },
    ],
  ])('%s: %j', async (_, indexes, work) => {
    expect(await reads(work)).toEqual(indexes);
  });

  it.each<[string, string[], (handles: WatchedHandles) => Promise<unknown>]>([
    [
      'how many tickets of a kind stand in which state',
      ['event_pkey'],
      ({ sql }) => countByState(sql, account, 'errand'),
    ],
    [
      'all rows of tickets that are erased',
      ['attachment_ticket', 'event_ticket', 'idempotency_age', 'ticket_pkey', 'timer_ticket'],
      ({ sql }) => eraseRows(sql, account, [asked(account), asked(account)], LOG_START, new Date()),
    ],
  ])('%s, without reading a big table whole: %j', async (_, indexes, work) => {
    const found = await reads(work);
    expect(found).toEqual(expect.arrayContaining(indexes));
    expect(
      found.filter((name) => /^all of (ticket|event|timer|idempotency|ticket_link)$/.test(name)),
    ).toEqual([]);
  });

  it('the events of a party, of whose tickets the log has few', async () => {
    const found = await reads(({ sql }) => readLog(sql, account, LOG_START, 50, 'rare'));
    expect(found.filter((name) => name.startsWith('all of'))).toEqual([]);
  });
});

function searching(listSql: Sql): Pick<Store, 'listSql' | 'catalogue'> {
  return { listSql, catalogue: () => stores.shared.catalogue(account) };
}

function commitSome({ sql }: WatchedHandles): Promise<unknown> {
  const created = asked(account);
  const waits = moved(moved(created.ticket, 'accept').ticket, 'wait');
  const answered = moved(waits.ticket, 'answer');
  const answer = { status: 200, headers: {}, body: '' };
  const idempotency = { actor: 'me', key: 'new', fingerprint: 'f', answer };
  return commit(sql, account, [
    { decision: asked(account), idempotency },
    { decision: answered, idempotency: null },
  ]);
}
