import { beforeEach, describe, expect, it } from 'vitest';
import type { RuleData } from '../rules/rule.ts';
import { SHIPPED_RULES } from '../rules/shipped.ts';
import { type DryRunPage, type DryRunRequest, dryRun } from './dry-run.ts';
import { event, useEngine } from './fixture/engine.ts';

const engine = useEngine();
const HOUR = 3_600_000;
const shipped = SHIPPED_RULES[0]?.data as unknown as RuleData;

beforeEach(async () => {
  await engine.begin();
  await engine.take(
    event('NewWorkItem', { item: 1 }),
    event('NewWorkItem', { item: 2 }),
    event('StatusEvent', {
      item: 2,
      at: '2026-03-02T12:00:00Z',
      data: { status: 'accepted', etaAt: '2026-03-02T20:00:00Z' },
    }),
    event('NewWorkItem', { item: 3, at: '2026-03-02T12:00:00Z' }),
  );
  engine.clock.advance(5 * HOUR);
  await engine.fire();
});

async function tried(rule: RuleData, more: Partial<DryRunRequest> = {}): Promise<DryRunPage> {
  const request = { account: engine.account, key: '1', rule, from: null, to: null, after: null, limit: 100 };
  const page = await dryRun(engine.store, { ...request, ...more });
  if (!page.ok) throw new Error(page.message);
  return page;
}

const told = ({ lines }: DryRunPage) =>
  lines.map(({ authorizationNumber, outcome, would }) => [
    authorizationNumber,
    outcome,
    would?.openedAt.toISOString(),
  ]);
const later = (after: string): RuleData => ({
  ...shipped,
  delay: { after, time: 'business', from: 'event' },
});

describe('a dry run', () => {
  it('of the rule as it is finds what is', async () => {
    const page = await tried(shipped);
    expect(page).toEqual({
      ok: true,
      items: 3,
      counts: { same: 1, opens: 0, closes: 0, misses: 0 },
      lines: [
        {
          authorizationNumber: 1,
          outcome: 'same',
          would: {
            openedAt: new Date('2026-03-02T13:00:00Z'),
            armedBy: expect.any(String),
            armedAt: new Date('2026-03-02T09:00:00Z'),
            settledAt: null,
            settledBy: null,
          },
          is: { authorizationNumber: 1, number: 1, openedAt: engine.clock.now(), closedAt: null },
        },
      ],
      next: null,
    });
  });

  it('shows what a shorter delay would open, and what the work item would have settled', async () => {
    expect(told(await tried(later('PT2H')))).toEqual([
      [1, 'same', '2026-03-02T11:00:00.000Z'],
      [2, 'opens', '2026-03-02T11:00:00.000Z'],
      [3, 'opens', '2026-03-02T14:00:00.000Z'],
    ]);
    const settles = { ...shipped, settles: [{ events: ['BidConversationAdded' as const] }] };
    await engine.take(event('BidConversationAdded', { item: 1, at: '2026-03-02T13:30:00Z' }));
    expect(told(await tried(settles))).toEqual([[1, 'closes', '2026-03-02T13:00:00.000Z']]);
  });

  it('shows what a longer delay, or none at all, would miss', async () => {
    expect(told(await tried(later('PT20H')))).toEqual([[1, 'misses', undefined]]);
    expect(told(await tried({ ...shipped, isActive: false }))).toEqual([[1, 'misses', undefined]]);
  });

  it('goes page by page, and from one moment to another', async () => {
    const first = await tried(later('PT2H'), { limit: 2 });
    expect([told(first).map(([item]) => item), first.next]).toEqual([[1, 2], 2]);
    const second = await tried(later('PT2H'), { limit: 2, after: first.next });
    expect([told(second).map(([item]) => item), second.next]).toEqual([[3], null]);
    const from = new Date('2026-03-02T13:30:00Z');
    expect(told(await tried(later('PT2H'), { from })).map(([item]) => item)).toEqual([1, 3]);
    const to = new Date('2026-03-02T13:30:00Z');
    expect(told(await tried(later('PT2H'), { to })).map(([item, outcome]) => [item, outcome])).toEqual([
      [1, 'opens'],
      [2, 'opens'],
    ]);
  });

  it('writes nothing, and refuses a rule that is not sound', async () => {
    const rows = () => engine.store.sql`
      select (select count(*) from event) as events, (select count(*) from timer) as timers,
        (select max(xmin::text::bigint) from work_item) as items`;
    const before = await rows();
    await tried(later('PT2H'));
    expect(await rows()).toEqual(before);
    const request = { account: engine.account, key: '1', from: null, to: null, after: null, limit: 100 };
    expect(await dryRun(engine.store, { ...request, rule: { ...shipped, arms: [] } })).toMatchObject({
      ok: false,
      code: 'invalidRequest',
      errors: [{ pointer: '/arms' }],
    });
    expect(
      await dryRun(engine.store, { ...request, rule: { ...shipped, exceptionType: '99' } }),
    ).toMatchObject({
      ok: false,
      errors: [{ pointer: '/exceptionType' }],
    });
  });
});
