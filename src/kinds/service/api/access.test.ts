import { describe, expect, it } from 'vitest';
import { writeSetting } from '../../../store/accounts.ts';
import { keyOf, NOT_FOUND, prepare, refused, useService, violations } from './fixture/service-server.ts';

const service = useService();
const ID = '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a';
const STATES = ['prepared', 'pending', 'in-progress', 'outsourced', 'closed', 'cancelled'];

/** Every operation, with a body that it would take. */
const READS = [
  ...STATES.flatMap((state) => [`/v2/tickets/${state}-tickets`, `/v2/tickets/${state}-tickets/${ID}`]),
  '/v2/tickets/tickets',
  `/v2/tickets/tickets/${ID}`,
  '/v2/operators',
  `/v2/operators/${ID}`,
  '/v2/system/events',
];
const NEW = {
  customer_id: ID,
  vin: 'JH4KA7630PC007649',
  vehicle_model_id: 0,
};
const TRANSITIONS: readonly [string, object][] = [
  ['prepared', { type: 'submit' }],
  ['pending', { type: 'start-service', operator_id: ID }],
  ['in-progress', { type: 'stop-service' }],
  ['outsourced', { type: 'reclaim' }],
];
const PATCHES = TRANSITIONS.map(
  ([state, transition]) => ['PATCH', `/v2/tickets/${state}-tickets/${ID}`, { transition }] as const,
);
const WRITES = [['POST', '/v2/tickets/prepared-tickets', NEW] as const, ...PATCHES];
const ALL = [...READS.map((path) => ['GET', path, undefined] as const), ...WRITES];

const unauthorized = (detail: string) => refused(401, 'unauthorized', 'Unauthorized', detail);
const NO_TOKEN = unauthorized('A bearer token is needed in the header Authorization.');
const NO_KEY = unauthorized('An API key is needed beside the token, in the header x-api-key.');

describe('every operation', () => {
  const caller = service.server.as({ id: 'caller', permissions: ['service.work'] });

  it.each(ALL)('%s %s needs a token and an API key', async (method, url, body) => {
    const key = keyOf(service.server);
    for (const [headers, problem] of [
      [{ ...key, authorization: '' }, NO_TOKEN],
      [{}, NO_KEY],
      [{ 'x-api-key': 'tk_default_x' }, unauthorized('The API key is not valid.')],
      [keyOf(service.server, 'other'), unauthorized('The API key is not valid.')],
      [
        { ...key, authorization: 'Bearer nobody' },
        unauthorized('The credential is missing, expired or not valid.'),
      ],
    ] as const) {
      const answer = await caller(method, url, body, headers);
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.body).toEqual(problem);
    }
  });

  it.each(ALL)('%s %s needs a permission', async (method, url, body) => {
    const answer = await service.client(['tickets.read'])(method, url, body);
    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual(refused(403, 'forbidden', 'Forbidden'));
  });

  it.each(ALL.filter(([, url]) => /tickets.*0199/.test(url)))(
    '%s %s knows only tickets that are there',
    async (method, url, body) => {
      const others = await prepare(service.client(['service.work'], 'other'));
      for (const id of [ID, others]) {
        const answer = await service.client()(method, url.replace(ID, id), body);
        expect(answer.status).toBe(404);
        expect(answer.body).toEqual(NOT_FOUND);
      }
    },
  );

  it.each(ALL.filter(([, url]) => url.includes(ID)))('%s %s takes a UUID only', async (method, url, body) => {
    const answer = await service.client()(method, url.replace(ID, 'SV-1'), body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ violations: [{ path: expect.stringMatching(/^\/path\/\w+Id$/) }] });
  });

  it.each(WRITES)('%s %s refuses a body that is none', async (method, url) => {
    for (const [body, message, code] of [
      ['{', 'The body is not valid JSON at line 1, column 2.', 'malformed'],
      ['[]', 'must be an object', 'type'],
      ['"x"', 'must be an object', 'type'],
    ] as const) {
      const answer = await service.client()(method, url, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(violations(['', message, code]));
    }
    const none = await service.client()(method, url);
    expect(none.body).toEqual(violations(['', 'a body is required', 'invalid']));
  });
});

describe('permissions', () => {
  const firstReads = READS.filter((url) => !url.includes(ID));

  it.each(['service.read', 'service.work', 'admin'])('%s lets its bearer read', async (permission) => {
    for (const url of firstReads) expect((await service.client([permission])('GET', url)).status).toBe(200);
  });

  it('service.read lets nobody write', async () => {
    for (const [method, url, body] of WRITES) {
      expect((await service.client(['service.read'])(method, url, body)).status).toBe(403);
    }
  });
});

describe('the API key', () => {
  it('may be left out where the account has made it optional, but a wrong one is refused all the same', async () => {
    const { store } = service.server;
    const caller = service.server.as({ id: 'caller', permissions: ['service.read'] });
    const list = (headers = {}) => caller('GET', '/v2/tickets/pending-tickets', undefined, headers);
    await writeSetting(store.sql, 'default', 'service.apiKey', 'optional');
    store.directory.forget('default');
    expect((await list()).status).toBe(200);
    expect((await list(keyOf(service.server))).status).toBe(200);
    expect((await list({ 'x-api-key': 'x' })).status).toBe(401);
    await writeSetting(store.sql, 'default', 'service.apiKey', 'required');
    store.directory.forget('default');
    expect((await list()).body).toEqual(NO_KEY);
  });
});

describe('what the contract does not serve', () => {
  it.each([
    ['GET', '/v2/tickets/new-tickets'],
    ['POST', '/v2/tickets/new-tickets/escalate'],
    ['GET', '/v2/tickets/pending-tickets/x/y'],
    ['POST', '/v2/tickets/pending-tickets'],
    ['DELETE', `/v2/tickets/pending-tickets/${ID}`],
    ['PATCH', `/v2/tickets/closed-tickets/${ID}`],
    ['POST', '/v2/tickets/tickets'],
    ['GET', '/v2/system'],
    ['POST', '/v2/operators'],
  ])('%s %s is a problem', async (method, url) => {
    const answer = await service.client()(method, url);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual(refused(404, 'not-found', 'Not found', `${method} ${url} is not served.`));
  });

  it('a form or a body that is too large is a problem', async () => {
    const path = '/v2/tickets/prepared-tickets';
    const form = await service.client()('POST', path, 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    expect(form.body).toEqual(refused(415, 'unsupported-media-type', 'Unsupported media type'));
    const large = await service.client()('POST', path, { ...NEW, note: 'x'.repeat(1_100_000) });
    expect(large.status).toBe(413);
    expect(large.body).toEqual(refused(413, 'payload-too-large', 'Payload too large'));
  });
});

describe('what fails inside', () => {
  it('is a problem that says nothing more', async () => {
    const { sql } = service.server.store;
    await sql`alter table ticket_count rename to hidden_count`;
    const answer = await service.client()('GET', '/v2/tickets/pending-tickets');
    await sql`alter table hidden_count rename to ticket_count`;
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual(
      refused(
        500,
        'internal',
        'Internal server error',
        expect.stringMatching(/^Something failed inside. The log has it under the request id \S+\.$/),
      ),
    );
    expect((await service.client()('GET', '/v2/tickets/pending-tickets')).status).toBe(200);
  });
});
