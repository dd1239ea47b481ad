import { describe, expect, it } from 'vitest';
import {
  ALL,
  itemOf,
  makeTicket,
  setStatus,
  TICKET,
  ticketIn,
  useDeskServer,
} from './fixture/desk-server.ts';

const server = useDeskServer();
const UNFINISHED = ['new', 'open', 'pending', 'holding'];

const says = (type: string, content: string) => ({ type, content });

async function timelineOf(id: number) {
  const { body } = await server.agent()('GET', `${TICKET}/${id}?getTicketHistory=true`);
  return body.item.timeline;
}

describe('a customer’s message', () => {
  it.each(UNFINISHED)('on a ticket that is %s leaves its status', async (status) => {
    const agent = server.agent();
    const id = await ticketIn(agent, status);
    server.clock.advance(60_000);
    const answer = await agent('POST', `${TICKET}/${id}/messages`, says('customer', 'Hello?'));
    expect(answer).toMatchObject({
      status: 200,
      body: { type: 'result', message: 'The message was added.', id },
    });
    const item = await itemOf(agent, id);
    expect(item).toMatchObject({ status, last_update_agent: null });
    expect(item.last_update_customer).toBe(item.last_update);
    expect(item.last_update_customer).not.toBe(item.created_at);
  });

  it('on a solved ticket opens it again', async () => {
    const agent = server.agent();
    const id = await ticketIn(agent, 'solved');
    await agent('POST', `${TICKET}/${id}/messages`, says('customer', 'Still broken'));
    expect(await itemOf(agent, id)).toMatchObject({ status: 'open', closed_at: null });
    expect((await timelineOf(id)).at(-1)).toMatchObject({
      item_type: 'message',
      description: 'Still broken',
    });
  });

  it('on a closed ticket opens another one, linked to it', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent, {
      title: 'Lost',
      brandID: 1,
      from: 'ana@example.com',
      assignedGroupID: 3,
    });
    await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'CRM-77', status: 'closed' });
    const closed = await itemOf(agent, id);
    const answer = await agent('POST', `${TICKET}/${id}/messages`, says('customer', 'It is lost again'));
    expect(answer.status).toBe(200);
    const other = answer.body.id;
    expect(other).not.toBe(id);
    expect(answer.body.message).toBe(`Ticket ${id} is closed: the message opened ticket ${other}.`);
    expect(answer.body.item).toMatchObject({
      title: 'Lost',
      status: 'new',
      brand_id: 1,
      from: 'ana@example.com',
      assigned_group_id: 3,
      customer_id: 7,
      external_id: 'CRM-77',
      direction: 'inbound',
    });
    expect(await itemOf(agent, id)).toEqual(closed);
    const rows = await server.store.sql`
      select l.relation, t.number from ticket_link l join ticket t on t.account = l.account and t.id = l.other
      where l.account = 'default' and l.ticket = (
        select id from ticket where account = 'default' and kind = 'desk' and number = ${other}
      )`;
    expect([...rows]).toEqual([{ relation: 'related', number: id }]);
    expect((await timelineOf(other))[0].description).toBe(
      `Ticket created, follows HD-${id}: It is lost again`,
    );
  });

  it('on a closed ticket needs the permission to create one', async () => {
    const id = await ticketIn(server.agent(), 'closed');
    const updater = server.as({ permissions: ['TICKET_UPDATE', 'TICKET_READ'] });
    const answer = await updater('POST', `${TICKET}/${id}/messages`, says('customer', 'x'));
    expect(answer).toMatchObject({
      status: 403,
      body: { message: 'The ticket is closed: the permission TICKET_CREATE is needed.' },
    });
  });

  it('is kept, whoever closes the ticket at the same moment', async () => {
    const agent = server.agent();
    for (let round = 0; round < 20; round += 1) {
      const id = await ticketIn(agent, 'open');
      const [written] = await Promise.all([
        agent('POST', `${TICKET}/${id}/messages`, says('customer', 'Wait!')),
        setStatus(agent, 'closed', [id]),
      ]);
      expect(written.status).toBe(200);
      const told = (await timelineOf(written.body.id)).filter(({ description = '' }) =>
        description.includes('Wait!'),
      );
      expect(told).toHaveLength(1);
      expect((await itemOf(agent, id)).status).toBe('closed');
    }
  });

  it('that is sent again with the same key is there once, on a closed ticket too', async () => {
    const agent = server.agent();
    for (const status of ['open', 'closed']) {
      const id = await ticketIn(agent, status);
      const send = () =>
        agent('POST', `${TICKET}/${id}/messages`, says('customer', 'Once'), {
          'idempotency-key': `k-${status}`,
        });
      const first = await send();
      const second = await send();
      expect(second.text).toBe(first.text);
      expect(second.headers['idempotency-replayed']).toBe('true');
    }
  });
});

describe('an agent’s message', () => {
  it.each([...UNFINISHED, 'solved'])(
    'is taken by a ticket that is %s, without a change of status',
    async (status) => {
      const agent = server.agent();
      const id = await ticketIn(agent, status);
      server.clock.advance(60_000);
      await agent('POST', `${TICKET}/${id}/messages`, says('agent', 'We look at it'));
      const item = await itemOf(agent, id);
      expect(item).toMatchObject({ status, last_update_customer: null });
      expect(item.last_update_agent).toBe(item.last_update);
    },
  );

  it('is refused by a closed ticket', async () => {
    const agent = server.agent();
    const id = await ticketIn(agent, 'closed');
    expect((await agent('POST', `${TICKET}/${id}/messages`, says('agent', 'x'))).status).toBe(409);
  });
});

it('a note is shown with who wrote it, the status then, and whether it is pinned', async () => {
  const agent = server.agent();
  const id = await ticketIn(agent, 'pending');
  await agent('POST', `${TICKET}/${id}/messages`, { ...says('note', 'Call her back'), pinned: true });
  await agent('POST', `/api/v1/tickets/HD-${id}/comments`, { body: 'Seen', visibility: 'internal' });
  const notes = (await timelineOf(id)).filter(({ type }: { type: string }) => type === 'note');
  const shared = {
    type: 'note',
    id: expect.any(Number),
    ticket_id: id,
    status_new: 'pending',
    user_id: 'agent',
  };
  expect(notes).toEqual([
    { ...shared, content: 'Call her back', pinned: 1, created_at: expect.any(String) },
    { ...shared, content: 'Seen', pinned: 0, created_at: expect.any(String) },
  ]);
});

it('the product’s own API does the same by transitions', async () => {
  const agent = server.as({ id: 'agent', name: 'Eva', permissions: [...ALL, 'tickets.read'] });
  const id = await ticketIn(agent, 'solved');
  const url = `/api/v1/tickets/HD-${id}`;
  const { available } = (await agent('GET', url)).body;
  const allowed = available.filter((entry: { allowed: boolean }) => entry.allowed);
  expect(allowed.map(({ name }: { name: string }) => name)).toEqual([
    'setOpen',
    'setPending',
    'setHolding',
    'setClosed',
    'customerReopens',
    'agentMessage',
    'note',
  ]);
  const move = (name: string, input: object) => agent('POST', `${url}/transitions`, { name, input });
  expect((await move('customerMessage', { content: 'x' })).status).toBe(409);
  expect((await move('customerReopens', { content: 'Again' })).body.state).toBe('open');
  expect((await move('note', { content: '' })).status).toBe(400);
  expect((await move('setPending', { priority: 1 })).body).toMatchObject({ state: 'pending', priority: 1 });
  expect((await agent('POST', '/api/v1/tickets', { kind: 'desk', brand: 99 })).status).toBe(400);
  expect((await agent('POST', '/api/v1/tickets', { kind: 'desk', title: 'Mine' })).status).toBe(201);
});
