import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../../test/database.ts';
import { useStatementPlans, type WatchedHandles } from '../../../../test/statement-plans.ts';
import { useStores } from '../../../../test/stores.ts';
import { LOG_START } from '../../../store/log.ts';
import {
  dropSubjectTimers,
  dueSubjectTimers,
  presentSubjectTimers,
  putSubjectTimers,
  timersOfSubjects,
} from '../../../store/subject-timers.ts';
import { readPart } from '../help-desk/zendesk/store.ts';
import {
  eventsOfItems,
  exceptionsOfItems,
  findItem,
  findItems,
  insertEvents,
  insertItems,
  itemNumbersAfter,
  lockItems,
  lockItemsAfter,
  type StoredItem,
  updateItems,
} from './store.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const KIND = 'exception';
const ROWS = 30_000;
const idOf = (index: number) => `019ab000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
const now = new Date();

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  await sql`
    insert into work_item (account, authorization_number, facts, rules, exceptions, pending, derived_by, created_at, updated_at)
    select ${account}, i, '{}', '{}', '{}', '{}', '', now(), now() from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into work_item_event (account, id, authorization_number, type, occurred_at, received_at, body)
    select ${account}, 'event ' || i, i / 2, 'NewWorkItem', now(), now(), '{"data":{}}' from generate_series(1, ${2 * ROWS}) i`;
  await sql`
    insert into timer (account, id, subject, kind, name, due_at, created_at)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, i::text, ${KIND}, 'rule ' || i % 3,
      now() + i * interval '1 second', now()
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into ticket (account, id, kind, number, key, state, category, version, title, tags, fields, timers, created_at,
      updated_at, search)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, ${KIND}, i, 'EXC-' || i, 'open',
      'active', 1, 'Title', '{}', jsonb_build_object('type', '1', 'authorizationNumber', i), '{}', now(), now(), ''
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into event (account, ticket, kind, type, name, to_state, version, actor, contract, data, at)
    select account, id, kind, 'ticket.created', 'open', state, 1, '{}', 'test', '{}', now() from ticket
    where account = ${account}`;
  for (const table of ['work_item', 'work_item_event', 'timer', 'ticket', 'event'])
    await sql`analyze ${sql(table)}`;
});

const item = (authorizationNumber: number): StoredItem => ({
  authorizationNumber,
  facts: {},
  rules: {},
  exceptions: {},
  pending: {},
  derivedBy: '',
});
const event = {
  id: 'new',
  type: 'NewWorkItem',
  occurredAt: 0,
  authorizationNumber: 7,
  data: {},
} as const;

type Work = (handles: WatchedHandles) => Promise<unknown>;

describe('what rules and their timers read comes from an index', () => {
  it.each<[string, string[], Work]>([
    ['a work item', ['work_item_pkey'], ({ sql }) => findItem(sql, account, 7)],
    ['work items', ['work_item_pkey'], ({ sql }) => findItems(sql, account, [7, 8])],
    ['work items to lock', ['work_item_pkey'], ({ sql }) => lockItems(sql, account, [7, 8], 'skip')],
    ['the next ones to lock', ['work_item_pkey'], ({ sql }) => lockItemsAfter(sql, account, 7, 100)],
    ['the next numbers', ['work_item_pkey'], ({ sql }) => itemNumbersAfter(sql, account, 7, 100)],
    ['work items to write', ['work_item_pkey'], ({ sql }) => updateItems(sql, account, [item(7)], now)],
    ['new work items', [], ({ sql }) => insertItems(sql, account, [item(0)], now)],
    ['new events', [], ({ sql }) => insertEvents(sql, account, [event], now)],
    ['events of work items', ['work_item_event_item'], ({ sql }) => eventsOfItems(sql, account, [7, 8])],
    [
      'exceptions of work items',
      ['ticket_exception_item'],
      ({ sql }) => exceptionsOfItems(sql, account, [7, 8], '1'),
    ],
    ['due timers', ['timer_due'], ({ sql }) => dueSubjectTimers(sql, account, KIND, now, 200)],
    ['timers by id', ['timer_pkey'], ({ sql }) => presentSubjectTimers(sql, account, [idOf(7)])],
    ['timers of subjects', ['timer_subject'], ({ sql }) => timersOfSubjects(sql, account, KIND, ['7', '8'])],
    [
      'timers to start or move',
      [],
      ({ sql }) =>
        putSubjectTimers(
          sql,
          account,
          KIND,
          [{ id: idOf(0), subject: '7', name: 'rule 1', dueAt: now }],
          now,
        ),
    ],
    [
      'timers to drop',
      ['timer_subject'],
      ({ sql }) => dropSubjectTimers(sql, account, KIND, [{ subject: '8', name: 'rule 2' }]),
    ],
    [
      'what Zendesk has to be told of',
      ['event_pkey', 'ticket_pkey'],
      ({ sql }) => readPart(sql, account, LOG_START),
    ],
  ])('%s: %j', async (_, indexes, work) => {
    expect(await reads(work)).toEqual(indexes);
  });
});
