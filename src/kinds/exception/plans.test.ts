import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { useStatementPlans } from '../../../test/statement-plans.ts';
import { useStores } from '../../../test/stores.ts';
import { forTheLog, until } from '../../../test/until.ts';
import { keepProviders, listCandidates } from './candidates/store.ts';
import { type ExceptionFilter, findByReference, listExceptions } from './find.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const ROWS = 60_000;

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  // Every second ticket is of another kind, and of the exceptions one in fifty is open.
  await sql`
    insert into ticket (account, id, kind, number, key, state, category, version, title, tags, fields, timers,
      created_at, updated_at, search)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
      case when i % 2 = 0 then 'exception' else 'errand' end, i, 'EXC-' || i,
      case when i % 100 = 0 then 'open' else 'closed' end, case when i % 100 = 0 then 'active' else 'final' end,
      1, 'Title ' || i, '{}',
      jsonb_build_object('type', '1', 'authorizationNumber', i / 4, 'requestType', i / 2 % 20,
        'serviceProviderId', i % 1000, 'serviceProviderName', 'SP ' || i % 1000,
        'references', jsonb_build_array(jsonb_build_object('domain', 'zendesk', 'type', 'ticket', 'identifier', i::text))),
      '{}', now() - i * interval '1 minute', now(), ''
    from generate_series(1, ${ROWS}) i`;
  await sql`
    insert into event (account, ticket, kind, type, from_state, to_state, version, actor, contract, data, at)
    select account, id, kind, 'ticket.created', null, state, 1, '{}', 'test', '{}', now()
    from ticket where account = ${account}`;
  await until(async () => {
    while ((await keepProviders(sql, account)) > 0);
    const [row] =
      await sql`select sum(open_count)::integer as open from exception_provider where account = ${account}`;
    return row?.open === ROWS / 100;
  }, forTheLog);
  for (const table of ['ticket', 'event', 'exception_provider', 'reader_position'])
    await sql`analyze ${sql(table)}`;
}, 120_000);

const scans = (found: readonly string[]) => found.filter((name) => name.startsWith('all of'));
const identifiers = (...names: string[]) => names.map((identifier) => ({ identifier }));

describe('a page of exceptions is read from an index', () => {
  it.each<[Omit<ExceptionFilter, 'withClosed'>, string[], string[]]>([
    [{}, ['ticket_exception_open'], ['ticket_exception']],
    [{ authorizationNumber: 500 }, ['ticket_exception_item'], ['ticket_exception_item']],
    [
      { serviceProviderId: 500 },
      ['ticket_exception_open_provider', 'ticket_exception_provider'],
      ['ticket_exception_provider'],
    ],
    [
      { requestType: 3 },
      ['ticket_exception_open', 'ticket_exception_request'],
      ['ticket_exception_request', 'ticket_exception'],
    ],
    [
      { references: identifiers('500', 'ZDTICKET-500') },
      ['ticket_exception_reference'],
      ['ticket_exception_reference'],
    ],
    [
      { references: identifiers('500'), authorizationNumber: 125, serviceProviderId: 500, requestType: 10 },
      ['ticket_exception_reference'],
      ['ticket_exception_reference'],
    ],
  ])('%j: %j, or with those that are closed %j', async (filter, open, all) => {
    for (const [withClosed, indexes] of [
      [false, open],
      [true, all],
    ] as const) {
      for (const after of [null, 30_000]) {
        const found = await reads(({ listSql }) =>
          listExceptions(listSql, account, { ...filter, withClosed }, after, 51),
        );
        expect(found).not.toEqual([]);
        expect(scans(found)).toEqual([]);
        // Where several are as good, statistics decide.
        expect(indexes).toEqual(expect.arrayContaining(found));
      }
    }
  });

  it('finds the exception of a help-desk ticket', async () => {
    const names = [{ domain: 'zendesk', identifier: '600' }];
    expect(await reads(({ listSql }) => findByReference(listSql, account, names))).toEqual([
      'ticket_exception_reference',
    ]);
    expect(await findByReference(stores.shared.listSql, account, names)).toMatchObject({ number: 600 });
  });

  it('shows the same as a look at every row', async () => {
    const { listSql } = stores.shared;
    const page = await listExceptions(
      listSql,
      account,
      { serviceProviderId: 0, withClosed: false },
      null,
      51,
    );
    expect(page.map(({ number }) => number)).toEqual(
      Array.from({ length: 51 }, (_, index) => ROWS - index * 1000),
    );
  });
});

describe('candidates', () => {
  const threshold = { count: 3, openedBefore: new Date(0) };

  it('are read from their list and the tail of the log', async () => {
    const found = await reads(({ sql }) => listCandidates(sql, account, threshold));
    expect(scans(found).filter((name) => name !== 'all of exception_provider')).toEqual([]);
    expect(found).toContain('event_pkey');
  });

  it('are those that a look at every row finds', async () => {
    const candidates = await listCandidates(stores.shared.sql, account, threshold);
    expect(candidates.map(({ provider, openCount }) => [provider, openCount])).toEqual(
      [0, 900, 800, 700, 600, 500, 400, 300, 200, 100].map((provider) => [provider, 60]),
    );
  });

  it('are counted anew from the index of open exceptions', async () => {
    const { sql } = stores.shared;
    await sql`
      insert into event (account, ticket, kind, type, from_state, to_state, version, actor, contract, data, at)
      select account, id, kind, 'ticket.transitioned', 'open', 'closed', 2, '{}', 'test', '{}', now()
      from ticket where account = ${account} and kind = 'exception' and number = 600`;
    expect(await reads((handles) => listCandidates(handles.sql, account, threshold))).toContain(
      'ticket_exception_open_provider',
    );
  });
});
