import { describe, expect, it } from 'vitest';
import { BASE, event, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  exceptions.partner()(method, BASE + path, body, headers);
const post = (body: unknown, headers: Record<string, string> = {}) =>
  send('POST', '/workItemEvents', body, headers);

describe('events of work items', () => {
  it('are taken in one by one', async () => {
    const one = event({ id: 'one', authorizationNumber: 1 });
    const first = await post(one);
    expect([first.status, first.body]).toEqual([202, { results: [{ id: 'one', outcome: 'accepted' }] }]);
    const again = await post(one);
    expect([again.status, again.body]).toEqual([202, { results: [{ id: 'one', outcome: 'repeated' }] }]);
  });

  it('are taken in many at a time, with a result for each', async () => {
    const good = event({ id: 'good', authorizationNumber: '0002' });
    const answer = await post([good, { ...good, id: 'wrong', type: 'Nothing' }, 7, good]);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      results: [
        { id: 'good', outcome: 'accepted' },
        { id: 'wrong', outcome: 'refused', errors: { type: [expect.any(String)] } },
        { id: null, outcome: 'refused', errors: { body: [expect.any(String)] } },
        { id: 'good', outcome: 'repeated' },
      ],
    });
    expect((await send('GET', '/workItems/2')).status).toBe(200);
  });

  it('may be a thousand, and no more', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      event({
        id: `many-${index}`,
        authorizationNumber: 10_000 + index,
        serviceProviderName: 'x'.repeat(490),
      }),
    );
    const answer = await post(many);
    expect(answer.status).toBe(202);
    expect(new Set(answer.body.results.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(['accepted']),
    );
    const more = await post([...many, event({ id: 'one-too-many' })]);
    expect([more.status, more.body]).toEqual([
      400,
      refused('ValidationFailed', expect.any(String), { body: [expect.any(String)] }),
    ]);
    expect((await post([])).body).toEqual({ results: [] });
  }, 60_000);

  it('get their first answer again with an Idempotency-Key', async () => {
    const body = event({ id: 'keyed', authorizationNumber: 3 });
    const headers = { 'idempotency-key': 'events-1' };
    const [first, second] = [await post(body, headers), await post(body, headers)];
    expect([second.status, second.body, second.headers['idempotency-replayed']]).toEqual([
      202,
      first.body,
      'true',
    ]);
    const other = await post(event({ id: 'keyed-2', authorizationNumber: 3 }), headers);
    expect(other.status).toBe(422);
  });

  it('that tell nothing of their own may have null for it', async () => {
    const answer = await post(
      event({ id: 'plain', type: 'BidConversationAdded', authorizationNumber: 6, data: null }),
    );
    expect([answer.status, answer.body]).toEqual([202, { results: [{ id: 'plain', outcome: 'accepted' }] }]);
  });

  it('of another century are refused with an example of what is right', async () => {
    const { status, body } = await post(event({ occurredAt: '9999-01-01T00:00:00Z' }));
    expect(status).toBe(400);
    expect(body.errors.occurredAt).toEqual([expect.stringMatching(/, such as 2026-03-01T12:00:00Z$/)]);
  });

  it.each([
    ['id', undefined],
    ['id', ''],
    ['type', 'newWorkItem'],
    ['type', 'constructor'],
    ['occurredAt', 'yesterday'],
    ['occurredAt', '2026-02-30T00:00:00Z'],
    ['authorizationNumber', 'x'],
    ['authorizationNumber', -1],
    ['authorizationNumber', 1.5],
    ['authorizationNumber', '9007199254740993'],
    ['requestType', 'one'],
    ['serviceProviderId', '7'],
    ['data', 'x'],
  ])('with a wrong %s (%j) are refused', async (field, value) => {
    const answer = await post(event({ authorizationNumber: 4, [field]: value }));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { [field]: [expect.any(String)] }),
    );
    expect((await send('GET', '/workItems/4')).status).toBe(404);
  });
});

describe('a work item', () => {
  it('is shown as its events tell it, with its exceptions and pending triggers', async () => {
    await post([
      event({ authorizationNumber: 5, data: { priority: 2, team: 'north' } }),
      event({
        type: 'PriorityChange',
        authorizationNumber: 5,
        occurredAt: '2026-03-02T08:00:00Z',
        data: { priority: 5 },
      }),
    ]);
    await send('POST', '/diagnostics/pendingTriggers/commands/fireNow?triggerName=ETA_MISSING.1.5');
    const { status, body } = await send('GET', '/workItems/5');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['authorizationNumber', 'facts', 'ticketExceptions', 'triggers']);
    expect(body.authorizationNumber).toBe('5');
    // The older event does not undo the newer one.
    expect(body.facts.priority).toEqual({ value: 2, since: '2026-03-02T09:00:00Z' });
    expect(body.facts).toMatchObject({
      team: { value: 'north' },
      serviceProviderId: { value: 9876 },
      status: { value: 'new' },
    });
    expect(body.ticketExceptions).toMatchObject([
      { ticketExceptionTypeName: 'ETA_MISSING', tbsWorkItemAuthorizationNumber: '5' },
    ]);
    const pending = await send('GET', '/diagnostics/pendingTriggers/5');
    expect(body.triggers).toEqual(pending.body.triggers);
    expect((await exceptions.partner('other')('GET', `${BASE}/workItems/5`)).body).toEqual(
      refused('NotFound', 'No event has told of work item 5.'),
    );
  });
});
