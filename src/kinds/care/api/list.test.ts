import { beforeAll, describe, expect, it } from 'vitest';
import { done, openTicket, useCare } from './fixture/care-server.ts';

const care = useCare();
const ids: Record<string, string> = {};

beforeAll(async () => {
  await care.put('queues', 'q-1', { name: 'mail-de', language: 'de' });
  const open = async (name: string, more: Record<string, unknown>) => {
    ids[name] = await openTicket(care.agent(), { id: name, ...more });
    care.clock.advance(1000);
  };
  const customer = { id: 'c-1', name: 'Ana' };
  await open('third', { priority: 3, customer });
  await open('first-older', { priority: 1, customer, Assignee: 'zoe' });
  await open('last', { priority: 70_000, queue: 'q-1' });
  await open('after-last', { priority: 70_001, queue: 'mail-de', Assignee: 'zoe' });
  await open('first', { priority: 1, metadata: { orderId: 'order-7' } });
  await open('negative', { priority: -1 });
  await done(care.agent(), 'third', 'close');
  await done(care.agent(), 'last', 'escalate');
  await openTicket(care.server.as({ account: 'other', permissions: ['care.work'] }));
});

const list = (query = '', client = care.agent()) => client('GET', `/v1/tickets${query}`);
const found = async (query = '') =>
  (await list(query)).body.list.map(({ id }: { id: string }) => id) as string[];

const all = ['negative', 'first', 'first-older', 'third', 'last', 'after-last'];

describe('GET /v1/tickets', () => {
  it('lists all by priority, whatever 32 bits it has, the newest of each first', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ list: expect.any(Array), page: 1, pageSize: 10 });
    expect(await found()).toEqual(all);
    expect(answer.headers['x-total-count']).toBe('6');
    const one = await care.agent()('GET', '/v1/tickets/negative');
    expect(answer.body.list[0]).toEqual(one.body);
  });

  it('serves the same under /v2 and the published host’s path', async () => {
    const { body } = await list();
    for (const base of ['/v2', '/ticket-detail/v1', '/ticket-detail/v2']) {
      expect((await care.agent()('GET', `${base}/tickets`)).body).toEqual(body);
    }
  });

  it('goes by pages, and beyond the last one there is nothing', async () => {
    expect(await found('?pageSize=4')).toEqual(all.slice(0, 4));
    const second = await list('?pageSize=4&page=2');
    expect(second.body).toMatchObject({ page: 2, pageSize: 4 });
    expect(second.body.list.map(({ id }: { id: string }) => id)).toEqual(all.slice(4));
    expect((await list('?pageSize=4&page=3')).body).toEqual({ list: [], page: 3, pageSize: 4 });
    expect((await list('?page=1000000000')).body.list).toEqual([]);
  });

  it.each([
    ['?status=ASSIGNED', ['negative', 'first', 'first-older', 'after-last']],
    ['?status=ESCALATED', ['last']],
    ['?status=CLOSED', ['third']],
    ['?queue=q-1', ['last', 'after-last']],
    ['?queue=mail-de', ['last', 'after-last']],
    ['?queue=chat-sg-en', ['negative', 'first', 'first-older', 'third']],
    ['?queue=nowhere', []],
    ['?assignee=zoe', ['first-older', 'after-last']],
    ['?customerId=c-1', ['first-older', 'third']],
    ['?orderId=order-7', ['first']],
    ['?queue=mail-de&status=ASSIGNED', ['after-last']],
    ['?assignee=zoe&customerId=c-1', ['first-older']],
  ])('%s finds %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
    expect((await list(query)).headers['x-total-count']).toBe(String(expected.length));
  });

  it.each([
    ['status=OPEN', '/query/status'],
    ['page=0', '/query/page'],
    ['page=x', '/query/page'],
    ['pageSize=101', '/query/pageSize'],
    ['pageSize=0', '/query/pageSize'],
    ['queue=', '/query/queue'],
    ['page=1&page=2', '/query/page'],
  ])('refuses %s', async (query, pointer) => {
    const answer = await list(`?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ status: '400', title: 'bad request', source: { pointer } }]);
  });
});

describe('GET /v1/customers/{customerId}/tickets', () => {
  it('lists a customer’s tickets, the newest first', async () => {
    const answer = await care.agent()('GET', '/v1/customers/c-1/tickets?pageSize=5');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      list: [
        (await care.agent()('GET', '/v1/tickets/first-older')).body,
        (await care.agent()('GET', '/v1/tickets/third')).body,
      ],
      page: 1,
      pageSize: 5,
    });
    expect(answer.headers['x-total-count']).toBe('2');
  });

  it('lists nothing of a customer who has none', async () => {
    const answer = await care.agent()('GET', '/v2/customers/nobody/tickets');
    expect(answer.body).toEqual({ list: [], page: 1, pageSize: 10 });
  });

  it('refuses a page that is none', async () => {
    const answer = await care.agent()('GET', '/v1/customers/c-1/tickets?page=-1');
    expect(answer.body.errors).toMatchObject([{ status: '400', source: { pointer: '/query/page' } }]);
  });
});
