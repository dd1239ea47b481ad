import { beforeAll, describe, expect, it } from 'vitest';
import {
  bare,
  done,
  openTicket,
  refused,
  SEED_TICKET,
  START_SECONDS,
  useCare,
} from './fixture/care-server.ts';

const care = useCare();
beforeAll(async () => {
  await care.putReasons();
  await care.put('queues', 'q-chat', { name: 'chat-th-th', language: 'thai' });
  await care.put('vendors', 'v-9', { name: 'Corner shop', vertical: 'groceries' });
});

describe('POST /v1/tickets', () => {
  it('answers 201 with the whole ticket, its place and its version', async () => {
    const answer = await care.agent()('POST', '/v1/tickets', SEED_TICKET);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      ...SEED_TICKET,
      metadata: { ...SEED_TICKET.metadata, sla: 86_400 },
      UpdatedAt: START_SECONDS,
      createdAt: START_SECONDS,
      status: 'ASSIGNED',
    });
    expect(answer.headers).toMatchObject({ location: '/v1/tickets/vsba-nhas', etag: '"1"' });
    for (const base of ['/v1', '/v2', '/ticket-detail/v1', '/ticket-detail/v2']) {
      const read = await care.agent()('GET', `${base}/tickets/vsba-nhas`);
      expect(read.body).toEqual(answer.body);
      expect(read.headers.etag).toBe('"1"');
    }
  });

  it('gives a UUID where the client gave no id, and what is usual where it said nothing else', async () => {
    const answer = await care.agent()('POST', '/ticket-detail/v2/tickets', {});
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      UpdatedAt: START_SECONDS,
      createdAt: START_SECONDS,
      content: {},
      metadata: { sla: 86_400, tags: [], childrenLinks: [] },
      status: 'ASSIGNED',
      priority: 3,
    });
    expect(answer.headers.location).toBe(`/ticket-detail/v2/tickets/${answer.body.id}`);
    expect((await care.agent()('GET', `/v1/tickets/${answer.body.id.toUpperCase()}`)).body).toEqual(
      answer.body,
    );
  });

  it('takes a UUID as the client’s own id, and ids that a path must encode', async () => {
    for (const id of ['f4b8f8e5-365a-4ed1-a122-0f4ba1afef44', 'a/b c?ü']) {
      const made = await care.agent()('POST', '/v1/tickets', { ...SEED_TICKET, id });
      expect(made.body.id).toBe(id);
      expect(made.headers.location).toBe(`/v1/tickets/${encodeURIComponent(id)}`);
      const read = await care.agent()('GET', `/v1/tickets/${encodeURIComponent(id)}`);
      expect(read.body).toEqual(made.body);
    }
  });

  it('shows a contact reason by its code in the account’s language and in the agent’s', async () => {
    const { body } = await care.agent()(
      'POST',
      '/v1/tickets',
      { metadata: { ccr: '1A.2' } },
      { 'accept-language': 'es-MX, en;q=0.5' },
    );
    expect(body.metadata).toMatchObject({
      ccr: 'Delivery - Rider - Wrong address',
      localCcr: 'Entrega - Repartidor - Dirección equivocada',
    });
    const read = await care.agent()('GET', `/v1/tickets/${body.id}`);
    expect(read.body.metadata.localCcr).toBe('Delivery - Rider - Wrong address');
  });

  it('names a queue by its key, and knows what a vendor sells', async () => {
    const { body } = await care.agent()('POST', '/v1/tickets', { queue: 'q-chat', vendor: { id: 'v-9' } });
    expect(body).toMatchObject({ queue: 'chat-th-th', vendor: { id: 'v-9', vertical: 'groceries' } });
    const unknown = await care.agent()('POST', '/v1/tickets', { vendor: { id: 'v-10' } });
    expect(unknown.body.vendor).toEqual({ id: 'v-10', vertical: 'unknown' });
  });

  it('completes a customer’s name and the way that the ticket came', async () => {
    const { body } = await care.agent()('POST', '/v1/tickets', {
      customer: { firstName: 'Ana', lastName: 'Ruiz' },
      channel: 'email',
    });
    expect(body).toMatchObject({ customer: { name: 'Ana Ruiz' }, channel: 'email', type: 'email' });
  });

  it('keeps a sort key of 32 bits, content as it is, and links to tickets elsewhere', async () => {
    const content = { subject: 'Cold food', parts: [{ text: 'x', n: 1.5 }], nested: { a: null } };
    const childrenLinks = [
      { ticketId: 'absmw0dbma', ticketIdType: 'SALESFORCE', ticketCategory: 'REFUNDED', reason: 'late' },
      {
        ticketId: 'absmw0dbmb',
        ticketIdType: 'PANDACARE',
        ticketCategory: 'REFUND_PARTIAL',
        creator: 'hugo',
        createdAt: 1_572_499_999,
      },
    ];
    const { body } = await care.agent('zoe')('POST', '/v1/tickets', {
      priority: 2_147_483_647,
      content,
      metadata: { childrenLinks },
    });
    expect(body).toMatchObject({ priority: 2_147_483_647, content });
    expect(body.metadata.childrenLinks).toEqual([
      { ...childrenLinks[0], creator: 'zoe', createdAt: START_SECONDS },
      childrenLinks[1],
    ]);
  });

  it('ignores what the server sets, and properties that nobody knows', async () => {
    const { body } = await care.agent()('POST', '/v1/tickets', {
      status: 'CLOSED',
      UpdatedAt: 1,
      createdAt: 1,
      metadata: { sla: 5, unheard: 1 },
      unheard: true,
    });
    expect(body).toMatchObject({ status: 'ASSIGNED', createdAt: START_SECONDS, metadata: { sla: 86_400 } });
    expect(body).not.toHaveProperty('unheard');
    expect(body.metadata).not.toHaveProperty('unheard');
  });

  it('names every fault with its place', async () => {
    const answer = await care.agent()('POST', '/v1/tickets', {
      id: 7,
      priority: 2_147_483_648,
      content: [],
      customer: 'hugo',
      vendor: { id: 'x', vertical: 'restaurant' },
      metadata: { tags: 'late', childrenLinks: [{ ticketId: 'a', ticketIdType: 'JIRA' }] },
    });
    expect(answer.status).toBe(400);
    for (const error of answer.body.errors) {
      expect(error).toEqual({
        status: '400',
        title: 'bad request',
        detail: expect.any(String),
        source: { pointer: expect.any(String) },
      });
    }
    const pointers = answer.body.errors.map(({ source }: { source: { pointer: string } }) => source.pointer);
    expect(new Set(pointers)).toEqual(
      new Set([
        '/id',
        '/priority',
        '/content',
        '/customer',
        '/vendor/vertical',
        '/metadata/tags',
        '/metadata/childrenLinks/0/ticketIdType',
        '/metadata/childrenLinks/0/ticketCategory',
      ]),
    );
  });

  it.each([
    ['.', 'must be neither . nor ..'],
    ['..', 'must be neither . nor ..'],
    ['x-tickets', 'must not be tickets nor end in -tickets, which names a collection'],
    ['tickets', 'must not be tickets nor end in -tickets, which names a collection'],
  ])('refuses the id "%s", whose path would lead elsewhere', async (id, why) => {
    const answer = await care.agent()('POST', '/v2/tickets', { id });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refused(400, 'bad request', why, '/id'));
  });

  it('takes what may be left out for left out where it is null or empty', async () => {
    const nobody = { id: '', firstName: null, lastName: '', name: null, email: '' };
    const answer = await care.agent()('POST', '/v1/tickets', {
      ...{ id: '', Assignee: '', queue: null, channel: '', type: null, source: '' },
      ...{
        content: null,
        priority: null,
        statusReason: '',
        customer: nobody,
        vendor: { id: '', vertical: null },
      },
      metadata: { ccr: '', localCcr: null, orderId: '', entityId: null, tags: null, childrenLinks: null },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      UpdatedAt: expect.any(Number),
      createdAt: expect.any(Number),
      content: {},
      metadata: { sla: 86_400, tags: [], childrenLinks: [] },
      status: 'ASSIGNED',
      priority: 3,
      customer: {},
      vendor: {},
    });
    const kept = { content: { subject: '', parts: null } };
    expect((await care.agent()('POST', '/v1/tickets', { ...kept, metadata: null })).body).toMatchObject(kept);
  });

  it('refuses an id that another ticket has, as its client’s or as its own', async () => {
    const { id } = (await care.agent()('POST', '/v1/tickets', {})).body;
    await openTicket(care.agent(), { id: 'taken' });
    for (const taken of ['taken', id]) {
      const answer = await care.agent()('POST', '/v1/tickets', { id: taken });
      expect(answer.status).toBe(409);
      expect(answer.body).toEqual(refused(409, 'conflict', 'Another ticket has this id.'));
    }
    const other = care.server.as({ account: 'other', permissions: ['care.work'] });
    expect((await other('POST', '/v1/tickets', { id: 'taken' })).status).toBe(201);
  });

  it('makes one ticket for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'once' };
    const first = await care.agent()('POST', '/v1/tickets', { id: 'idem' }, key);
    const again = await care.agent()('POST', '/v1/tickets', { id: 'idem' }, key);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await care.agent()('POST', '/v1/tickets', { id: 'idem2' }, key)).status).toBe(422);
  });

  it('is refused to those who may only read', async () => {
    const reader = care.server.as({ permissions: ['care.read'] });
    const answer = await reader('POST', '/v1/tickets', SEED_TICKET);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(bare(403, 'forbidden'));
  });
});

describe('the acting agent', () => {
  const events = async (id: string) => {
    const { sql } = care.server.store;
    return sql`
      select e.actor->>'id' as id, e.actor->>'name' as name, e.contract from event e
      join ticket t on t.account = e.account and t.id = e.ticket
      where e.account = 'default' and t.unique_key = ${id} order by e.seq`;
  };

  it('is who X-Agent-User-ID names, and where it is absent the subject of the token', async () => {
    const client = care.server.as({ id: 'desk-1', name: 'Night desk', permissions: ['care.work'] });
    await client('POST', '/v1/tickets', { id: 'acted' }, { 'x-agent-user-id': 'ana@example.com' });
    const { metadata } = await done(client, 'acted', 'escalate');
    expect(metadata.childrenLinks).toMatchObject([{ creator: 'desk-1' }]);
    expect(await events('acted')).toEqual([
      { id: 'desk-1', name: 'ana@example.com', contract: 'care' },
      { id: 'desk-1', name: 'desk-1', contract: 'care' },
    ]);
  });

  it('is refused when it is no e-mail, on reading too', async () => {
    const pointer = '/header/x-agent-user-id';
    for (const [method, url, body] of [
      ['POST', '/v1/tickets', {}],
      ['GET', '/v2/escalation/departments', undefined],
    ] as const) {
      const answer = await care.agent()(method, url, body, { 'x-agent-user-id': 'not an e-mail' });
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(refused(400, 'bad request', expect.any(String), pointer));
    }
  });
});
