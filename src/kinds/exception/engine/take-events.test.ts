import { beforeEach, describe, expect, it } from 'vitest';
import { readTimeline } from '../../../store/log.ts';
import { fieldsOf } from '../fields.ts';
import { event, ITEM, START, useEngine } from './fixture/engine.ts';
import { findItem } from './store.ts';

const engine = useEngine();
const HOUR = 3_600_000;
beforeEach(() => engine.begin());

const opened = {
  data: { priority: 3 },
  serviceProviderId: 9876,
  serviceProviderName: 'Example SP Inc',
  requestType: 1,
};

describe('an event', () => {
  it('makes the work item known and arms the rules that wait for it', async () => {
    expect(await engine.take(event('NewWorkItem', { id: 'new', ...opened }))).toEqual([
      { outcome: 'accepted', id: 'new' },
    ]);
    expect(await engine.pending()).toEqual({
      ETA_MISSING: '2026-03-02T13:00:00.000Z',
      NO_STATUS_UPDATE: '2026-03-04T09:00:00.000Z',
    });
    const mark = { at: Date.parse(START), id: 'new' };
    expect(await findItem(engine.store.sql, engine.account, ITEM)).toEqual({
      authorizationNumber: ITEM,
      facts: {
        requestType: { ...mark, value: 1 },
        serviceProviderId: { ...mark, value: 9876 },
        serviceProviderName: { ...mark, value: 'Example SP Inc' },
        openedAt: { ...mark, value: START },
        priority: { ...mark, value: 3 },
        status: { ...mark, value: 'new' },
        statusAt: { ...mark, value: START },
      },
      rules: { 1: { armed: mark }, 6: { armed: mark } },
      exceptions: {},
      pending: { 1: Date.parse('2026-03-02T13:00:00Z'), 6: Date.parse('2026-03-04T09:00:00Z') },
      derivedBy: expect.stringMatching(/^.{22}$/),
    });
  });

  it('that comes again changes nothing, in the same request or in another one', async () => {
    const one = event('NewWorkItem', { id: 'new', ...opened });
    expect(await engine.take(one, { ...one, data: { priority: 1 } })).toEqual([
      { outcome: 'accepted', id: 'new' },
      { outcome: 'repeated', id: 'new' },
    ]);
    const before = await findItem(engine.store.sql, engine.account, ITEM);
    expect(await engine.take({ ...one, data: { priority: 1 } })).toEqual([
      { outcome: 'repeated', id: 'new' },
    ]);
    expect(await findItem(engine.store.sql, engine.account, ITEM)).toEqual(before);
  });

  it('that is older than what is known does not undo it', async () => {
    await engine.take(event('StatusEvent', { at: '2026-03-02T10:00:00Z', data: { status: 'onSite' } }));
    await engine.take(event('NewWorkItem', opened));
    expect(await engine.pending()).toEqual({ NO_STATUS_UPDATE: '2026-03-04T10:00:00.000Z' });
    const item = await findItem(engine.store.sql, engine.account, ITEM);
    expect(item?.facts.status?.value).toBe('onSite');
  });

  it('that is no event is refused with every fault and its place, and the others are taken in', async () => {
    const results = await engine.take(
      event('NewWorkItem', { id: 'good', ...opened }),
      { id: 'bad', type: 'Nothing', occurredAt: 'yesterday', authorizationNumber: -1 },
      event('PriorityChange', { id: 'worse', data: { priority: 'high' } }),
      event('StatusEvent', { id: 'nul', data: { status: 'a\u0000b' } }),
      'text',
    );
    expect(results.map(({ outcome, id }) => [outcome, id])).toEqual([
      ['accepted', 'good'],
      ['refused', 'bad'],
      ['refused', 'worse'],
      ['refused', 'nul'],
      ['refused', null],
    ]);
    const pointers = results.map((result) =>
      'errors' in result ? result.errors.map(({ pointer }) => pointer).sort() : [],
    );
    expect(pointers).toEqual([
      [],
      ['/authorizationNumber', '/occurredAt', '/type'],
      ['/data/priority'],
      ['/data/status'],
      [''],
    ]);
  });

  it('takes back a trigger whose condition it makes untrue', async () => {
    await engine.take(event('NewWorkItem', opened));
    const etaAt = '2026-03-03T10:00:00Z';
    await engine.take(
      event('StatusEvent', { at: '2026-03-02T09:30:00Z', data: { status: 'dispatched', etaAt } }),
    );
    expect(await engine.pending()).toEqual({
      ETA_PASSED: '2026-03-03T10:30:00.000Z',
      NO_STATUS_UPDATE: '2026-03-04T09:30:00.000Z',
    });
  });

  it('moves a trigger with the priority', async () => {
    await engine.take(event('NewWorkItem', opened));
    await engine.take(event('PriorityChange', { at: '2026-03-02T09:05:00Z', data: { priority: 1 } }));
    expect(await engine.pending()).toEqual({
      EMERGENCY_NOT_ACCEPTED: '2026-03-02T09:35:00.000Z',
      ETA_MISSING: '2026-03-02T10:00:00.000Z',
      NO_STATUS_UPDATE: '2026-03-02T17:00:00.000Z',
    });
  });
});

describe('a trigger that is due', () => {
  it('opens an exception, with what the rule and the call to action say', async () => {
    await engine.put('call-to-actions', '1', {
      exceptionTypeIdentifier: 'ETA_MISSING',
      templateForDayside: 'Call {{ serviceProviderName }}',
      tbsWorkItemRequestType: 1,
    });
    await engine.take(event('NewWorkItem', opened));
    engine.clock.advance(4 * HOUR);
    await engine.fire();
    const [exception, ...more] = await engine.exceptions();
    expect(more).toEqual([]);
    expect(exception).toMatchObject({
      key: 'EXC-1',
      state: 'open',
      title: 'Missing ETA for work item #45678',
      priority: 3,
      uniqueKey: '1 45678',
    });
    expect(exception && fieldsOf(exception)).toEqual({
      type: '1',
      typeName: 'ETA_MISSING',
      rule: '1',
      authorizationNumber: ITEM,
      requestType: 1,
      serviceProviderId: 9876,
      serviceProviderName: 'Example SP Inc',
      comment: 'Example SP Inc has not provided an ETA as of 2026-03-02T13:00:00Z.',
      shift: 'dayside',
      callToAction: 'Call Example SP Inc',
      settled: false,
      helpDesk: { system: 'desk', answered: false, reference: null, status: null, fault: null },
      references: [],
    });
    expect(await engine.pending()).toEqual({ NO_STATUS_UPDATE: '2026-03-04T09:00:00.000Z' });
  });

  it('opens nothing while the work item has an open exception of the type', async () => {
    await engine.take(event('NewWorkItem', opened));
    engine.clock.advance(5 * HOUR);
    await engine.fire();
    await engine.take(event('StatusEvent', { at: engine.clock.now(), data: { status: 'dispatched' } }));
    engine.clock.advance(20 * HOUR);
    await engine.fire();
    expect((await engine.exceptions()).map(({ state }) => state)).toEqual(['open']);
    expect(Object.keys(await engine.pending())).toEqual(['NO_STATUS_UPDATE']);
  });

  it('is settled by the work item’s own events, which history tells', async () => {
    await engine.take(event('NewWorkItem', opened));
    engine.clock.advance(5 * HOUR);
    await engine.fire();
    const etaAt = '2026-03-03T10:00:00Z';
    await engine.take(
      event('StatusEvent', { id: 'eta', at: engine.clock.now(), data: { status: 'accepted', etaAt } }),
    );
    const [exception] = await engine.exceptions();
    expect(exception).toMatchObject({ state: 'closed', uniqueKey: null, fields: { settled: true } });
    const events = await readTimeline(engine.store.sql, engine.account, exception?.id ?? '', 0, 10);
    expect(events.map(({ name, actor, contract, data }) => [name, actor.role, contract, data])).toEqual([
      ['open', 'engine', 'timer', { handOff: expect.objectContaining({ kind: 'desk', reference: 'EXC-1' }) }],
      [
        'settle',
        'engine',
        'work-item-events',
        { event: 'eta', settled: true, settlement: expect.anything() },
      ],
    ]);
  });

  it('opens a new exception where the last one was settled', async () => {
    await engine.take(event('NewWorkItem', opened));
    engine.clock.advance(5 * HOUR);
    await engine.fire();
    const etaAt = '2026-03-03T10:00:00Z';
    await engine.take(event('StatusEvent', { at: engine.clock.now(), data: { status: 'accepted', etaAt } }));
    engine.clock.advance(HOUR);
    await engine.take(
      event('StatusEvent', { at: engine.clock.now(), data: { status: 'dispatched', etaAt: null } }),
    );
    engine.clock.advance(30 * HOUR);
    await engine.fire();
    expect((await engine.exceptions()).map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('fires once where two nodes race', async () => {
    const items = Array.from({ length: 150 }, (_, index) => index + 1);
    await engine.take(...items.map((item) => event('NewWorkItem', { item, ...opened })));
    engine.clock.advance(100 * HOUR);
    const other = engine.another();
    await Promise.all([engine.fire(), engine.fire(other), engine.fire(), engine.fire(other)]);
    await engine.fire();
    const counts = await engine.store.sql<{ n: number; items: number; left: number }[]>`
      select count(*) as n, count(distinct (fields->>'authorizationNumber', fields->>'type')) as items,
        (select count(*) from timer where account = ${engine.account}) as left
      from ticket where account = ${engine.account}`;
    expect(counts).toEqual([{ n: 300, items: 300, left: 0 }]);
  });
});
