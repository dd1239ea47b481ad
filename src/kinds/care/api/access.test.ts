import { describe, expect, it } from 'vitest';
import { bare, openTicket, refused, useCare } from './fixture/care-server.ts';

const care = useCare();

/** Every operation below `/v1` and `/v2`, with a body that it would take. */
const READS = [
  '/v1/tickets/ID',
  '/v2/tickets/ID',
  '/v1/tickets',
  '/v2/tickets',
  '/v1/customers/c-1/tickets',
  '/v2/customers/c-1/tickets',
  '/v1/tickets/ID/transfer/queues',
  '/v2/tickets/ID/transfer/queues',
  '/v2/escalation/departments',
  '/v1/resolution-statuses',
  '/v2/resolution-statuses',
  '/v1/ccr',
  '/v2/ccr',
  '/v1/ccr/search?query=x',
  '/v2/ccr/search?query=x',
];
const WRITES: readonly (readonly [string, string, unknown])[] = ['/v1', '/v2'].flatMap(
  (version): [string, string, unknown][] => [
    ['POST', `${version}/tickets`, {}],
    ['PATCH', `${version}/tickets/ID`, { type: 'UPDATE_PICKED_TIME' }],
    ['PUT', `${version}/tickets/ID`, { type: 'UPDATE_PICKED_TIME' }],
    ['POST', `${version}/tickets/ID/escalate`, {}],
    ['POST', `${version}/tickets/ID/close`, {}],
    ['POST', `${version}/tickets/ID/reassign`, { assignee: 'a' }],
    ['POST', `${version}/tickets/ID/transfer`, { queueId: 'q' }],
  ],
);
const ALL = [...READS.map((path) => ['GET', path, undefined] as const), ...WRITES];
const BOTH_HOSTS = ALL.flatMap(([method, path, body]) =>
  ['', '/ticket-detail'].map((host) => [method, host + path, body] as const),
);

const send = (
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
  permissions = ['care.work'],
) => care.server.as({ id: `caller-${permissions}`, permissions })(method, url, body, headers);

describe('every operation, with and without the published host’s path', () => {
  it.each(BOTH_HOSTS)('%s %s needs a credential that is valid', async (method, url, body) => {
    for (const authorization of ['', 'Bearer nobody']) {
      const answer = await send(method, url, body, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(bare(401, 'not authorize'));
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it.each(BOTH_HOSTS)('%s %s needs a permission', async (method, url, body) => {
    const answer = await send(method, url, body, {}, ['tickets.read']);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(bare(403, 'forbidden'));
  });

  it.each(BOTH_HOSTS.filter(([, url]) => url.includes('/ID')))(
    '%s %s knows only tickets that are there',
    async (method, url, body) => {
      const others = await openTicket(care.server.as({ account: 'other', permissions: ['care.work'] }));
      for (const id of ['nowhere', '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a', others]) {
        const answer = await send(method, url.replace('ID', id), body);
        expect(answer.status).toBe(404);
        expect(answer.body).toEqual(bare(404, 'not found'));
      }
    },
  );

  it.each(WRITES.filter(([, url]) => !/escalate|close/.test(url)))(
    '%s %s refuses a body that is none',
    async (method, url) => {
      for (const body of ['{', '[]', '"x"', undefined]) {
        const answer = await send(method, url, body);
        expect(answer.status).toBe(400);
        expect(answer.body.errors).toMatchObject([{ status: '400', title: 'bad request' }]);
      }
    },
  );
});

describe('permissions', () => {
  it.each(['care.read', 'care.work', 'care.configure', 'admin'])(
    '%s lets its bearer read',
    async (permission) => {
      for (const path of READS.filter((url) => !url.includes('/ID'))) {
        expect((await send('GET', path, undefined, {}, [permission])).status).toBe(200);
      }
    },
  );

  it.each(['care.read', 'care.configure'])('%s lets nobody write', async (permission) => {
    for (const [method, path, body] of WRITES) {
      expect((await send(method, path, body, {}, [permission])).status).toBe(403);
    }
  });
});

describe('what the contract does not serve', () => {
  it.each([
    ['GET', '/ticket-detail'],
    ['GET', '/ticket-detail/v3/tickets'],
    ['DELETE', '/v1/tickets/x'],
    ['GET', '/v1/tickets/x/escalate'],
    ['POST', '/v2/tickets/x/resolve'],
    ['GET', '/v2/escalation'],
    ['POST', '/v2/escalation/departments'],
    ['GET', '/v1/customers/x'],
    ['POST', '/v1/ccr'],
  ])('%s %s is answered in its format', async (method, url) => {
    const answer = await send(method, url, undefined);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(bare(404, 'not found'));
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('a form or a body that is too large is refused in its format', async () => {
    const form = await send('POST', '/v1/tickets', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    expect(form.body).toEqual(refused(415, 'unsupported media type', expect.any(String)));
    const large = await send('POST', '/v1/tickets', { content: { text: 'x'.repeat(1_100_000) } });
    expect(large.status).toBe(413);
    expect(large.body).toEqual(refused(413, 'payload too large', expect.any(String)));
  });

  it('an id that cannot be stored is a bad request', async () => {
    const answer = await send('GET', '/v1/tickets/a%00b', undefined);
    expect(answer.body).toEqual(refused(400, 'bad request', expect.any(String), '/path/ticketID'));
  });
});

describe('what fails inside', () => {
  it('is an internal server error that says nothing more', async () => {
    const { sql } = care.server.store;
    const id = await openTicket(care.agent());
    await sql`alter table ticket_link rename to hidden_link`;
    const answer = await send('POST', `/v2/tickets/${id}/escalate`, {});
    await sql`alter table hidden_link rename to ticket_link`;
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual(bare(500, 'internal server error'));
    expect((await send('POST', `/v2/tickets/${id}/escalate`, {})).status).toBe(200);
  });
});
