import { beforeAll, describe, expect, it } from 'vitest';
import { ensureEntries } from '../../cli/demo/entries.ts';
import { seededRandom } from '../../cli/demo/random.ts';
import { inTransaction } from '../../store/database.ts';
import { findTriggers } from './api/find-triggers.ts';
import { exceptionDemo } from './demo.ts';
import { deriveAnew } from './engine/derivation.ts';
import { useEngine } from './engine/fixture/engine.ts';
import { findItems } from './engine/store.ts';

const engine = useEngine();
const DAY_MS = 86_400_000;
const ITEMS = 400;

beforeAll(async () => {
  await engine.begin();
  const { store, clock, account: key } = engine;
  await ensureEntries(store, key, exceptionDemo.entries ?? {});
  store.directory.forget(key);
  const now = clock.now();
  const account = await store.directory.account(key);
  const parts = Array.from({ length: ITEMS }, (_, index) => ({
    index,
    beginsAt: new Date(now.getTime() - ((ITEMS - index) * exceptionDemo.days * DAY_MS) / ITEMS),
    random: seededRandom(1, index),
  }));
  await inTransaction(store.sql, (tx) =>
    exceptionDemo.perform(tx, { account, parts, now, takeNumbers: store.takeNumbers }),
  );
});

const numbers = Array.from({ length: ITEMS }, (_, index) => 400_001 + index);

describe('a week of work items', () => {
  it('has exceptions of every type that a week can bring, some of them settled', async () => {
    const { sql } = engine.store;
    const rows = await sql<{ type: string; open: boolean; closed: boolean }[]>`
      select fields->>'typeName' as type, bool_or(state = 'open') as open, bool_or(state = 'closed') as closed
      from ticket where account = ${engine.account} group by 1 order by 1`;
    expect(rows.map(({ type }) => type)).toEqual([
      'BID_NOT_RECEIVED',
      'BID_REVIEW_OVERDUE',
      'CUSTOMER_NOT_NOTIFIED',
      'EMERGENCY_NOT_ACCEPTED',
      'ETA_MISSING',
      'ETA_PASSED',
      'INVOICE_ATTACHMENT_MISSING',
      'NO_STATUS_UPDATE',
      'NTE_EXTENSION_PENDING',
      'PROJECT_NOT_STARTED',
    ]);
    expect(rows.filter(({ open }) => open).length).toBeGreaterThan(5);
    expect(rows.filter(({ closed }) => closed).length).toBeGreaterThan(5);
  });

  it('has service providers with many open ones, and most work items without any', async () => {
    const { sql } = engine.store;
    const providers = await sql`
      select fields->>'serviceProviderId' from ticket where account = ${engine.account} and state = 'open'
      group by 1 having count(*) >= 3`;
    expect(providers.length).toBeGreaterThan(3);
    const [{ n }] = await sql<[{ n: number }]>`
      select count(distinct fields->>'authorizationNumber') as n from ticket where account = ${engine.account}`;
    expect(n).toBeLessThan(ITEMS * 0.6);
  });

  it('waits for triggers, none of which is due, and is as the engine itself would have made it', async () => {
    const { store, account, clock } = engine;
    const items = await findItems(store.sql, account, numbers);
    expect(items).toHaveLength(ITEMS);
    const pending = items.flatMap((item) => Object.values(item.pending));
    expect(pending.length).toBeGreaterThan(ITEMS / 4);
    expect(Math.min(...pending)).toBeGreaterThanOrEqual(clock.now().getTime());
    const [first] = items.filter((item) => Object.keys(item.pending).length > 0);
    expect(await findTriggers(store, account, String(first?.authorizationNumber))).toHaveLength(
      Object.keys(first?.pending ?? {}).length,
    );
    await deriveAnew(store, account);
    expect(await findItems(store.sql, account, numbers)).toEqual(items);
  });
});
