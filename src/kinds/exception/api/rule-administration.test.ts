import { describe, expect, it } from 'vitest';
import { BASE, event, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const send = (method: string, path: string, body?: unknown) =>
  exceptions.partner()(method, BASE + path, body);

/** Lifts that stand still: a work item that is new and urgent has half an hour. */
const rule = (more: Record<string, unknown> = {}) => ({
  exceptionTypeId: 1,
  description: 'Urgent work has to be taken on',
  arms: [{ events: ['NewWorkItem'], when: { fact: 'priority', lt: 3 } }],
  condition: { fact: 'status', eq: 'new' },
  delay: { after: 'PT30M', time: 'plain', from: 'event' },
  disarms: [],
  settles: [{ events: ['StatusEvent'] }],
  subject: 'Nobody has taken on #{{ authorizationNumber }}',
  comment: 'Still new at {{ now }}',
  ...more,
});

describe('a rule', () => {
  it('is made for a type of one’s own, and opens exceptions from then on', async () => {
    const type = await send('POST', '/exceptionTypes', { identifier: 'LIFT_STUCK' });
    const made = await send('POST', '/rules', rule({ exceptionTypeId: type.body.id }));
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(Number),
      isActive: true,
      exceptionTypeId: type.body.id,
      exceptionTypeName: 'LIFT_STUCK',
      description: 'Urgent work has to be taken on',
    });
    expect(made.headers.location).toBe(`${BASE}/rules/${made.body.id}`);
    expect((await send('GET', `/rules/${made.body.id}`)).body).toEqual(made.body);
    await send('POST', '/workItemEvents', event({ authorizationNumber: 700 }));
    const triggers = await send('GET', '/diagnostics/pendingTriggers/700?messageTypeContains=LiftStuck');
    const triggerName = `LIFT_STUCK.${made.body.id}.700`;
    expect(triggers.body).toEqual({
      triggers: [{ triggerName, nextFireTime: '2026-03-02T09:30:00Z', messageType: 'LiftStuckCheck' }],
    });
    await send('POST', `/diagnostics/pendingTriggers/commands/fireNow?triggerName=${triggerName}`);
    const { body } = await send('GET', '/ticketExceptions?authorizationNumber=700');
    expect(body.ticketExceptions).toMatchObject([
      { subject: 'Nobody has taken on #700', comment: 'Still new at 2026-03-02T09:00:00Z' },
    ]);
  });

  it('keeps who made it', async () => {
    const made = await send('POST', '/rules', rule({ isActive: false }));
    const [row] = await exceptions.server.store.sql`
      select data->'changedBy' as author, data->'isActive' as active from entry
      where account = 'default' and collection = 'exception-rules' and key = ${String(made.body.id)}`;
    expect(row).toEqual({ author: { personId: 'p-1', displayName: 'Pat Jones' }, active: false });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ exceptionTypeId: undefined }, 'exceptionTypeId'],
    [{ exceptionTypeId: 'ETA_MISSING' }, 'exceptionTypeId'],
    [{ exceptionTypeId: 999 }, 'exceptionTypeId'],
    [{ arms: [{ events: ['Nothing'] }] }, 'arms[0].events[0]'],
    [{ arms: [{ events: ['NewWorkItem'], when: { fact: 'nothing', is: 'known' } }] }, 'arms[0].when.fact'],
    [{ condition: { fact: 'status', like: 'n' } }, 'condition'],
    [{ delay: { after: 'soon', time: 'plain', from: 'event' } }, 'delay.after'],
    [{ subject: '{{ nickname }}' }, 'subject'],
    [{ comment: '{% if now %}' }, 'comment'],
  ])('%j is refused, with the place of the fault', async (more, field) => {
    const before = (await send('GET', '/rules?includeInactive=true')).body;
    const answer = await send('POST', '/rules', rule(more));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { [field]: [expect.any(String)] }),
    );
    expect((await send('GET', '/rules?includeInactive=true')).body).toEqual(before);
  });
});

describe('a dry run', () => {
  const dryRun = (body: unknown, path = '/rules/1/dryRun') => send('POST', path, body);
  const counts = async (rule: Record<string, unknown>) => (await dryRun({ rule })).body.counts;

  it('shows what a changed rule would open, close and miss, and writes nothing', async () => {
    exceptions.clock.advance(24 * 3_600_000);
    const opened = '2026-03-02T09:00:00Z';
    const status = (authorizationNumber: number, occurredAt: string, data: Record<string, unknown>) =>
      event({ type: 'StatusEvent', authorizationNumber, occurredAt, data });
    const etaAt = '2026-03-02T15:00:00Z';
    await send('POST', '/workItemEvents', [
      event({ authorizationNumber: 801, occurredAt: opened }),
      event({ authorizationNumber: 802, occurredAt: opened }),
      status(802, '2026-03-02T09:40:00Z', { status: 'dispatched', etaAt }),
      event({ authorizationNumber: 803, occurredAt: opened, data: { priority: 2, etaAt } }),
    ]);
    await send('POST', '/diagnostics/pendingTriggers/commands/fireNow?triggerName=ETA_MISSING.1.801');
    const state = async () => [
      (await send('GET', '/ticketExceptions?includeClosedExceptions=true')).body,
      (await send('GET', '/rules?includeInactive=true')).body,
      (await send('GET', '/workItems/802')).body,
    ];
    const before = await state();
    const answer = await dryRun({
      rule: { delay: { after: 'PT30M', time: 'plain', from: 'event' } },
      from: opened,
      to: '2026-03-02T12:00:00Z',
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['workItems', 'counts', 'exceptions', 'pageKey']);
    const line = (authorizationNumber: number) =>
      answer.body.exceptions.filter(
        (one: { tbsWorkItemAuthorizationNumber: string }) =>
          one.tbsWorkItemAuthorizationNumber === String(authorizationNumber),
      );
    expect(line(802)).toEqual([
      {
        tbsWorkItemAuthorizationNumber: '802',
        outcome: 'opens',
        ticketExceptionId: null,
        wouldOpenAt: '2026-03-02T09:30:00Z',
        wouldBeSettledAt: '2026-03-02T09:40:00Z',
      },
    ]);
    expect(line(803)).toEqual([]);
    expect(await state()).toEqual(before);
    const now = await dryRun({});
    expect(now.body.exceptions).toContainEqual({
      tbsWorkItemAuthorizationNumber: '801',
      outcome: 'same',
      ticketExceptionId: expect.any(Number),
      wouldOpenAt: '2026-03-02T11:00:00Z',
      wouldBeSettledAt: null,
    });
    expect((await counts({ isActive: false })).opens).toBe(0);
    expect(await counts({ condition: { fact: 'priority', eq: 9 } })).toMatchObject({
      same: 0,
      opens: 0,
      misses: 1,
    });
    expect(await dryRun({}, '/rules/rules/1/dryRun')).toMatchObject({ status: 200, body: now.body });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ rule: { delay: { after: 'soon', time: 'plain', from: 'event' } } }, 'rule.delay.after'],
    [{ rule: { exceptionTypeId: 999 } }, 'rule.exceptionTypeId'],
    [{ rule: { subject: '{{ nickname }}' } }, 'rule.subject'],
    [{ rule: 'x' }, 'rule'],
    [{ from: 'yesterday' }, 'from'],
    [{ pageKey: 'x' }, 'pageKey'],
  ])('%j is refused', async (body, field) => {
    const answer = await dryRun(body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.errors)).toContain(field);
  });

  it('of a rule that is not there is not found', async () => {
    expect((await dryRun({}, '/rules/999/dryRun')).body).toEqual(
      refused('NotFound', 'There is no rule 999.'),
    );
  });
});
