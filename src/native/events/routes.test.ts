import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { forTheLog, until } from '../../../test/until.ts';
import { inTransaction } from '../../store/database.ts';
import { useNative } from '../fixture/errand.ts';

const server = useNative(createTestClock());
const acme = server.as({ id: 'ana', name: 'Ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', party: 'default' });
const staff = server.as({ id: 'stu', permissions: ['tickets.read'] });

type Event = { id: string; type: string; subject: string; data: { version: number } };

async function errand(client = acme): Promise<{ id: string; key: string }> {
  return (await client('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand' })).body;
}

/** Waits until no older transaction of the server holds back what is written. */
async function settled(): Promise<void> {
  const { sql } = server.store;
  await until(async () => {
    const held = await sql`select 1 from event where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`;
    return held.length === 0;
  }, forTheLog);
}

/** A page of all that is written by now. */
async function page(client: typeof acme, query = ''): Promise<{ events: Event[]; next: string }> {
  await settled();
  return pageNow(client, query);
}

async function pageNow(client: typeof acme, query: string): Promise<{ events: Event[]; next: string }> {
  const { status, body } = await client('GET', `/api/v1/events${query && `?${query}`}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** Where the log ends now. */
const end = async (client = staff) => {
  let after = '';
  for (;;) {
    const { events, next } = await page(client, `limit=1000${after && `&after=${after}`}`);
    after = next;
    if (events.length < 1000) return next;
  }
};

describe('GET /api/v1/events', { timeout: 90_000 }, () => {
  it('tells every event as CloudEvents 1.0, in the order of commits', async () => {
    const { id, key } = await errand();
    await desk('POST', `/api/v1/tickets/${key}/transitions`, { name: 'accept' });
    const { events } = await page(staff);
    const mine = events.filter(({ subject }) => subject === key);
    expect(mine).toEqual([
      {
        specversion: '1.0',
        id: expect.stringMatching(/^\d+-\d+$/),
        source: '/api/v1/events',
        type: 'tessera.ticket.created',
        subject: key,
        time: '2026-03-02T09:00:00.000Z',
        datacontenttype: 'application/json',
        data: {
          ticket: { id, key, kind: 'errand' },
          name: 'ask',
          from: null,
          to: 'new',
          version: 1,
          actor: { id: 'ana', name: 'Ana', type: 'person', party: 'acme', role: 'requester' },
          contract: 'native',
          reason: null,
          data: { title: 'An errand' },
        },
      },
      expect.objectContaining({ type: 'tessera.ticket.transitioned' }),
    ]);
  });

  it('gives every event once when read on from page to page, and goes on where it ended', async () => {
    const start = await end();
    for (let i = 0; i < 7; i += 1) await errand();
    const seen: string[] = [];
    let after = start;
    for (;;) {
      const { events, next } = await page(staff, `limit=3&after=${after}`);
      seen.push(...events.map(({ id }) => id));
      after = next;
      if (events.length === 0) break;
    }
    expect(new Set(seen).size).toBe(7);
    expect((await page(staff, `after=${after}`)).events).toEqual([]);
    const { key } = await errand();
    expect((await page(staff, `after=${after}`)).events.map(({ subject }) => subject)).toEqual([key]);
    const third = seen[2] as string;
    expect((await page(staff, `after=${third}`)).events.map(({ id }) => id).slice(0, 4)).toEqual(
      seen.slice(3),
    );
  });

  it('holds back what comes after a transaction that still runs, so that nothing is skipped', async () => {
    const start = await end();
    const { sql } = server.store;
    await inTransaction(sql, async (tx) => {
      await tx`select pg_current_xact_id()`;
      await errand();
      const { events, next } = await pageNow(staff, `after=${start}`);
      expect(events).toEqual([]);
      expect((await pageNow(staff, `after=${next}`)).events).toEqual([]);
    });
    expect((await page(staff, `after=${start}`)).events).toHaveLength(1);
  });

  it('tells a party of its own tickets, without internal comments', async () => {
    const start = await end();
    const mine = await errand(acme);
    await errand(blue);
    await desk('POST', `/api/v1/tickets/${mine.key}/comments`, { body: 'public words' });
    await desk('POST', `/api/v1/tickets/${mine.key}/comments`, {
      body: 'secret words',
      visibility: 'internal',
    });
    const { events, next } = await page(acme, `after=${start}`);
    expect(events.map(({ subject, type }) => [subject, type])).toEqual([
      [mine.key, 'tessera.ticket.created'],
      [mine.key, 'tessera.ticket.commented'],
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
    // It is at the end of the account's log, not of the party's part of it.
    expect((await page(staff, `after=${next}`)).events).toEqual([]);
    expect(await page(desk, `after=${start}`).then(({ events: all }) => all)).toHaveLength(4);
    expect((await page(server.as({ account: 'other', permissions: ['admin'] }))).events).toEqual([]);
  });

  it('refuses a caller without party and permission', async () => {
    const { status, body } = await server.as({})('GET', '/api/v1/events');
    expect(status).toBe(403);
    expect(body.permission).toBe('tickets.read');
  });

  it.each([
    ['after=soon', '/query/after'],
    ['after=99999999999999999999-1', '/query/after'],
    ['after=1-9999999999999999', '/query/after'],
    ['after=-1--1', '/query/after'],
    ['limit=0', '/query/limit'],
    ['limit=1001', '/query/limit'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await staff('GET', `/api/v1/events?${query}`);
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('refuses a stream that begins nowhere', async () => {
    const headers = { accept: 'text/event-stream', 'last-event-id': 'nowhere' };
    const { status, body } = await staff('GET', '/api/v1/events', undefined, headers);
    expect(status).toBe(400);
    expect(body.errors[0].pointer).toBe('/header/last-event-id');
  });
});
