import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { useDatabase } from '../../../../test/database.ts';
import { useIdentity } from '../../../../test/identity.ts';
import { registerCollections } from '../../../core/register-collections.ts';
import { createServer } from '../../../http/server.ts';
import type { Identity } from '../../../identity/index.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { serviceCollections } from '../collections.ts';
import { serviceKind } from '../kind.ts';
import { SEED_TICKET, START, VIOLATED } from './fixture/service-server.ts';
import { createServiceContract } from './routes.ts';

const database = useDatabase();
const identities = useIdentity(database);
let store: Store;
let identity: Identity;
let base = '';
let credentials: Record<string, string> = {};
let operator = '';
let id = '';

/** The number of the ticket that the published text shows. */
const NUMBER = 7_440_303;

function made<T extends { readonly ok: boolean }>(outcome: T): Extract<T, { readonly ok: true }> {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome as Extract<T, { readonly ok: true }>;
}

/** A token as the published text has clients ask for it. */
async function askForToken(client: { clientId: string; clientSecret: string }) {
  const answer = await fetch(`${base}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

let app: Awaited<ReturnType<typeof createServer>>;
let token: Awaited<ReturnType<typeof askForToken>>;

beforeAll(async () => {
  const log = pino({ level: 'silent' });
  const kinds = new Map([[serviceKind.name, serviceKind]]);
  const collections = registerCollections(serviceCollections);
  store = openStore({ url: database.url, clock: createTestClock(START), kinds, collections, log });
  identity = identities.node();
  app = await createServer({
    contracts: [createServiceContract(store)],
    plugins: [{ name: 'identity', register: identity.registerRoutes }],
    authenticate: identity.authenticate,
    readiness: async () => ({ ok: true, checks: {} }),
    log,
  });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = made(
    await identity.createClient('default', { name: 'Portal', permissions: ['service.work'] }),
  );
  const key = made(await identity.createApiKey('default', { name: 'Portal', permissions: [] }));
  const person = { email: 'olga@example.com', name: 'Olga', isOperator: true };
  operator = made(await identity.createPerson('default', person)).id;
  token = await askForToken(client);
  credentials = { Authorization: `Bearer ${token.body.access_token}`, 'x-api-key': key.key };

  await store.sql`insert into number_block (account, kind, next) values ('default', 'service', ${NUMBER})`;
  const prepared = await send('POST', '/v2/tickets/prepared-tickets', SEED_TICKET);
  id = prepared.body.id;
  await send('PATCH', `/v2/tickets/prepared-tickets/${id}`, { transition: { type: 'submit' } });
});
afterAll(async () => {
  await app.close();
  await store.close();
});

async function send(method: string, path: string, body?: object, headers = credentials) {
  const answer = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    location: answer.headers.get('location'),
    body: text === '' ? null : JSON.parse(text),
  };
}

/** The published example, but for its id, which the server gives. */
const example = () => ({
  id,
  created_at: '2019-08-24T14:15:22Z',
  customer_id: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
  ticket_number: 7440303,
  vehicle_model_id: 0,
  vin: 'JH4KA7630PC007649',
  connection_id: 'd3547de1-d1f2-4344-b4c2-17169b7526f9',
});

describe('the published examples', () => {
  it('POST /oauth2/token', () => {
    expect(token).toEqual({
      status: 200,
      body: { access_token: expect.any(String), expires_in: 3600, token_type: 'Bearer' },
    });
  });

  it('GET /v2/tickets/pending-tickets', async () => {
    expect(await send('GET', '/v2/tickets/pending-tickets?ticket_number=7440303')).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      location: null,
      body: { query: { limit: 25, offset: 0, ticket_number: 7440303 }, result: [example()], total: 1 },
    });
  });

  it('GET /v2/tickets/pending-tickets/{pending-ticket-id}', async () => {
    expect(await send('GET', `/v2/tickets/pending-tickets/${id}`)).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      location: null,
      body: example(),
    });
  });

  it('PATCH /v2/tickets/pending-tickets/{pending-ticket-id}: the problem of a bad request', async () => {
    const { id: nobody } = made(
      await identity.createPerson('default', { email: 'norbert@example.com', name: 'Norbert' }),
    );
    const transition = { type: 'start-service', operator_id: nobody };
    expect(await send('PATCH', `/v2/tickets/pending-tickets/${id}`, { transition })).toEqual({
      status: 400,
      type: 'application/problem+json',
      location: null,
      body: {
        detail: VIOLATED,
        status: 400,
        title: 'Bad request',
        type: '/problems/violations',
        violations: [
          {
            path: '/transition/operator_id',
            message: 'must be the id of an employee who is an operator',
            code: 'operator',
          },
        ],
      },
    });
  });

  it('PATCH /v2/tickets/pending-tickets/{pending-ticket-id}: 303 to where the ticket has gone', async () => {
    const transition = { type: 'start-service', operator_id: operator };
    expect(await send('PATCH', `/v2/tickets/pending-tickets/${id}`, { transition })).toEqual({
      status: 303,
      type: null,
      location: `/v2/tickets/in-progress-tickets/${id}`,
      body: null,
    });
    expect((await send('GET', `/v2/tickets/in-progress-tickets/${id}`)).body).toEqual({
      ...example(),
      service_started_at: '2019-08-24T14:15:22Z',
      operator_id: operator,
      voucher_code: null,
      outsourced: false,
    });
  });

  it('needs both credentials, of one account', async () => {
    const { Authorization = '', 'x-api-key': key = '' } = credentials;
    const { key: foreign } = made(await identity.createApiKey('other', { name: 'Other', permissions: [] }));
    for (const headers of [
      { Authorization },
      { 'x-api-key': key },
      { Authorization: `Bearer ${key}`, 'x-api-key': key },
      { Authorization, 'x-api-key': foreign },
    ] as Record<string, string>[]) {
      const answer = await send('GET', '/v2/tickets/pending-tickets', undefined, headers);
      expect(answer).toMatchObject({ status: 401, type: 'application/problem+json' });
    }
  });
});
