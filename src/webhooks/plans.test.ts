import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStatementPlans } from '../../test/statement-plans.ts';
import { silent, useStores } from '../../test/stores.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { systemClock } from '../kernel/clock.ts';
import { findHeardEvent, readHeardEvents } from '../store/heard-events.ts';
import { findDelivery, listDeliveries, listWaiting, nextInLine, recordAttempt } from './deliveries.ts';
import { plainFormat } from './fixture/house.ts';
import { findLag } from './read-log.ts';
import { rewind } from './rewind.ts';
import type { Target } from './target.ts';
import { countTargets, deleteTarget, findTarget, listTargets } from './targets.ts';

const database = useDatabase();
const stores = useStores(database);
const reads = useStatementPlans(database);
const account = 'big';
const webhook = '019ab000-0000-7000-8000-000000000001';
const ticket = '019ab000-0000-7000-8000-000000000002';

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  await sql`
    insert into webhook (account, id, format, url, filter, secrets, status, version, created_by, created_at, updated_at, xid, seq, since)
    select ${account}, ('019ab000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'plain', 'https://example.org/', '{}', '[]',
      'active', 1, 'test', now(), now(), '9000'::xid8, 0, '1:1:'
    from generate_series(1, 200) i`;
  await sql`
    insert into webhook_delivery (account, id, webhook, ticket, ticket_key, xid, seq, payload, status, created_at)
    select ${account}, gen_random_uuid(), ('019ab000-0000-7000-8000-' || lpad(to_hex(1 + i % 200), 12, '0'))::uuid,
      ('019ab000-0000-7000-8000-' || lpad(to_hex(i / 200), 12, '0'))::uuid, 'RED-1', (i / 3)::text::xid8, i, 'x',
      case when i % 97 = 0 then 'waiting' when i % 89 = 0 then 'failed' else 'delivered' end, now()
    from generate_series(1, 50000) i`;
  await sql`
    insert into event (account, xid, ticket, kind, type, version, actor, contract, data, at)
    select ${account}, (i / 3)::text::xid8, ${ticket}, 'errand', 'ticket.edited', 1, '{}', 'test', '{}', now()
    from generate_series(1, 30000) i`;
  for (const table of ['webhook', 'webhook_delivery', 'event']) await sql`analyze ${sql(table)}`;
});

const position = { xid: '5000', seq: 15_000 };
const target = { account, id: webhook } as Target;
const query = { before: 40_000, limit: 50 };
const nothing = { responseStatus: 200, responseBody: '', durationMs: 1, error: null, nextAttemptAt: null };

describe('the statements of webhooks read what they need', { timeout: 60_000 }, () => {
  it('for the reader of the log', async () => {
    const parts = {
      clock: systemClock,
      log: silent,
      jobs: {} as Jobs,
      formats: new Map([['plain', plainFormat]]),
    };
    expect(await reads(({ sql }) => findLag({ ...parts, sql }, account))).toEqual([
      'event_pkey',
      'webhook_pkey',
    ]);
    const byPosition = ['event_pkey', 'ticket_pkey'];
    expect(await reads(({ sql }) => readHeardEvents(sql, account, position, 200))).toEqual(byPosition);
    expect(await reads(({ sql }) => findHeardEvent(sql, account, position))).toEqual(byPosition);
  });

  it('for the next delivery of a line, and for what came of it', async () => {
    expect(await reads(({ sql }) => nextInLine(sql, account, webhook, ticket))).toEqual([
      'webhook_delivery_line',
    ]);
    expect(await reads(({ sql }) => listWaiting(sql, account, webhook))).toEqual(['webhook_delivery_line']);
    const record = { ...nothing, status: 'delivered', attempted: true, at: new Date() } as const;
    expect(await reads(({ sql }) => recordAttempt(sql, { account, id: ticket }, record))).toEqual([
      'webhook_delivery_pkey',
    ]);
  });

  it('for lists of deliveries', async () => {
    expect(await reads(({ listSql }) => listDeliveries(listSql, account, webhook, query))).toEqual([
      'webhook_delivery_list',
    ]);
    expect(
      await reads(({ listSql }) => listDeliveries(listSql, account, webhook, { ...query, status: 'failed' })),
    ).toEqual(['webhook_delivery_status']);
    expect(await reads(({ sql }) => findDelivery(sql, account, webhook, ticket))).toEqual([
      'webhook_delivery_pkey',
    ]);
  });

  it('for targets', async () => {
    expect(await reads(({ sql }) => findTarget(sql, account, webhook))).toEqual(['webhook_pkey']);
    expect(await reads(({ sql }) => listTargets(sql, account, { party: null, limit: 50 }))).toEqual([
      'webhook_pkey',
    ]);
    expect(await reads(({ sql }) => countTargets(sql, account, 'guest'))).toEqual(['webhook_pkey']);
    expect(await reads(({ sql }) => rewind(sql, target, new Date(0)))).toEqual([
      'event_pkey',
      'webhook_delivery_line',
      'webhook_pkey',
    ]);
    // Three indexes of deliveries begin with the webhook, and all are good for it.
    const forDeletion = await reads(({ sql }) => deleteTarget(sql, account, webhook));
    expect(forDeletion.map((name) => name.replace(/^webhook_delivery_.*/, 'webhook_delivery'))).toEqual([
      'webhook_delivery',
      'webhook_pkey',
    ]);
  });
});
