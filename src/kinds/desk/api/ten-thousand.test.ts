import { beforeAll, expect, it } from 'vitest';
import { type Form, type Pair, sendForm, TICKET, useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();
let ids: number[] = [];

beforeAll(async () => {
  const items = Array.from({ length: 10_000 }, () => ({ op: 'create', kind: 'desk' }));
  const made = await server.agent()('POST', '/api/v1/tickets/batch', { items });
  ids = made.body.results.map(({ key }: { key: string }) => Number(key.slice('HD-'.length)));
});

/** How many transactions have written events of this sort, and how many events. */
async function written(where: { name?: string; type?: string }) {
  const { name = null, type = null } = where;
  const [row] = await server.store.sql<[{ transactions: number; events: number }]>`
    select count(distinct xid) as transactions, count(*) as events from event
    where account = 'default' and contract = 'desk'
      and (name = ${name}::text or type = ${type}::text)`;
  return row;
}

it.each<[Form, string, string]>([
  ['multipart', 'open', 'setOpen'],
  ['urlencoded', 'pending', 'setPending'],
  ['json', 'holding', 'setHolding'],
])(
  'ten thousand tickets, named in a body that is %s, are set to %s in one transaction',
  async (form, status, name) => {
    const pairs: Pair[] = [['status', status], ...ids.map((id): Pair => ['ticketIDs[]', String(id)])];
    const answer = await sendForm(server.agent(), form, 'POST', `${TICKET}/setStatus`, pairs);
    expect(answer.body).toMatchObject({ done: 10_000, unchanged: 0, refused: 0 });
    expect(answer.body.results).toHaveLength(10_000);
    expect(await written({ name })).toEqual({ transactions: 1, events: 10_000 });
  },
  60_000,
);

it('and are deleted in one', async () => {
  const actions = [{ actionType: 'delete' }];
  const answer = await server.agent()('POST', `${TICKET}/batch`, { TicketIDs: ids.join(', '), actions });
  expect(answer.body.done).toBe(10_000);
  expect(await written({ type: 'ticket.erased' })).toEqual({ transactions: 1, events: 10_000 });
  expect((await server.agent()('GET', TICKET)).body.total).toBe(0);
}, 60_000);
