import { beforeAll, describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../../test/until.ts';
import { STARTED, ticketIn, useService, violations } from './fixture/service-server.ts';
import { placeOf } from './map.ts';

const service = useService();
const client = service.client();
let operator = '';
beforeAll(async () => {
  operator = await service.operator();
});

type Event = { id: string; type: string; data: { ticket_id: string } };

/** Waits until no older transaction of the server holds back what is written. */
async function settled(): Promise<void> {
  const { sql } = service.server.store;
  await until(async () => {
    const held = await sql`select 1 from event where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`;
    return held.length === 0;
  }, forTheLog);
}

async function page(query = ''): Promise<{ after_id: string | null; result: Event[] }> {
  await settled();
  const answer = await client('GET', `/v2/system/events${query}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('GET /v2/system/events', { timeout: 90_000 }, () => {
  it('has nothing to tell while nothing has happened', async () => {
    expect(await page()).toEqual({ after_id: null, result: [] });
  });

  it('tells what became of a ticket, in the order in which it happened', async () => {
    const id = await ticketIn(client, 'closed', operator);
    const { after_id, result } = await page();
    const event = (type: string, state: string) => ({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      type: `tickets.ticket.${type}`,
      created_at: STARTED,
      data: { ticket_id: id, ticket_number: expect.any(Number), location: placeOf({ id, state }) },
    });
    expect(result).toEqual([
      event('prepared', 'prepared'),
      event('pending', 'pending'),
      event('in-progress', 'inProgress'),
      event('closed', 'closed'),
    ]);
    const ids = result.map((one) => one.id);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(4);
    expect(after_id !== null && after_id >= (ids.at(-1) ?? '')).toBe(true);
  });

  it('gives every event once when read on from page to page, and goes on where it ended', async () => {
    const { after_id: start } = await page('?limit=1000');
    for (let n = 0; n < 3; n += 1) await ticketIn(client, 'in-progress', operator);
    const seen: string[] = [];
    let after = start;
    for (;;) {
      const { after_id, result } = await page(`?limit=2&after_id=${after}`);
      if (result.length === 0) break;
      seen.push(...result.map(({ id }) => id));
      after = after_id;
    }
    expect(new Set(seen).size).toBe(9);
    const id = await ticketIn(client, 'prepared', operator);
    const { result } = await page(`?after_id=${after}`);
    expect(result.map(({ data }) => data.ticket_id)).toEqual([id]);
    const again = await page(`?after_id=${seen[3]}&limit=5`);
    expect(again.result.map((event) => event.id)).toEqual(seen.slice(4));
  });

  it('tells of one type only, where one is asked for', async () => {
    const { after_id: start } = await page('?limit=1000');
    const closed = await ticketIn(client, 'closed', operator);
    await ticketIn(client, 'cancelled', operator);
    const of = async (type: string) => (await page(`?after_id=${start}&type=${type}`)).result;
    const [event, ...others] = await of('tickets.ticket.closed');
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'tickets.ticket.closed', data: { ticket_id: closed } });
    expect(await of('tickets.ticket.in-progress')).toHaveLength(2);
    expect(await of('tickets.ticket.inProgress')).toEqual([]);
    expect(await of('customers.customer.created')).toEqual([]);
    const { after_id } = await page(`?after_id=${start}&type=tickets.ticket.closed&limit=1`);
    expect(after_id).toBe(event?.id);
  });

  it('has no page of nothing move on', async () => {
    const { after_id } = await page('?limit=1');
    expect(await page(`?limit=0&after_id=${after_id}`)).toEqual({ after_id, result: [] });
  });

  it('tells of other accounts nothing', async () => {
    const other = service.client(['service.read'], 'other');
    await settled();
    expect((await other('GET', '/v2/system/events')).body).toEqual({ after_id: null, result: [] });
  });

  it.each([
    ['limit=1001', '/query/limit', 'maximum'],
    ['after_id=x', '/query/after_id', 'format'],
    ['after_id=0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a', '/query/after_id', 'unknown'],
    ['type=', '/query/type', 'min-length'],
  ])('refuses %s', async (query, path, code) => {
    const { body } = await client('GET', `/v2/system/events?${query}`);
    expect(body).toEqual(violations([path, expect.any(String), code]));
  });
});
