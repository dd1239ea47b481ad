import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../../test/database.ts';
import { useIdentity } from '../../../../test/identity.ts';
import { registerCollections } from '../../../core/register-collections.ts';
import { createServer } from '../../../http/server.ts';
import type { Identity } from '../../../identity/index.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { deskWing } from '../index.ts';
import { ALL, TICKET, useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();

/** Each operation, with the permission that it needs. */
const OPERATIONS: readonly [method: string, path: string, permission: string, body: object | undefined][] = [
  ['GET', '', 'TICKET_READ', undefined],
  ['GET', '/1', 'TICKET_READ', undefined],
  ['POST', '', 'TICKET_CREATE', {}],
  ['PUT', '/1', 'TICKET_UPDATE', { title: 'x' }],
  ['POST', '/setPriority', 'TICKET_UPDATE', { priority: 'low', ticketIDs: [1] }],
  ['POST', '/unlinkCustomerFromTicket', 'TICKET_UPDATE', { ticketID: 1 }],
  ['POST', '/1/messages', 'TICKET_UPDATE', { type: 'agent', content: 'x' }],
  ['POST', '/setStatus', 'SET_STATUS', { status: 'open', ticketIDs: [1] }],
  ['PUT', '/solveUnfinishedTickets', 'SET_STATUS', {}],
  [
    'POST',
    '/batch',
    'TICKET_BATCH',
    { TicketIDs: '1', actions: [{ actionType: 'setStatus', value: 'open' }] },
  ],
  ['DELETE', '/multi', 'TICKET_DELETE', { ticketIDs: [987654] }],
  ['DELETE', '/1', 'TICKET_DELETE', undefined],
];

describe.each(OPERATIONS)('%s %s', (method, path, permission, body) => {
  it(`needs ${permission} and nothing else`, async () => {
    const maker = server.agent();
    const { id } = (await maker('POST', TICKET, {})).body;
    const url = `${TICKET}${path.replace('/1', `/${id}`)}`;
    const named =
      body && JSON.parse(JSON.stringify(body).replace('[1]', `[${id}]`).replace(/:1\b/, `:${id}`));
    const without = server.as({ permissions: ALL.filter((name) => name !== permission) });
    expect(await without(method, url, named)).toMatchObject({
      status: 403,
      body: {
        type: 'error',
        status: 'error',
        message: `The permission ${permission} is needed.`,
        errors: [],
      },
    });
    const only = server.as({ permissions: [permission] });
    expect((await only(method, url, named)).status).toBe(200);
  });

  it('is not for the account’s partners, whatever their credential says', async () => {
    const partner = server.as({ party: 'partner', permissions: ALL });
    const message = 'Help-desk tickets are not shown to the party partner.';
    const refused = { status: 403, body: { type: 'error', status: 'error', message, errors: [] } };
    expect(await partner(method, `${TICKET}${path}`, body)).toMatchObject(refused);
    if (method !== 'GET')
      expect(await partner(method, `${TICKET}${path}`, '{ broken')).toMatchObject(refused);
    expect(await partner(method, `${TICKET}${path}?itemLimit=x`, body && {})).toMatchObject(refused);
  });

  it('needs a credential', async () => {
    const answer = await server.app.inject({ method: method as 'GET', url: `${TICKET}${path}` });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toEqual({
      type: 'error',
      status: 'error',
      message: expect.any(String),
      errors: [],
    });
  });
});

it('tickets of another account are not there', async () => {
  const { id } = (await server.agent()('POST', TICKET, {})).body;
  const other = server.as({ account: 'other', permissions: ALL });
  expect((await other('GET', `${TICKET}/${id}`)).status).toBe(404);
  expect((await other('PUT', `${TICKET}/${id}`, { title: 'x' })).status).toBe(404);
  expect((await other('DELETE', `${TICKET}/${id}`)).status).toBe(404);
  expect(
    (await other('POST', `${TICKET}/setStatus`, { status: 'open', ticketIDs: [id] })).body,
  ).toMatchObject({
    refused: 1,
  });
  expect((await other('GET', TICKET)).body.total).toBe(0);
});

describe('a key', () => {
  const database = useDatabase();
  const identities = useIdentity(database);
  const lines: string[] = [];
  let store: Store;
  let app: Awaited<ReturnType<typeof createServer>>;
  let identity: Identity;
  let key = '';

  beforeAll(async () => {
    const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
    identity = identities.node();
    const made = await identity.createApiKey('default', { name: 'Shop', permissions: ALL });
    if (!made.ok) throw new Error(made.message);
    key = made.key;
    store = openStore({
      url: database.url,
      clock: identities.clock,
      kinds: new Map([[deskWing.kind.name, deskWing.kind]]),
      collections: registerCollections(deskWing.collections),
      log,
    });
    app = await createServer({
      contracts: deskWing.contracts(store),
      authenticate: identity.authenticate,
      readiness: async () => ({ ok: true, checks: {} }),
      log,
      limits: { slowMs: 0 },
    });
  });
  afterAll(async () => {
    await app.close();
    await store.close();
  });

  const ways: Readonly<Record<string, (key: string) => { url: string; headers: Record<string, string> }>> = {
    'as Authorization: apikey': (key) => ({ url: TICKET, headers: { authorization: `apikey ${key}` } }),
    'as ?apiKey=': (key) => ({ url: `${TICKET}?apiKey=${key}`, headers: {} }),
    'as the password of Basic': (key) => ({
      url: TICKET,
      headers: { authorization: `Basic ${Buffer.from(`shop:${key}`).toString('base64')}` },
    }),
    'as a bearer token': (key) => ({ url: TICKET, headers: { authorization: `Bearer ${key}` } }),
  };

  it.each(Object.entries(ways))('is taken %s, for reading and writing', async (way, by) => {
    identities.clock.move(1);
    const made = await app.inject({ method: 'POST', ...by(key), payload: { title: way } });
    expect(made.statusCode).toBe(200);
    const list = await app.inject({ method: 'GET', ...by(key) });
    expect(list.json().items[0].title).toBe(way);
    const wrong = await app.inject({ method: 'GET', ...by(`${key.slice(0, -1)}?`) });
    expect(wrong.statusCode).toBe(401);
    expect(wrong.json()).toMatchObject({ type: 'error', status: 'error', errors: [] });
  });

  it('never reaches the log', () => {
    expect(lines.length).toBeGreaterThan(8);
    const basic = Buffer.from(`shop:${key}`).toString('base64');
    for (const line of lines) {
      expect(line).not.toContain(key);
      expect(line).not.toContain(basic);
    }
  });
});
