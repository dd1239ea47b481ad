import { beforeEach, describe, expect, it } from 'vitest';
import { SHIPPED_RULES } from '../rules/shipped.ts';
import { deriveAnew } from './derivation.ts';
import { event, ITEM, useEngine } from './fixture/engine.ts';

const engine = useEngine();
const HOUR = 3_600_000;
beforeEach(() => engine.begin());

const shipped = (key: string) =>
  SHIPPED_RULES.find((rule) => rule.key === key)?.data as Record<string, unknown>;
const change = (key: string, more: Record<string, unknown>) =>
  engine.put('exception-rules', key, { ...shipped(key), ...more });

async function derive(): Promise<number[]> {
  const steps = [];
  for (let count = 1; count > 0; ) {
    count = await deriveAnew(engine.store, engine.account);
    steps.push(count);
  }
  return steps;
}

describe('a rule that is changed', () => {
  it('moves its pending triggers', async () => {
    await engine.take(event('NewWorkItem'));
    await change('1', { delay: { after: 'PT2H', time: 'plain', from: 'event' } });
    expect(await derive()).toEqual([1, 0]);
    expect(await engine.pending()).toMatchObject({ ETA_MISSING: '2026-03-02T11:00:00.000Z' });
    expect(await derive()).toEqual([0]);
  });

  it('fires at once what was waited for and is due by now', async () => {
    await engine.take(event('NewWorkItem'));
    engine.clock.advance(3 * HOUR);
    await change('1', { delay: { after: 'PT2H', time: 'plain', from: 'event' } });
    await derive();
    await engine.fire();
    expect((await engine.exceptions()).map(({ fields }) => fields.typeName)).toEqual(['ETA_MISSING']);
  });

  it('learns from the events that came before what it now asks for', async () => {
    await engine.take(event('NewWorkItem'), event('BidStatusChanged', { data: { status: 'requested' } }));
    await change('1', {
      arms: [{ events: ['BidStatusChanged'] }],
      delay: { after: 'PT9H', time: 'plain', from: 'event' },
    });
    await derive();
    expect(await engine.pending()).toMatchObject({ ETA_MISSING: '2026-03-02T18:00:00.000Z' });
  });

  it('has its triggers brought up to date by the next event, before anybody derives them', async () => {
    await engine.take(event('NewWorkItem'));
    await change('1', { delay: { after: 'PT2H', time: 'plain', from: 'event' } });
    await engine.take(event('BidConversationAdded'));
    expect(await engine.pending()).toMatchObject({ ETA_MISSING: '2026-03-02T11:00:00.000Z' });
  });

  it('does not fire a trigger of the old rule', async () => {
    await engine.take(event('NewWorkItem'));
    await change('1', { delay: { after: 'PT20H', time: 'plain', from: 'event' } });
    engine.clock.advance(5 * HOUR);
    await engine.fire();
    expect(await engine.exceptions()).toEqual([]);
    expect(await engine.pending()).toMatchObject({ ETA_MISSING: '2026-03-03T05:00:00.000Z' });
  });
});

describe('a rule that is taken out of use', () => {
  it('has no triggers any more, and leaves its open exceptions to be settled', async () => {
    await engine.take(event('NewWorkItem'), event('NewWorkItem', { item: 2 }));
    engine.clock.advance(5 * HOUR);
    await engine.fire();
    await engine.take(event('StatusEvent', { at: engine.clock.now(), data: { status: 'dispatched' } }));
    expect(Object.keys(await engine.pending())).toContain('ETA_MISSING');
    await change('1', { isActive: false });
    await derive();
    expect(Object.keys(await engine.pending())).toEqual(['NO_STATUS_UPDATE']);
    await engine.take(event('StatusEvent', { item: 2, at: engine.clock.now(), data: { status: 'onSite' } }));
    expect((await engine.exceptions(2)).map(({ state, fields }) => [state, fields.settled])).toEqual([
      ['closed', true],
    ]);
  });

  it('passes over what was due in the meantime when it is used again, and waits for what is to come', async () => {
    await change('1', { isActive: false });
    await engine.take(event('NewWorkItem'), event('NewWorkItem', { item: 2, at: '2026-03-02T12:00:00Z' }));
    engine.clock.advance(5 * HOUR);
    await change('1', { isActive: true });
    await derive();
    await engine.fire();
    expect(await engine.exceptions()).toEqual([]);
    expect(Object.keys(await engine.pending())).toEqual(['NO_STATUS_UPDATE']);
    expect(await engine.pending(2)).toMatchObject({ ETA_MISSING: '2026-03-02T16:00:00.000Z' });
    await engine.take(event('StatusEvent', { at: engine.clock.now(), data: { status: 'dispatched' } }));
    expect(Object.keys(await engine.pending())).toContain('ETA_MISSING');
  });
});

describe('a calendar that is changed', () => {
  it('moves the triggers that wait in business time, in steps where there are many', async () => {
    const items = Array.from({ length: 700 }, (_, index) => index + 1);
    await engine.take(
      ...items.map((item) => event('NewWorkItem', { item })),
      event('NewWorkItem', { item: ITEM }),
    );
    await engine.put('business-calendars', 'default', {
      timeZone: 'UTC',
      hours: { friday: ['08:00-18:00'] },
    });
    expect(await derive()).toEqual([500, 201, 0]);
    expect(await engine.pending()).toMatchObject({
      ETA_MISSING: '2026-03-06T12:00:00.000Z',
      NO_STATUS_UPDATE: '2026-03-04T09:00:00.000Z',
    });
  });
});

it('a rule that cannot be evaluated is refused when it is written', async () => {
  await expect(change('1', { arms: [] })).rejects.toThrow('/arms');
  await expect(change('1', { subject: '{{ weather }}' })).rejects.toThrow('/subject');
  await expect(engine.put('business-calendars', 'x', { timeZone: 'UTC', hours: {} })).rejects.toThrow(
    '/hours',
  );
});
