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

const act = (actionType: string, value?: unknown) => ({ actionType, value });

describe('setStatus', () => {
  it('answers for each ticket, and one that is refused keeps no other from being done', async () => {
    const agent = server.agent();
    const fine = await makeTicket(agent);
    const same = await ticketIn(agent, 'open');
    const closed = await ticketIn(agent, 'closed');
    const answer = await setStatus(agent, 'open', [fine, same, closed, 99_999]);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      type: 'result',
      message: 'Tickets done: 1, unchanged: 1, refused: 2.',
      done: 1,
      unchanged: 1,
      refused: 2,
      results: [
        { id: fine, result: 'done' },
        { id: same, result: 'unchanged' },
        { id: closed, result: 'refused', message: 'A ticket that is closed cannot become open.' },
        { id: 99_999, result: 'refused', message: 'The ticket does not exist, or the caller cannot see it.' },
      ],
    });
  });

  it('is done once for one key', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const send = (status: string) =>
      agent('POST', `${TICKET}/setStatus`, { status, ticketIDs: [id] }, { 'idempotency-key': 'many-1' });
    const first = await send('open');
    await setStatus(agent, 'pending', [id]);
    const again = await send('open');
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await itemOf(agent, id)).status).toBe('pending');
    expect((await send('solved')).status).toBe(422);
  });
});

describe('batch', () => {
  it('does every action, in one event for each ticket', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const actions = [
      act('setStatus', 'pending'),
      act('setPriority', 'high'),
      act('assignGroup', '3'),
      act('assignUser', 'eva'),
      act('addTag', 'a'),
      act('addTag', 'b'),
      act('removeTag', 'a'),
      act('setTitle', 'Named'),
      act('setBrand', 2),
      act('linkCustomer', 7),
    ];
    const answer = await agent('POST', `${TICKET}/batch`, { TicketIDs: `${id}`, actions });
    expect(answer.body.done).toBe(1);
    expect(await itemOf(agent, id)).toMatchObject({
      status: 'pending',
      priority: 'high',
      assigned_group_id: 3,
      assigned_user_id: 'eva',
      tags: ['b'],
      title: 'Named',
      brand_id: 2,
      brand_name: 'Southsea',
      customer_id: 7,
      external_id: 'CRM-77',
    });
    const { timeline } = (await agent('GET', `${TICKET}/${id}?getTicketHistory=yes`)).body.item;
    expect(timeline.map(({ description }: { description: string }) => description)).toEqual([
      'Ticket created',
      'Status changed from new to pending; changed title, priority, group, user, brand, tags, customer, external id',
    ]);
  });

  it('takes group, user and customer away', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent, { assignedGroupID: 3 });
    await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'CRM-77' });
    const actions = [act('assignGroup', 0), act('assignUser', ''), act('unlinkCustomer')];
    await agent('POST', `${TICKET}/batch`, { TicketIDs: `${id}`, actions });
    expect(await itemOf(agent, id)).toMatchObject({
      assigned_group_id: 0,
      assigned_user_id: null,
      customer_id: null,
    });
  });

  it('does all of it to a ticket, or none', async () => {
    const agent = server.agent();
    const closed = await ticketIn(agent, 'closed');
    const fine = await makeTicket(agent);
    const body = {
      TicketIDs: `${closed},${fine}`,
      actions: [act('setTitle', 'X'), act('setStatus', 'open')],
    };
    const answer = await agent('POST', `${TICKET}/batch`, body);
    expect(answer.body).toMatchObject({ done: 1, refused: 1 });
    expect((await itemOf(agent, closed)).title).toBe('');
    expect((await itemOf(agent, fine)).title).toBe('X');
  });

  it('refuses a ticket one tag too many, and not the others', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const fifty = Array.from({ length: 50 }, (_, index) => act('addTag', `t${index}`));
    await agent('POST', `${TICKET}/batch`, { TicketIDs: `${ids[0]}`, actions: fifty });
    const answer = await agent('POST', `${TICKET}/batch`, {
      TicketIDs: ids,
      actions: [act('addTag', 'one more')],
    });
    expect(answer.body.results).toEqual([
      { id: ids[0], result: 'refused', message: 'A ticket may have 50 tags at most.' },
      { id: ids[1], result: 'done' },
    ]);
  });

  it('deletes', async () => {
    const agent = server.agent();
    const ids = [await makeTicket(agent), await makeTicket(agent)];
    const body = { TicketIDs: [...ids, 99_999], actions: [act('delete')] };
    const answer = await agent('POST', `${TICKET}/batch`, body);
    expect(answer.body).toMatchObject({ done: 2, refused: 1 });
    expect((await agent('GET', `${TICKET}/${ids[0]}`)).status).toBe(404);
  });

  it('needs no value to unlink a customer or to delete, and null is none', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'CRM-77' });
    for (const actionType of ['unlinkCustomer', 'delete']) {
      const body = { TicketIDs: `${id}`, actions: [{ actionType, value: null }] };
      expect((await agent('POST', `${TICKET}/batch`, body)).body.done).toBe(1);
    }
  });

  it('takes numbers for texts', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    const actions = [
      act('setTitle', 2026),
      act('addTag', 1.5),
      act('assignUser', 12),
      act('assignGroup', '03'),
    ];
    await agent('POST', `${TICKET}/batch`, { TicketIDs: id, actions });
    expect(await itemOf(agent, id)).toMatchObject({
      title: '2026',
      tags: ['1.5'],
      assigned_user_id: '12',
      assigned_group_id: 3,
    });
  });

  it('that would change nothing makes no event', async () => {
    const agent = server.agent();
    const id = await makeTicket(agent, { title: 'Same' });
    const actions = [act('setTitle', 'Same'), act('setPriority', 'medium'), act('removeTag', 'none')];
    const answer = await agent('POST', `${TICKET}/batch`, { TicketIDs: `${id}`, actions });
    expect(answer.body).toMatchObject({ done: 0, unchanged: 1 });
    expect((await agent('GET', `${TICKET}/${id}`)).headers.etag).toBe('"1"');
  });
});

describe('solveUnfinishedTickets', () => {
  it.each([
    [{ brandID: 2 }, { brandID: 2 }, { brandID: 1 }],
    [{ channelID: '1' }, { channelID: 1 }, { channelID: 2 }],
    [{ assignedGroupID: 4 }, { assignedGroupID: 4 }, { assignedGroupID: 3 }],
  ])('with %j solves those alone', async (narrow, like, unlike) => {
    const agent = server.agent();
    await agent('PUT', `${TICKET}/solveUnfinishedTickets`, narrow);
    const ids = [await makeTicket(agent, like), await makeTicket(agent, like)];
    const closed = await makeTicket(agent, like);
    await setStatus(agent, 'closed', [closed]);
    const other = await makeTicket(agent, unlike);
    const answer = await agent('PUT', `${TICKET}/solveUnfinishedTickets`, narrow);
    expect(answer.body).toEqual({ type: 'result', message: 'Tickets solved: 2.', solved: 2 });
    for (const id of ids) expect((await itemOf(agent, id)).status).toBe('solved');
    expect((await itemOf(agent, closed)).status).toBe('closed');
    expect((await itemOf(agent, other)).status).toBe('new');
  });

  it('is narrowed by the query as well', async () => {
    const agent = server.agent();
    const [brand, other] = [await makeTicket(agent, { brandID: 2 }), await makeTicket(agent, { brandID: 1 })];
    await agent('PUT', `${TICKET}/solveUnfinishedTickets?brandID=2`);
    expect((await itemOf(agent, brand)).status).toBe('solved');
    expect((await itemOf(agent, other)).status).toBe('new');
    expect((await agent('PUT', `${TICKET}/solveUnfinishedTickets?ticketIDs[]=${brand}`)).body.solved).toBe(0);
    expect((await agent('PUT', `${TICKET}/solveUnfinishedTickets?brandID=x`)).status).toBe(400);
    expect((await itemOf(agent, other)).status).toBe('new');
  });

  it('without anything solves all that are unfinished, once for one key', async () => {
    const client = server.as({ account: 'other', id: 'solver', permissions: ALL });
    for (const status of ['new', 'open', 'pending', 'holding', 'solved', 'closed'])
      await ticketIn(client, status);
    const send = () =>
      client('PUT', `${TICKET}/solveUnfinishedTickets`, undefined, { 'idempotency-key': 'solve-all' });
    const first = await send();
    expect(first.body.solved).toBe(4);
    await makeTicket(client);
    expect((await send()).text).toBe(first.text);
    const { body } = await client('GET', `${TICKET}?status=new,open,pending,holding`);
    expect(body.total).toBe(1);
  });
});

it('takes the customer’s id of another system, also before the customer is known', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent);
  await agent('PUT', `${TICKET}/${id}`, { externalPrimaryID: 'NEW-1' });
  expect(await itemOf(agent, id)).toMatchObject({ external_id: 'NEW-1', customer_id: null });
});
