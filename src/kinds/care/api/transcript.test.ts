import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { useDatabase } from '../../../../test/database.ts';
import { useIdentity } from '../../../../test/identity.ts';
import { registerCollections } from '../../../core/register-collections.ts';
import { createServer } from '../../../http/server.ts';
import type { Identity } from '../../../identity/index.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { careCollections } from '../collections.ts';
import { careKind } from '../kind.ts';
import { SEED_TICKET, START, START_SECONDS } from './fixture/care-server.ts';
import { createCareContract } from './routes.ts';

const database = useDatabase();
const identities = useIdentity(database);
let app: Awaited<ReturnType<typeof createServer>>;
let store: Store;
let identity: Identity;
let tokens: Record<'agent' | 'stranger', string>;

beforeAll(async () => {
  const log = pino({ level: 'silent' });
  const kinds = new Map([[careKind.name, careKind]]);
  const collections = registerCollections(careCollections(new Map()));
  store = openStore({ url: database.url, clock: createTestClock(START), kinds, collections, log });
  identity = identities.node();
  app = await createServer({
    contracts: [createCareContract(store)],
    authenticate: identity.authenticate,
    readiness: async () => ({ ok: true, checks: {} }),
    log,
  });
  const mint = async (subject: string, permissions: string[]) => {
    const minted = await identity.mintToken({ account: 'default', sub: subject, name: subject, permissions });
    return minted.ok ? minted.token : '';
  };
  tokens = { agent: await mint('agent', ['care.work']), stranger: await mint('stranger', []) };
  const made = await send('POST', '/v1/tickets', SEED_TICKET);
  expect(made.statusCode).toBe(201);
});
afterAll(async () => {
  await app.close();
  await store.close();
});

/** A request with the headers that the published text shows. */
function send(
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
  authorization = `bearer ${tokens.agent}`,
) {
  const headers = {
    Authorization: authorization,
    ...(method === 'POST' && { 'X-Agent-User-ID': 'agent@foodpanda.com' }),
  };
  return app.inject({ method, url, headers, ...(payload && { payload }) });
}

const ESCALATION = {
  statusReason: 'close by postman',
  resolutionReason: '',
  department: 'corporate',
};

const ESCALATED = {
  ...SEED_TICKET,
  UpdatedAt: START_SECONDS,
  createdAt: START_SECONDS,
  metadata: {
    ...SEED_TICKET.metadata,
    sla: 86_400,
    childrenLinks: [
      {
        ticketId: 'vsba-nhas',
        ticketIdType: 'PANDACARE',
        ticketCategory: 'ESCALATED',
        creator: 'agent@foodpanda.com',
        createdAt: START_SECONDS,
        reason: 'close by postman',
      },
    ],
  },
  status: 'ESCALATED',
  statusReason: 'close by postman',
};

describe('POST /ticket-detail/v2/tickets/vsba-nhas/escalate', () => {
  const url = '/ticket-detail/v2/tickets/vsba-nhas/escalate';

  it('401', async () => {
    const answer = await send('POST', url, ESCALATION, 'bearer token');
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ errors: [{ status: '401', title: 'not authorize' }] });
  });

  it('403', async () => {
    const answer = await send('POST', url, ESCALATION, `bearer ${tokens.stranger}`);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toEqual({ errors: [{ status: '403', title: 'forbidden' }] });
  });

  it('404', async () => {
    const answer = await send('POST', '/ticket-detail/v2/tickets/nowhere/escalate', ESCALATION);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ errors: [{ status: '404', title: 'not found' }] });
  });

  it('200, whatever the case of the scheme', async () => {
    const answer = await send('POST', url, ESCALATION, `BEARER ${tokens.agent}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toEqual(ESCALATED);
    expect((await send('GET', '/ticket-detail/v1/tickets/vsba-nhas')).json()).toEqual(ESCALATED);
  });

  it('400 with title and status as published, once it is escalated', async () => {
    const answer = await send('POST', url, ESCALATION);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toEqual({
      errors: [
        {
          status: '400',
          title: 'bad request',
          detail: 'escalate cannot be done: the ticket is ESCALATED.',
        },
      ],
    });
  });
});

describe('GET /ticket-detail/v2/escalation/departments', () => {
  const url = '/ticket-detail/v2/escalation/departments';

  it('200', async () => {
    const answer = await send('GET', url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toEqual([
      { id: 'corporate', label: 'Corporate' },
      { id: 'partner-service', label: 'Partner Service' },
    ]);
  });

  it('401 and 403', async () => {
    expect((await send('GET', url, undefined, 'bearer token')).json()).toEqual({
      errors: [{ status: '401', title: 'not authorize' }],
    });
    expect((await send('GET', url, undefined, `bearer ${tokens.stranger}`)).json()).toEqual({
      errors: [{ status: '403', title: 'forbidden' }],
    });
  });

  it('404', async () => {
    expect((await send('GET', `${url}/nowhere`)).json()).toEqual({
      errors: [{ status: '404', title: 'not found' }],
    });
  });
});
