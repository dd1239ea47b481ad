import { beforeEach, describe, expect, it } from 'vitest';
import { BASE, event, refused, START, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  exceptions.partner()(method, BASE + path, body, headers);
const PENDING = '/diagnostics/pendingTriggers';
const fire = (triggerName: string, headers: Record<string, string> = {}) =>
  send(
    'POST',
    `${PENDING}/commands/fireNow?triggerName=${encodeURIComponent(triggerName)}`,
    undefined,
    headers,
  );

let item = 90_000;
beforeEach(async () => {
  item += 1;
  await send('POST', '/workItemEvents', event({ authorizationNumber: item }));
});
const pending = async (query = '') => (await send('GET', `${PENDING}/${item}${query}`)).body.triggers;
const openOnes = async () =>
  (await send('GET', `/ticketExceptions?authorizationNumber=${item}`)).body.ticketExceptions;

describe('pending triggers', () => {
  it('are listed soonest first, by name, due time and message type', async () => {
    const triggers = await pending();
    expect(triggers).toContainEqual({
      triggerName: `ETA_MISSING.1.${item}`,
      nextFireTime: '2026-03-02T11:00:00Z',
      messageType: 'EtaMissingCheck',
    });
    const times = triggers.map(({ nextFireTime }: { nextFireTime: string }) => nextFireTime);
    expect(times).toEqual([...times].sort());
    expect(new Date(times[0]).getTime()).toBeGreaterThan(new Date(START).getTime());
  });

  it.each(['EtaMissing', 'etamissing', 'MISSINGCHECK'])(
    'may be narrowed by a part of their type: %s',
    async (part) => {
      const triggers = await pending(`?messageTypeContains=${part}`);
      expect(triggers.map(({ messageType }: { messageType: string }) => messageType)).toEqual([
        'EtaMissingCheck',
      ]);
    },
  );

  it('are an empty list where there are none', async () => {
    expect(await pending('?messageTypeContains=Nothing')).toEqual([]);
    expect((await send('GET', `${PENDING}/1`)).body).toEqual({ triggers: [] });
    expect((await exceptions.partner('other')('GET', `${BASE}${PENDING}/${item}`)).body).toEqual({
      triggers: [],
    });
  });

  it('go when an event settles the matter', async () => {
    const etaAt = '2026-03-02T15:00:00Z';
    await send(
      'POST',
      '/workItemEvents',
      event({ type: 'StatusEvent', authorizationNumber: item, data: { status: 'dispatched', etaAt } }),
    );
    expect(await pending('?messageTypeContains=EtaMissing')).toEqual([]);
    expect(await pending('?messageTypeContains=EtaPassed')).toHaveLength(1);
  });
});

describe('a trigger that is fired by hand', () => {
  it('opens the exception, once, and is pending no more', async () => {
    const name = `ETA_MISSING.1.${item}`;
    const answer = await fire(name);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await openOnes()).toEqual([
      {
        id: expect.any(Number),
        subject: `Missing ETA for work item #${item}`,
        comment: 'Example SP Inc has not provided an ETA as of 2026-03-02T09:00:00Z.',
        tbsWorkItemAuthorizationNumber: String(item),
        tbsWorkItemRequestType: 1,
        ticketExceptionTypeId: 1,
        ticketExceptionTypeName: 'ETA_MISSING',
        ticketExceptionCreated: false,
        isConsideredSolvedByTbs: false,
        serviceProviderId: 9876,
        externalReferences: [],
      },
    ]);
    expect(await pending('?messageTypeContains=EtaMissing')).toEqual([]);
    const again = await fire(name);
    expect(again.status).toBe(404);
    expect(again.body).toEqual(refused('NotFound', `There is no pending trigger ${name}.`));
    expect(await openOnes()).toHaveLength(1);
  });

  it('by many at once opens one exception', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => fire(`ETA_MISSING.1.${item}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404, 404]);
    expect(await openOnes()).toHaveLength(1);
  });

  it('with an Idempotency-Key gets its first answer again', async () => {
    const headers = { 'idempotency-key': `fire-${item}` };
    const first = await fire(`ETA_MISSING.1.${item}`, headers);
    const second = await fire(`ETA_MISSING.1.${item}`, headers);
    expect([first.status, second.status, second.headers['idempotency-replayed']]).toEqual([204, 204, 'true']);
    const other = (await pending())[0].triggerName;
    const reused = await fire(other, headers);
    expect([reused.status, reused.body.errorCode]).toEqual([422, 'ValidationFailed']);
    expect((await pending())[0].triggerName).toBe(other);
  });

  it('has its exception told of as the caller’s', async () => {
    await fire(`ETA_MISSING.1.${item}`);
    const [{ id }] = await openOnes();
    const { sql } = exceptions.server.store;
    const [row] = await sql`
      select e.actor->>'id' as id, e.actor->>'name' as name, e.contract
      from event e join ticket t on t.account = e.account and t.id = e.ticket
      where t.account = 'default' and t.kind = 'exception' and t.number = ${id} and e.name = 'open'`;
    expect(row).toEqual({ id: 'p-1', name: 'Pat Jones', contract: 'exceptions' });
  });

  it.each([
    ['another type', () => `ETA_PASSED.1.${item}`],
    ['another rule', () => `ETA_MISSING.99.${item}`],
    ['another work item', () => 'ETA_MISSING.1.7'],
    ['a number that is too large', () => 'ETA_MISSING.1.9999999999999999'],
    ['another form', () => 'ETA_MISSING'],
    ['a quote', () => "'; drop table timer"],
  ])('of %s is not there', async (_, name) => {
    const answer = await fire(name());
    expect(answer.status).toBe(404);
    expect(answer.body.errorCode).toBe('NotFound');
    expect(await openOnes()).toEqual([]);
  });

  it.each(['', '?triggerName=', '?triggerName=a&triggerName=b'])('%s needs one name', async (query) => {
    const answer = await send('POST', `${PENDING}/commands/fireNow${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { triggerName: [expect.any(String)] }),
    );
  });

  it('is refused in production', async () => {
    await exceptions.setting('exception.environment', 'production');
    const answer = await fire(`ETA_MISSING.1.${item}`);
    await exceptions.setting('exception.environment', null);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(refused('Forbidden', 'Triggers are not fired by hand in production.'));
    expect(await pending('?messageTypeContains=EtaMissing')).toHaveLength(1);
    expect(await openOnes()).toEqual([]);
  });

  it('is another account’s alone', async () => {
    const url = `${BASE}${PENDING}/commands/fireNow?triggerName=ETA_MISSING.1.${item}`;
    expect((await exceptions.partner('other')('POST', url)).status).toBe(404);
    expect(await openOnes()).toEqual([]);
  });
});

describe('an exception that a trigger opens', () => {
  it('has the call to action for those on duty', async () => {
    const texts = {
      templateForDayside: 'Ask {{ serviceProviderName }} by {{ now | date: "%H:%M" }}',
      templateForAfterHours: 'Leave it for the morning',
      templateForWestpark: 'Westpark',
    };
    for (const [tbsWorkItemRequestType, priority] of [
      [1, 5],
      [null, 1],
    ]) {
      const first = priority === 1 ? 'First: ' : '';
      await send('POST', '/callToActions', {
        exceptionTypeIdentifier: 'ETA_MISSING',
        ...texts,
        templateForDayside: `${first}${texts.templateForDayside}`,
        tbsWorkItemRequestType,
        priority,
      });
    }
    const told = async () => {
      await fire(`ETA_MISSING.1.${item}`);
      const [row] = await exceptions.server.store.sql`
        select fields->>'shift' as shift, fields->>'callToAction' as text from ticket
        where account = 'default' and kind = 'exception' and (fields->>'authorizationNumber')::bigint = ${item}`;
      return row;
    };
    expect(await told()).toEqual({ shift: 'dayside', text: 'First: Ask Example SP Inc by 09:00' });
    item += 1;
    await send(
      'POST',
      '/workItemEvents',
      event({ authorizationNumber: item, data: { priority: 2, team: 'westpark' } }),
    );
    expect(await told()).toEqual({ shift: 'westpark', text: 'Westpark' });
    exceptions.clock.advance(12 * 3_600_000);
    item += 1;
    await send('POST', '/workItemEvents', event({ authorizationNumber: item }));
    expect(await told()).toEqual({ shift: 'afterHours', text: 'Leave it for the morning' });
  });
});
