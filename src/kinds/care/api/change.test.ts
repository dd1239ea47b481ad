import { beforeAll, describe, expect, it } from 'vitest';
import { bare, done, openTicket, refused, useCare } from './fixture/care-server.ts';

const care = useCare();
const HOUR_MS = 3_600_000;
const nowSeconds = () => Math.floor(care.clock.now().getTime() / 1000);

beforeAll(async () => {
  await care.putReasons();
  await care.put('queues', 'q-es', { name: 'chat-es-es', language: 'spanish' });
  await care.put('departments', 'field', {
    label: 'Field',
    handOff: { kind: 'errand', queue: 'round', party: 'field', input: { note: 'now' } },
  });
});

async function versionOf(id: string): Promise<string> {
  return String((await care.agent()('GET', `/v1/tickets/${id}`)).headers.etag);
}

/** The newest event of a ticket. */
async function lastEvent(id: string) {
  const { sql } = care.server.store;
  const [event] = await sql`
    select e.name, e.reason, e.data, e.actor->>'name' as actor from event e
    where e.account = 'default' and e.ticket = ${id} order by e.seq desc limit 1`;
  return event;
}

describe('escalate', () => {
  it('sets status and reason, and links the escalation, to the department that is named', async () => {
    const id = await openTicket(care.agent());
    care.clock.advance(HOUR_MS);
    const answer = await care.agent()(
      'POST',
      `/v2/tickets/${id}/escalate`,
      { statusReason: 'no answer', resolutionReason: 'call back', department: 'partner-service' },
      { 'x-agent-user-id': 'agent@example.com' },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.etag).toBe('"2"');
    expect(answer.body).toMatchObject({
      id,
      status: 'ESCALATED',
      statusReason: 'no answer',
      UpdatedAt: nowSeconds(),
      createdAt: nowSeconds() - 3600,
      Assignee: 'agent',
      metadata: { sla: 82_800 },
    });
    expect(answer.body.metadata.childrenLinks).toEqual([
      {
        ticketId: id,
        ticketIdType: 'PANDACARE',
        ticketCategory: 'ESCALATED',
        creator: 'agent@example.com',
        createdAt: nowSeconds(),
        reason: 'no answer',
      },
    ]);
    expect(await lastEvent(id)).toMatchObject({
      name: 'escalate',
      reason: 'no answer',
      actor: 'agent@example.com',
      data: { department: 'partner-service', resolutionReason: 'call back' },
    });
  });

  it('goes to the default department without one, and needs no body', async () => {
    for (const version of ['v1', 'v2']) {
      const id = await openTicket(care.agent());
      const answer = await care.agent()('POST', `/${version}/tickets/${id}/escalate`);
      expect(answer.body).toMatchObject({ status: 'ESCALATED' });
      expect(answer.body).not.toHaveProperty('statusReason');
      expect((await lastEvent(id))?.data).toEqual({ department: 'corporate' });
    }
  });

  it('goes there too where the department is empty or null', async () => {
    for (const department of ['', null]) {
      const id = await openTicket(care.agent());
      await done(care.agent(), id, 'escalate', { statusReason: '', resolutionReason: null, department });
      expect((await lastEvent(id))?.data).toEqual({ department: 'corporate' });
    }
  });

  it('knows no department in v1', async () => {
    const id = await openTicket(care.agent());
    const answer = await care.agent()('POST', `/v1/tickets/${id}/escalate`, { department: 'nowhere' });
    expect(answer.status).toBe(200);
    expect((await lastEvent(id))?.data).toEqual({ department: 'corporate' });
  });

  it('refuses an unknown department, and a default that is none', async () => {
    const id = await openTicket(care.agent());
    const before = await versionOf(id);
    const answer = await care.agent()('POST', `/v2/tickets/${id}/escalate`, { department: 'nowhere' });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused(400, 'bad request', 'must be the id of an escalation department', '/department'),
    );
    const { sql, directory } = care.server.store;
    await sql`update account set settings = '{"care.defaultDepartment": "gone"}' where account = 'default'`;
    directory.forget('default');
    const absent = await Promise.all(
      ['v1', 'v2'].map((version) => care.agent()('POST', `/${version}/tickets/${id}/escalate`, {})),
    );
    await sql`update account set settings = '{}' where account = 'default'`;
    directory.forget('default');
    for (const { status, body } of absent) {
      expect(status).toBe(400);
      const why = expect.stringContaining('No default department is set.');
      expect(body).toEqual(refused(400, 'bad request', why));
    }
    expect(await versionOf(id)).toBe(before);
  });

  it('asks for a ticket of another kind where the department says so', async () => {
    const id = await openTicket(care.agent());
    await done(care.agent(), id, 'escalate', { statusReason: 'door locked', department: 'field' });
    const [row] = await care.server.store.sql<[{ key: string }]>`select key from ticket where id = ${id}`;
    const { key } = row;
    expect((await lastEvent(id))?.data.handOff).toEqual({
      kind: 'errand',
      queue: 'round',
      title: 'delivery - wrong address',
      description: [
        `Escalated from ${key}.`,
        'Reason: door locked',
        'Contact reason: delivery - wrong address',
        'Customer: hugo dan',
        'Order: sdw-srr',
        'Vendor: bgaj',
      ].join('\n'),
      priority: 1,
      customer: '989899854090030232934sdfdsdf32dd4sdfdsddffdummycustomerid2',
      contact: { name: 'hugo dan', email: 'test@email.com' },
      reference: key,
      party: 'field',
      input: { note: 'now' },
    });
  });

  it.each(['v1', 'v2'])('refuses in %s with 400 what is closed or escalated already', async (version) => {
    const id = await openTicket(care.agent());
    await done(care.agent(), id, 'escalate');
    const again = await care.agent()('POST', `/${version}/tickets/${id}/escalate`, {});
    expect(again.status).toBe(400);
    expect(again.body).toEqual(refused(400, 'bad request', expect.stringContaining('escalate')));
    await done(care.agent(), id, 'close');
    const closed = await care.agent()('POST', `/${version}/tickets/${id}/escalate`, {});
    expect(closed.status).toBe(400);
    const why = 'escalate cannot be done: the ticket is CLOSED.';
    expect(closed.body).toEqual(refused(400, 'bad request', why));
    expect(await versionOf(id)).toBe('"3"');
  });

  it('checks If-Match', async () => {
    const id = await openTicket(care.agent());
    const answer = await care.agent()('POST', `/v2/tickets/${id}/escalate`, {}, { 'if-match': '"7"' });
    expect(answer.status).toBe(412);
    expect(answer.body.errors[0].title).toBe('precondition failed');
  });
});

describe('close', () => {
  const body = {
    statusReason: 'close by postman',
    resolutionStatus: 'NO_ACTION',
    resolutionReason: 'no action need to be taken',
  };

  it.each(['assigned', 'escalated'])('closes an %s ticket, and its deadline stands still', async (state) => {
    const id = await openTicket(care.agent());
    if (state === 'escalated') await done(care.agent(), id, 'escalate', { statusReason: 'why' });
    care.clock.advance(HOUR_MS);
    const ticket = await done(care.agent(), id, 'close', body);
    expect(ticket).toMatchObject({
      status: 'CLOSED',
      statusReason: 'close by postman',
      UpdatedAt: nowSeconds(),
      metadata: { sla: 82_800 },
    });
    expect(await lastEvent(id)).toMatchObject({
      reason: 'close by postman',
      data: { resolutionStatus: 'NO_ACTION', resolutionReason: 'no action need to be taken' },
    });
    care.clock.advance(HOUR_MS);
    expect((await care.agent()('GET', `/v1/tickets/${id}`)).body).toEqual(ticket);
    const { sql } = care.server.store;
    expect(await sql`select from timer where ticket = ${id}`).toHaveLength(0);
  });

  it('refuses a resolution that there is not, and changes nothing', async () => {
    const id = await openTicket(care.agent());
    const answer = await care.agent()('POST', `/v1/tickets/${id}/close`, { resolutionStatus: 'DONE' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ source: { pointer: '/resolutionStatus' } }]);
    expect(await versionOf(id)).toBe('"1"');
  });

  it('takes an empty resolution for none', async () => {
    const id = await openTicket(care.agent());
    const empty = { statusReason: '', resolutionStatus: '', resolutionReason: null };
    expect(await done(care.agent(), id, 'close', empty)).toMatchObject({ status: 'CLOSED' });
    expect((await lastEvent(id))?.data).toEqual({});
  });

  it('is final: what would change a closed ticket is a conflict', async () => {
    const id = await openTicket(care.agent());
    const ticket = await done(care.agent(), id, 'close', body);
    const attempts: [string, string, unknown, string][] = [
      ['POST', '/close', body, 'close'],
      ['POST', '/reassign', { assignee: 'other' }, 'reassign'],
      ['POST', '/transfer', { queueId: 'q-es' }, 'transfer'],
      ['PATCH', '', { type: 'UPDATE_CCR', ccr: '1A.1' }, 'UPDATE_CCR'],
      ['PUT', '', { type: 'UPDATE_ORDER_ID', orderId: '1', geid: 'FP_SG' }, 'UPDATE_ORDER_ID'],
      ['PATCH', '', { type: 'UPDATE_PICKED_TIME' }, 'UPDATE_PICKED_TIME'],
      ['PATCH', '', { type: 'UPDATE_CHAT_RESPONSE_TIME' }, 'UPDATE_CHAT_RESPONSE_TIME'],
      ['PATCH', '', { type: 'CLOSE_CHAT_ROOM' }, 'CLOSE_CHAT_ROOM'],
    ];
    for (const [method, path, attempt, asked] of attempts) {
      const answer = await care.agent()(method, `/v1/tickets/${id}${path}`, attempt);
      expect(answer.status).toBe(409);
      const why = `${asked} cannot be done: the ticket is CLOSED.`;
      expect(answer.body).toEqual(refused(409, 'conflict', why));
    }
    expect((await care.agent()('GET', `/v1/tickets/${id}`)).body).toEqual(ticket);
  });
});

describe('reassign', () => {
  it('gives the ticket to another agent, whose status it keeps', async () => {
    const id = await openTicket(care.agent());
    const created = nowSeconds();
    care.clock.advance(HOUR_MS);
    const ticket = await done(care.agent(), id, 'reassign', { assignee: 'otheragent' });
    expect(ticket).toMatchObject({
      Assignee: 'otheragent',
      status: 'ASSIGNED',
      statusReason: 'Internal State Change by Workflow Server',
      UpdatedAt: created,
    });
    const again = await done(care.agent(), id, 'reassign', { assignee: 'third', reason: 'agent overtime' });
    expect(again).toMatchObject({ Assignee: 'third', statusReason: 'agent overtime', UpdatedAt: created });
    expect(await lastEvent(id)).toMatchObject({ reason: 'agent overtime', data: { assignee: 'third' } });
  });

  it('takes an escalated ticket back', async () => {
    const id = await openTicket(care.agent());
    await done(care.agent(), id, 'escalate', { statusReason: 'why' });
    care.clock.advance(HOUR_MS);
    const ticket = await done(care.agent(), id, 'reassign', { assignee: 'otheragent' });
    expect(ticket).toMatchObject({ status: 'ASSIGNED', Assignee: 'otheragent', UpdatedAt: nowSeconds() });
    expect(ticket).not.toHaveProperty('statusReason');
    expect(ticket.metadata.childrenLinks).toHaveLength(1);
  });

  it('needs an assignee', async () => {
    const id = await openTicket(care.agent());
    for (const body of [{}, { assignee: '' }, { assignee: 7 }]) {
      const answer = await care.agent()('POST', `/v1/tickets/${id}/reassign`, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ source: { pointer: '/assignee' } }]);
    }
  });
});

describe('transfer', () => {
  it.each(['q-es', 'chat-es-es'])(
    'moves the ticket to the queue %s, where nobody has it yet',
    async (queueId) => {
      const id = await openTicket(care.agent());
      const ticket = await done(care.agent(), id, 'transfer', { queueId });
      expect(ticket).toMatchObject({ queue: 'chat-es-es', status: 'ASSIGNED' });
      expect(ticket).not.toHaveProperty('Assignee');
    },
  );

  it('refuses a queue that there is not', async () => {
    const id = await openTicket(care.agent());
    const answer = await care.agent()('POST', `/v1/tickets/${id}/transfer`, { queueId: 'dummyqueueid' });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refused(400, 'bad request', 'must be the id of a queue', '/queueId'));
    const without = await care.agent()('POST', `/v1/tickets/${id}/transfer`, {});
    expect(without.body.errors).toMatchObject([{ source: { pointer: '/queueId' } }]);
    expect(await versionOf(id)).toBe('"1"');
  });

  it('is a conflict while the ticket is escalated', async () => {
    const id = await openTicket(care.agent());
    await done(care.agent(), id, 'escalate');
    const answer = await care.agent()('POST', `/v1/tickets/${id}/transfer`, { queueId: 'q-es' });
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual(refused(409, 'conflict', expect.any(String)));
  });
});

describe.each(['PATCH', 'PUT'])('%s /v1/tickets/{ticketID}', (method) => {
  const update = (id: string, body: unknown) => care.agent()(method, `/v1/tickets/${id}`, body);

  it('UPDATE_CCR sets a contact reason by its code', async () => {
    const id = await openTicket(care.agent());
    const answer = await update(id, { type: 'UPDATE_CCR', ccr: '1A.1' });
    expect(answer.status).toBe(200);
    const name = 'Delivery - Rider - Delivery canceled';
    expect(answer.body.metadata).toMatchObject({ ccr: name, localCcr: name });
    expect(answer.body.status).toBe('ASSIGNED');
  });

  it('UPDATE_CCR needs a code that is known', async () => {
    const id = await openTicket(care.agent());
    for (const body of [{ type: 'UPDATE_CCR' }, { type: 'UPDATE_CCR', ccr: '9Z' }]) {
      const answer = await update(id, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(refused(400, 'bad request', expect.any(String), '/ccr'));
    }
    expect(await versionOf(id)).toBe('"1"');
  });

  it('UPDATE_ORDER_ID sets the order and its entity, and takes the order away', async () => {
    const id = await openTicket(care.agent());
    const set = await update(id, { type: 'UPDATE_ORDER_ID', orderId: 'abc-123', geid: 'FP_TH' });
    expect(set.body.metadata).toMatchObject({ orderId: 'abc-123', entityId: 'FP_TH' });
    const removed = await update(id, { type: 'UPDATE_ORDER_ID', orderId: '', geid: 'FP_TH' });
    expect(removed.status).toBe(200);
    expect(removed.body.metadata).not.toHaveProperty('orderId');
  });

  it('UPDATE_ORDER_ID needs both', async () => {
    const id = await openTicket(care.agent());
    const answer = await update(id, { type: 'UPDATE_ORDER_ID' });
    expect(answer.status).toBe(400);
    const pointers = answer.body.errors.map(({ source }: { source: { pointer: string } }) => source.pointer);
    expect(pointers).toEqual(['/orderId', '/geid']);
  });

  it('looks only at what the type needs', async () => {
    const id = await openTicket(care.agent());
    const useless = { ccr: '', orderId: null, geid: 7 };
    for (const body of [
      { ...useless, type: 'UPDATE_ORDER_ID', orderId: 'abc', geid: 'FP_SG' },
      { ...useless, type: 'UPDATE_CCR', ccr: '1A.1' },
      { ...useless, type: 'UPDATE_PICKED_TIME' },
    ]) {
      expect((await update(id, body)).status).toBe(200);
    }
    for (const [body, pointers] of [
      [{ type: 'UPDATE_CCR', ccr: '', geid: '' }, ['/ccr']],
      [{ type: 'UPDATE_ORDER_ID', ccr: '', orderId: null, geid: '' }, ['/orderId', '/geid']],
    ] as const) {
      const answer = await update(id, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors.map(({ source }: { source: { pointer: string } }) => source.pointer)).toEqual(
        pointers,
      );
    }
  });

  it.each([
    ['UPDATE_CHAT_RESPONSE_TIME', 'respondedAt'],
    ['UPDATE_PICKED_TIME', 'pickedAt'],
    ['CLOSE_CHAT_ROOM', 'chatClosedAt'],
  ])('%s notes its moment once', async (type, field) => {
    const id = await openTicket(care.agent());
    const first = care.clock.now().toISOString();
    const answer = await update(id, { type });
    expect(answer).toMatchObject({ status: 200, body: { status: 'ASSIGNED' } });
    care.clock.advance(HOUR_MS);
    const again = await update(id, { type });
    expect(again).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    const [row] = await care.server.store.sql`select fields->>${field} as at from ticket where id = ${id}`;
    expect(row?.at).toBe(first);
  });

  it('refuses another type, and a body without one', async () => {
    const id = await openTicket(care.agent());
    for (const body of [{}, { type: 'CLOSE' }]) {
      const answer = await update(id, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ source: { pointer: '/type' } }]);
    }
    expect((await update('nowhere', { type: 'UPDATE_PICKED_TIME' })).body).toEqual(bare(404, 'not found'));
  });
});

describe('two at once', () => {
  it('one of two opposite wishes wins, the other hears of it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await openTicket(care.agent());
      const [escalated, closed] = await Promise.all([
        care.agent()('POST', `/v2/tickets/${id}/escalate`, {}),
        care.agent()('POST', `/v2/tickets/${id}/close`, {}),
      ]);
      const statuses = [escalated.status, closed.status];
      expect([
        [200, 409],
        [400, 200],
        // Escalated, and only then closed.
        [200, 200],
      ]).toContainEqual(statuses);
    }
  });
});
