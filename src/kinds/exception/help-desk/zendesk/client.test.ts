import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  EMAIL,
  startZendesk,
  TOKEN,
  type Trouble,
  type ZendeskServer,
} from '../../../../../test/zendesk-server.ts';
import { createZendeskClient, type NewZendeskTicket } from './client.ts';

const now = new Date('2026-03-02T09:00:00Z');
let zendesk: ZendeskServer;
beforeAll(async () => {
  zendesk = await startZendesk();
});
afterEach(() => zendesk.trouble(() => null));
afterAll(() => zendesk.stop());

interface With {
  readonly token?: string;
  readonly timeOutMs?: number;
  readonly url?: string;
  readonly signal?: AbortSignal;
}

const client = ({ token = TOKEN, timeOutMs = 5_000, url = zendesk.url, signal }: With = {}) =>
  createZendeskClient({
    access: { url, email: EMAIL, token },
    ...{ now: () => now, timeOutMs },
    ...(signal && { signal }),
  });

const ticket = (externalId: string): NewZendeskTicket => ({
  subject: 'Missing ETA for Work Item #45678',
  comment: 'No ETA.',
  priority: 'high',
  externalId,
  tags: ['tessera'],
});

describe('a client of Zendesk', () => {
  it('makes a ticket, with the token as Zendesk wants it and the key of the request', async () => {
    const made = await client().createTicket(ticket('a'), 'key-a');
    expect(made).toMatchObject({ ok: true, value: { id: expect.any(Number), status: 'new' } });
    expect(zendesk.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/v2/tickets',
      headers: {
        authorization: `Basic ${Buffer.from(`${EMAIL}/token:${TOKEN}`).toString('base64')}`,
        'idempotency-key': 'key-a',
        'content-type': 'application/json',
      },
      body: {
        ticket: {
          subject: 'Missing ETA for Work Item #45678',
          comment: { body: 'No ETA.' },
          priority: 'high',
          external_id: 'a',
          tags: ['tessera'],
        },
      },
    });
    const again = await client().createTicket(ticket('a'), 'key-a');
    expect(again).toEqual(made);
    expect(zendesk.tickets.filter(({ external_id }) => external_id === 'a')).toHaveLength(1);
  });

  it('finds a ticket by its external id, or none', async () => {
    const made = await client().createTicket(ticket('b & c'), 'key-b');
    expect(await client().findTicket('b & c')).toEqual(made);
    expect(await client().findTicket('unheard')).toEqual({ ok: true, value: null });
  });

  it('comments and solves a ticket, and reads it', async () => {
    const made = await client().createTicket(ticket('d'), 'key-d');
    const id = made.ok ? String(made.value.id) : '';
    const solved = await client().updateTicket(id, { status: 'solved', comment: 'Settled.' });
    expect(solved).toMatchObject({ ok: true, value: { status: 'solved' } });
    expect(await client().readTicket(id)).toEqual(solved);
    expect(zendesk.tickets.at(-1)?.comments).toEqual([
      { body: 'No ETA.', public: true },
      { body: 'Settled.', public: false },
    ]);
  });

  it.each<[string, Trouble, object]>([
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '93' } }, { again: true, waits: 93 }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '5' } }, { again: true, waits: 5 }],
    ['429 without', { status: 429 }, { again: true }],
    ['Retry-After that is none', { status: 429, headers: { 'retry-after': 'soon' } }, { again: true }],
    ['500', { status: 500 }, { again: true }],
    ['409', { status: 409, body: { error: 'DatabaseConflict' } }, { again: true }],
    ['401', { status: 401 }, { again: false }],
    ['404', { status: 404 }, { again: false }],
    ['422', { status: 422 }, { again: false }],
    ['a redirect', { status: 302, headers: { location: 'https://example.org' } }, { again: false }],
    ['a ticket without an id', { status: 201, body: { ticket: { status: 'new' } } }, { again: true }],
    ['a cut connection', { cuts: true }, { again: true }],
  ])('tells of %s whether it may be tried again, and when', async (_, trouble, told) => {
    zendesk.trouble(() => trouble);
    const { waits, again } = told as { waits?: number; again: boolean };
    expect(await client().createTicket(ticket('e'), 'key-e')).toEqual({
      ok: false,
      again,
      fault: expect.stringMatching(/^Zendesk (answered|could not be reached)/),
      ...(waits && { notBefore: new Date(now.getTime() + waits * 1000) }),
    });
  });

  it('tells faults in the words of Zendesk, and nothing secret', async () => {
    const refused = await client({ token: 'wrong' }).readTicket('1');
    expect(refused).toEqual({
      ok: false,
      again: false,
      fault: "Zendesk answered GET /api/v2/tickets/1 with 401: Couldn't authenticate you",
    });
    expect(await client().createTicket({ ...ticket('f'), comment: '' }, 'key-f')).toEqual({
      ok: false,
      again: false,
      fault:
        'Zendesk answered POST /api/v2/tickets with 422: RecordInvalid, Record validation errors, ' +
        '{"base":[{"description":"Description: cannot be blank","error":"BlankValue"}]}',
    });
  });

  it('waits no longer than it may, nor when nobody listens, nor when it is told to stop', async () => {
    zendesk.trouble(() => ({ hangs: true }));
    expect(await client({ timeOutMs: 50 }).readTicket('1')).toEqual({
      ok: false,
      again: true,
      fault: 'Zendesk did not answer GET /api/v2/tickets/1 within 0.05 s.',
    });
    expect(await client({ signal: AbortSignal.abort() }).readTicket('1')).toMatchObject({
      again: true,
    });
    expect(await client({ url: 'http://127.0.0.1:1' }).readTicket('1')).toMatchObject({
      again: true,
      fault: expect.stringContaining('could not be reached'),
    });
  });
});
