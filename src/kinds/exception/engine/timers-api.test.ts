import { beforeEach, describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { useServer } from '../../../../test/server.ts';
import { createNativeContract } from '../../../native/index.ts';
import { exceptionCollections } from '../collections.ts';
import { exceptionKind } from '../kind.ts';
import { event } from './fixture/engine.ts';
import { triggerKeeper } from './keeper.ts';
import { takeEvents } from './take-events.ts';

const clock = createTestClock('2026-03-02T16:00:00.000Z');
const server = useServer({
  kinds: [exceptionKind],
  collections: exceptionCollections,
  contracts: (store) => [
    createNativeContract({ store, keepers: new Map([[exceptionKind.name, triggerKeeper(store)]]) }),
  ],
  clock,
});
const staff = () => server.as({ id: 'staff', permissions: ['tickets.read', 'timers.fire'] });

let item = 500;
let triggers: { id: string; label: string }[] = [];
beforeEach(async () => {
  item += 1;
  const told = event('NewWorkItem', {
    id: `new-${item}`,
    item,
    at: '2026-03-02T16:00:00Z',
    data: { priority: 3 },
  });
  await takeEvents(server.store, 'default', [told]);
  const { body } = await staff()('GET', '/api/v1/timers?kind=exception&limit=200');
  triggers = body.items.filter(({ subject }: { subject: { key: string } }) => subject.key === String(item));
});
const idOf = (label: string) => triggers.find((trigger) => trigger.label === label)?.id ?? '';

describe('a trigger among the timers', () => {
  it('is listed with its work item, and says why it is due when it is', () => {
    expect(triggers[0]).toEqual({
      id: expect.any(String),
      name: '1',
      label: 'ETA_MISSING',
      subject: { kind: 'exception', key: String(item) },
      fires: null,
      setting: null,
      startedAt: '2026-03-02T16:00:00.000Z',
      dueAt: '2026-03-03T10:00:00.000Z',
      isOverdue: false,
      attempts: 0,
      lastError: null,
      why: `ETA_MISSING of work item ${item} is checked 4 hours of business time in UTC after the event that armed it, counted from 2026-03-02T16:00:00.000Z, with 1 stretch skipped.`,
      explanation: {
        rule: '1',
        exceptionType: '1',
        armedBy: `new-${item}`,
        armedAt: '2026-03-02T16:00:00.000Z',
        from: '2026-03-02T16:00:00.000Z',
        delay: '4 hours',
        priority: null,
        time: 'business',
        timeZone: 'UTC',
        stretches: [
          { from: '2026-03-02T16:00:00.000Z', to: '2026-03-02T18:00:00.000Z', as: 'counted' },
          { from: '2026-03-02T18:00:00.000Z', to: '2026-03-03T08:00:00.000Z', as: 'closed' },
          { from: '2026-03-03T08:00:00.000Z', to: '2026-03-03T10:00:00.000Z', as: 'counted' },
        ],
        isCut: false,
      },
    });
  });

  it('fires before its time, for whoever may fire timers, and answers with the exception', async () => {
    const { status, body } = await staff()('POST', `/api/v1/timers/${idOf('ETA_MISSING')}/fire`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'exception',
      title: `Missing ETA for work item #${item}`,
      state: 'open',
    });
    const again = await staff()('POST', `/api/v1/timers/${idOf('ETA_MISSING')}/fire`);
    expect(again.status).toBe(404);
  });

  it('answers with nothing where an exception of its type is open already', async () => {
    await staff()('POST', `/api/v1/timers/${idOf('ETA_MISSING')}/fire`);
    const dispatched = event('StatusEvent', {
      id: `d-${item}`,
      item,
      at: '2026-03-02T16:01:00Z',
      data: { status: 'dispatched' },
    });
    await takeEvents(server.store, 'default', [dispatched]);
    const { body } = await staff()('GET', '/api/v1/timers?kind=exception&limit=200');
    const next = body.items.find(
      ({ subject, name }: { subject: { key: string }; name: string }) =>
        subject.key === String(item) && name === '1',
    );
    const { status, text } = await staff()('POST', `/api/v1/timers/${next.id}/fire`);
    expect([status, text]).toEqual([204, '']);
  });

  it('fires once under an Idempotency-Key, and gives the first answer again', async () => {
    const headers = { 'idempotency-key': `fire-${item}` };
    const path = `/api/v1/timers/${idOf('ETA_MISSING')}/fire`;
    const first = await staff()('POST', path, undefined, headers);
    const again = await staff()('POST', path, undefined, headers);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('is not there for another account, nor for those who do not read all', async () => {
    const path = `/api/v1/timers/${idOf('ETA_MISSING')}/fire`;
    const strangers = [
      server.as({ id: 's', account: 'other', permissions: ['tickets.read', 'timers.fire'] }),
      server.as({ id: 't', permissions: ['timers.fire'] }),
    ];
    for (const stranger of strangers) expect((await stranger('POST', path)).status).toBe(404);
    expect((await server.as({ id: 'u', permissions: ['tickets.read'] })('POST', path)).status).toBe(403);
  });
});
