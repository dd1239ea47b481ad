import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commit } from '../../../store/commit.ts';
import { waitingTicket } from '../fixture/decisions.ts';
import { listServiceTickets } from '../store.ts';
import { move, ticketIn, useService, violations } from './fixture/service-server.ts';
import { ALL_STATES, WIRE_STATES } from './states.ts';

const service = useService();
const client = service.client();
const list = (query = '', state = 'pending-tickets') => client('GET', `/v2/tickets/${state}${query}`);
const numbers = async (query: string, state = 'pending-tickets') =>
  (await list(query, state)).body.result.map((ticket: { ticket_number: number }) => ticket.ticket_number);

let operator = '';
const ids: string[] = [];
beforeAll(async () => {
  operator = await service.operator();
  for (let n = 1; n <= 5; n += 1) {
    ids.push(await ticketIn(client, 'pending', operator));
    service.clock.advance(1000);
  }
  for (const state of WIRE_STATES) {
    if (state !== 'pending') ids.push(await ticketIn(client, state, operator));
    service.clock.advance(1000);
  }
  // Number 11 is closed by a provider.
  const id = await ticketIn(client, 'outsourced', operator);
  await move(client, 'outsourced', id, { type: 'stop-service' });
  service.clock.advance(1000);
  await ticketIn(service.client(['service.work'], 'other'), 'pending', await service.operator('O', 'other'));
});

describe('GET /v2/tickets/pending-tickets', () => {
  it('is a waiting line: the oldest first, with how many wait', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    const each = await Promise.all(
      ids.slice(0, 5).map(async (id) => (await client('GET', `/v2/tickets/pending-tickets/${id}`)).body),
    );
    expect(answer.body).toEqual({ query: { limit: 25, offset: 0 }, result: each, total: 5 });
  });

  it.each<[string, number[], object]>([
    ['?limit=2', [1, 2], { limit: 2, offset: 0 }],
    ['?limit=2&offset=3', [4, 5], { limit: 2, offset: 3 }],
    ['?limit=2&offset=4', [5], { limit: 2, offset: 4 }],
    ['?limit=0', [], { limit: 0, offset: 0 }],
    ['?limit=1000', [1, 2, 3, 4, 5], { limit: 1000, offset: 0 }],
    ['?offset=5', [], { limit: 25, offset: 5 }],
    ['?offset=9007199254740991', [], { limit: 25, offset: 9007199254740991 }],
  ])('%s gives %j and the whole total', async (query, found, echo) => {
    expect(await numbers(query)).toEqual(found);
    expect((await list(query)).body).toMatchObject({ query: echo, total: 5 });
  });

  it.each<[string, number[]]>([
    ['?ticket_number=3', [3]],
    ['?ticket_number=7', []],
    ['?ticket_number=999', []],
    ['?ticket_number=-1', []],
    ['?ticket_number=3&limit=0', []],
    ['?ticket_number=3&offset=1', []],
  ])('%s finds %j', async (query, found) => {
    expect(await numbers(query)).toEqual(found);
    const ticket_number = Number(/ticket_number=(-?\d+)/.exec(query)?.[1]);
    const { body } = await list(query);
    expect(body).toMatchObject({ query: { ticket_number }, total: ticket_number === 3 ? 1 : 0 });
  });

  it.each<[string, string, string, string]>([
    ['limit=1001', 'limit', 'must be an integer from 0 to 1000', 'maximum'],
    ['limit=-1', 'limit', 'must be an integer from 0 to 1000', 'minimum'],
    ['limit=x', 'limit', 'must be an integer from 0 to 1000', 'type'],
    ['limit=', 'limit', 'must be an integer from 0 to 1000', 'type'],
    ['limit=2.5', 'limit', 'must be an integer from 0 to 1000', 'type'],
    ['offset=-1', 'offset', 'must be an integer of at least 0', 'minimum'],
    ['offset=9007199254740992', 'offset', 'must be an integer from 0 to 9007199254740991', 'maximum'],
    ['ticket_number=x', 'ticket_number', 'must be an integer', 'type'],
  ])('refuses %s, and never clamps it', async (query, name, message, code) => {
    const answer = await list(`?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(violations([`/query/${name}`, message, code]));
  });

  it('refuses a parameter that is given twice', async () => {
    const { body } = await list('?limit=1&limit=2');
    expect(body.violations).toMatchObject([{ path: '/query/limit', message: 'must be given only once' }]);
  });

  it('is exact at every moment', async () => {
    const more = service.client();
    const id = await ticketIn(more, 'prepared', operator);
    expect((await list()).body.total).toBe(5);
    await move(more, 'prepared', id, { type: 'submit' });
    expect((await list()).body.total).toBe(6);
    await move(more, 'pending', id, { type: 'cancel' });
    expect((await list()).body.total).toBe(5);
  });
});

describe('the collections of the other states', () => {
  it.each([
    ['prepared-tickets', [6]],
    ['in-progress-tickets', [7]],
    ['outsourced-tickets', [8]],
    ['closed-tickets', [9, 11]],
  ])('%s has %j', async (collection, found) => {
    expect(await numbers('', collection)).toEqual(found);
    expect((await list('', collection)).body.total).toBe(found.length);
  });
});

describe('GET /v2/tickets/tickets', () => {
  it('has the tickets of all states, each with its state', async () => {
    const { body } = await list('?limit=11', 'tickets');
    expect(body.result.map(({ state }: { state: string }) => state)).toEqual([
      ...Array(5).fill('pending'),
      ...WIRE_STATES.filter((state) => state !== 'pending'),
      'closed',
    ]);
    expect(body.result[6]).toEqual({
      ...(await client('GET', `/v2/tickets/in-progress-tickets/${ids[6]}`)).body,
      state: 'in-progress',
    });
  });

  it.each<[string, number[]]>([
    ['?state=in-progress', [7]],
    ['?state=closed', [9, 11]],
    ['?externally_processed=true', [11]],
    ['?state=closed&externally_processed=false', [9]],
    ['?state=pending&externally_processed=true', []],
    ['?externally_processed=false&offset=4&limit=5', [5, 6, 7, 8, 9]],
    ['?ticket_number=11&externally_processed=true', [11]],
    ['?ticket_number=11&externally_processed=false', []],
    ['?ticket_number=7&state=in-progress', [7]],
    ['?ticket_number=7&state=closed', []],
  ])('%s finds %j', async (query, found) => {
    expect(await numbers(query, 'tickets')).toEqual(found);
  });

  it('counts what filters find', async () => {
    const total = async (query: string) => (await list(query, 'tickets')).body.total;
    const all = await total('');
    expect(await total('?externally_processed=true')).toBe(1);
    expect(await total('?externally_processed=false')).toBe(all - 1);
    expect(await total('?state=closed&externally_processed=false&limit=0')).toBe(1);
    const { body } = await list('?state=closed&externally_processed=true', 'tickets');
    expect(body.query).toEqual({ limit: 25, offset: 0, state: 'closed', externally_processed: true });
  });

  it.each([
    ['state=inProgress', '/query/state', 'enum'],
    ['externally_processed=1', '/query/externally_processed', 'type'],
  ])('refuses %s', async (query, path, code) => {
    const { body } = await list(`?${query}`, 'tickets');
    expect(body).toEqual(violations([path, expect.any(String), code]));
  });
});

describe('pages deep in a long line', { timeout: 60_000 }, () => {
  const LONG = 2600;

  it('are those that a walk from the first ticket gives, wherever they begin', async () => {
    const { store } = service.server;
    const { sql } = store;
    const account = 'other';
    const lives = Array.from({ length: LONG }, (_, n) => waitingTicket(100 + n, new Date(n * 1000), account));
    for (const step of [0, 1]) {
      const items = lives.flatMap((life) => life.slice(step, step + 1));
      await commit(
        sql,
        account,
        items.map((decision) => ({ decision, idempotency: null })),
      );
    }
    const all = await sql<{ id: string }[]>`
      select id from ticket where account = ${account} and state = 'pending' order by id`;
    const line = all.map(({ id }) => id);
    const page = async (states: typeof ALL_STATES, offset: number, limit: number) => {
      const found = await listServiceTickets(sql, account, { states }, limit, offset);
      expect(found.total).toBe(LONG + 1);
      return found.tickets.map(({ id }) => id);
    };
    const offsets = fc.oneof(fc.nat({ max: LONG + 30 }), fc.constantFrom(0, 999, 1000, 1300, LONG, LONG + 1));
    await fc.assert(
      fc.asyncProperty(offsets, fc.constantFrom(0, 1, 25, 1000), fc.boolean(), async (offset, limit, one) => {
        const states = one ? (['pending'] as const) : ALL_STATES;
        expect(await page(states, offset, limit)).toEqual(line.slice(offset, offset + limit));
      }),
      { numRuns: 60 },
    );
  });
});
