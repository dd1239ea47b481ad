import { expect, it } from 'vitest';
import { itemOf, makeTicket, TICKET, useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();

it('nothing of a deleted ticket is left but that it was there', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent, { title: 'Zebrafish', from: 'zebra@example.com' });
  await agent('POST', `${TICKET}/${id}/messages`, { type: 'customer', content: 'My zebrafish is ill' });
  await agent('PUT', `${TICKET}/${id}`, { title: 'Zebrafish ill' }, { 'idempotency-key': 'about-the-fish' });
  const kept = await makeTicket(agent, { title: 'Goldfish' });
  expect((await agent('DELETE', `${TICKET}/${id}`)).status).toBe(200);

  const { sql } = server.store;
  for (const table of ['ticket', 'event', 'idempotency', 'attachment', 'timer', 'ticket_link']) {
    const rows = await sql<{ text: string }[]>`select t::text as text from ${sql(table)} t`;
    expect(rows.filter(({ text }) => /zebra/i.test(text))).toEqual([]);
  }
  const tombs = await sql`
    select from_state, to_state, title from event e left join ticket t on t.account = e.account and t.id = e.ticket
    where e.account = 'default' and e.type = 'ticket.erased'`;
  expect([...tombs]).toEqual([{ from_state: 'new', to_state: null, title: null }]);
  expect((await itemOf(agent, kept)).title).toBe('Goldfish');
  expect((await agent('GET', TICKET)).body.total).toBe(1);
  expect((await agent('DELETE', `${TICKET}/${id}`)).status).toBe(404);
});

it('a deletion that is sent again with its key is answered as before', async () => {
  const agent = server.agent();
  const id = await makeTicket(agent);
  const send = () => agent('DELETE', `${TICKET}/${id}`, undefined, { 'idempotency-key': 'gone' });
  const first = await send();
  expect(first.status).toBe(200);
  expect((await send()).text).toBe(first.text);
});

it.each<[string, string, string, (id: number) => object]>([
  ['DELETE multi', 'DELETE', '/multi', (id) => ({ ticketIDs: [id] })],
  ['a batch', 'POST', '/batch', (id) => ({ TicketIDs: `${id}`, actions: [{ actionType: 'delete' }] })],
])(
  'a stale If-Match keeps the one ticket that %s names, as it does elsewhere',
  async (_, method, path, bodyOf) => {
    const agent = server.agent();
    const id = await makeTicket(agent);
    await agent('PUT', `${TICKET}/${id}`, { title: 'Second' });
    const send = (version: number) =>
      agent(method, `${TICKET}${path}`, bodyOf(id), { 'if-match': `"${version}"` });
    expect((await send(1)).body).toEqual({
      type: 'result',
      message: 'Tickets done: 0, refused: 1.',
      done: 0,
      unchanged: 0,
      refused: 1,
      results: [{ id, result: 'refused', message: 'The ticket is at version 2, not 1.' }],
    });
    expect((await itemOf(agent, id)).title).toBe('Second');
    expect((await send(2)).body.done).toBe(1);
  },
);

it('If-Match does not count where several tickets are named', async () => {
  const agent = server.agent();
  const ids = [await makeTicket(agent), await makeTicket(agent)];
  const answer = await agent('DELETE', `${TICKET}/multi`, { ticketIDs: ids }, { 'if-match': '"7"' });
  expect(answer.body.done).toBe(2);
});
