import { describe, expect, it } from 'vitest';
import { itemOf, makeTicket, type Pair, sendForm, TICKET, useDeskServer } from './fixture/desk-server.ts';

/** What a client that was written from the published text alone sends, and all that it gets. */

const server = useDeskServer();
const AT = '2026-03-02 10:00:00';

/** A ticket made with nothing, as it is shown. */
function emptyItem(id: number) {
  return {
    id,
    title: '',
    status: 'new',
    priority: 'medium',
    brand_id: null,
    brand_name: null,
    channel_id: null,
    channel_name: null,
    channel_icon: null,
    channel_account_id: null,
    direction: null,
    from: null,
    from_name: ' ',
    to: null,
    to_name: null,
    assigned_group_id: 0,
    assigned_user_id: null,
    form_id: null,
    customer_id: null,
    external_id: null,
    external_gui_url: null,
    grade_by_customer: null,
    created_at: AT,
    closed_at: null,
    last_update: AT,
    last_update_agent: null,
    last_update_customer: null,
    sla_policy_id: null,
    sla_next_breach: null,
    sla_next_breach_current_status: null,
    snooze_time: null,
    show_timeline: 0,
    tags: [],
  };
}

const outcome = (id: number) => ({ id, result: 'done' });
const many = (ids: readonly number[]) => ({
  type: 'result',
  message: `Tickets done: ${ids.length}.`,
  done: ids.length,
  unchanged: 0,
  refused: 0,
  results: ids.map(outcome),
});

describe('POST index', () => {
  it('creates an empty ticket', async () => {
    const answer = await server.agent()('POST', TICKET, {});
    const { id } = answer.body;
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      type: 'result',
      message: 'The ticket was created.',
      id,
      item: emptyItem(id),
    });
  });

  it.each(['urlencoded', 'multipart', 'json'] as const)(
    'creates one with all the data, sent as %s',
    async (form) => {
      const sent: Pair[] = [
        ['brandID', '1'],
        ['channelID', '1'],
        ['direction', 'inbound'],
        ['from', 'ana@example.com'],
        ['fromName', 'Ana Ruiz'],
        ['to', 'help@northwind.example'],
        ['title', 'Where is my parcel?'],
        ['assignedGroupID', '3'],
        ['formID', '5'],
      ];
      const answer = await sendForm(server.agent(), form, 'POST', TICKET, sent);
      const { id } = answer.body;
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.body).toEqual({
        type: 'result',
        message: 'The ticket was created.',
        id,
        item: {
          ...emptyItem(id),
          title: 'Where is my parcel?',
          brand_id: 1,
          brand_name: 'Northwind',
          channel_id: 1,
          channel_name: 'E-mail',
          channel_icon: 'mail',
          direction: 'inbound',
          from: 'ana@example.com',
          from_name: 'Ana Ruiz',
          to: 'help@northwind.example',
          assigned_group_id: 3,
          form_id: 5,
        },
      });
    },
  );
});

describe('GET index', () => {
  it('lists the newest first, fifteen at a time', async () => {
    const client = server.as({ account: 'other', permissions: ['TICKET_READ', 'TICKET_CREATE'] });
    const ids: number[] = [];
    for (let index = 0; index < 17; index += 1) {
      ids.unshift(await makeTicket(client));
      server.clock.advance(1);
    }
    const answer = await client('GET', TICKET);
    expect(answer.status).toBe(200);
    const at = { created_at: '2026-03-02 09:00:00', last_update: '2026-03-02 09:00:00' };
    expect(answer.body).toEqual({
      type: 'list',
      items: ids.slice(0, 15).map((id) => ({ ...emptyItem(id), ...at })),
      itemStart: 0,
      itemLimit: 15,
      total: 17,
    });
  });
});

describe('item', () => {
  it('GET shows it, with its timeline where that is asked for', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const plain = await agent('GET', `${TICKET}/${id}`);
    expect(plain.status).toBe(200);
    expect(plain.body).toEqual({ type: 'item', item: emptyItem(id) });
    const full = await agent('GET', `${TICKET}/${id}?getTicketHistory=true`);
    expect(full.body).toEqual({
      type: 'item',
      item: {
        ...emptyItem(id),
        show_timeline: 1,
        timeline: [
          {
            id: expect.any(Number),
            ticket_id: id,
            item_type: 'ticket',
            item_type_id: id,
            description: 'Ticket created',
            initiated_by: 'Eva',
            created_at: AT,
            type: 'event',
          },
        ],
      },
    });
  });

  it('PUT updates its fields', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const sent: Pair[] = [
      ['externalPrimaryID', 'CRM-77'],
      ['title', 'Late parcel'],
      ['status', 'closed'],
    ];
    const answer = await sendForm(agent, 'urlencoded', 'PUT', `${TICKET}/${id}`, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      type: 'result',
      message: 'The ticket was updated.',
      id,
      item: {
        ...emptyItem(id),
        title: 'Late parcel',
        status: 'closed',
        customer_id: 7,
        external_id: 'CRM-77',
        external_gui_url: 'https://crm.example.com/77',
        closed_at: AT,
      },
    });
  });

  it('DELETE deletes all its data', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const answer = await agent('DELETE', `${TICKET}/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ type: 'result', message: 'The ticket was deleted.', id });
    expect((await agent('GET', `${TICKET}/${id}`)).body).toEqual({
      type: 'error',
      status: 'error',
      message: 'The ticket does not exist, or the caller cannot see it.',
      errors: [],
    });
  });
});

describe('many', () => {
  it('DELETE multi deletes the tickets of an array', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const sent = ids.map((id): Pair => ['ticketIDs[]', String(id)]);
    const answer = await sendForm(agent, 'urlencoded', 'DELETE', `${TICKET}/multi`, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(many(ids));
    expect((await agent('GET', `${TICKET}/${ids[1]}`)).status).toBe(404);
  });

  it('POST setStatus', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const sent: Pair[] = [['status', 'holding'], ...ids.map((id): Pair => ['ticketIDs[]', String(id)])];
    const answer = await sendForm(agent, 'urlencoded', 'POST', `${TICKET}/setStatus`, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(many(ids));
    expect((await itemOf(agent, ids[0] ?? 0)).status).toBe('holding');
  });

  it('POST setPriority', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const sent: Pair[] = [['priority', 'urgent'], ...ids.map((id): Pair => ['ticketIDs[]', String(id)])];
    const answer = await sendForm(agent, 'urlencoded', 'POST', `${TICKET}/setPriority`, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(many(ids));
    expect((await itemOf(agent, ids[1] ?? 0)).priority).toBe('urgent');
  });

  it('POST batch', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const sent: Pair[] = [
      ['TicketIDs', ids.join(', ')],
      ['actions[0][actionType]', 'setStatus'],
      ['actions[0][value]', 'pending'],
    ];
    const answer = await sendForm(agent, 'urlencoded', 'POST', `${TICKET}/batch`, sent);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(many(ids));
    expect((await itemOf(agent, ids[0] ?? 0)).status).toBe('pending');
  });

  it('PUT solveUnfinishedTickets', async () => {
    const client = server.as({ account: 'other', permissions: ['TICKET_CREATE', 'SET_STATUS'] });
    await client('PUT', `${TICKET}/solveUnfinishedTickets`);
    await makeTicket(client);
    const answer = await client('PUT', `${TICKET}/solveUnfinishedTickets`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ type: 'result', message: 'Tickets solved: 1.', solved: 1 });
  });
});

it('POST unlinkCustomerFromTicket', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent);
  await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'CRM-77' });
  expect((await itemOf(agent, id)).customer_id).toBe(7);
  const answer = await sendForm(agent, 'urlencoded', 'POST', `${TICKET}/unlinkCustomerFromTicket`, [
    ['ticketID', String(id)],
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    type: 'result',
    message: 'The ticket has no customer now.',
    id,
    item: emptyItem(id),
  });
});
