import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { useDatabase } from '../../../../test/database.ts';
import { useIdentity } from '../../../../test/identity.ts';
import { registerCollections } from '../../../core/register-collections.ts';
import { createServer } from '../../../http/server.ts';
import type { Identity } from '../../../identity/index.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { exceptionCollections } from '../collections.ts';
import { exceptionKind } from '../kind.ts';
import { answered, openException, START } from './fixture/exception-server.ts';
import { createExceptionContract } from './routes.ts';

const database = useDatabase();
const identities = useIdentity(database);
const logged: Record<string, unknown>[] = [];
let app: Awaited<ReturnType<typeof createServer>>;
let store: Store;
let identity: Identity;
let tokens: Record<'partner' | 'stranger' | 'zendesk' | 'client', string>;
let exceptionId = 0;

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line) => void logged.push(JSON.parse(line)) });
  const kinds = new Map([[exceptionKind.name, exceptionKind]]);
  const collections = registerCollections(exceptionCollections);
  store = openStore({ url: database.url, clock: createTestClock(START), kinds, collections, log });
  identity = identities.node();
  app = await createServer({
    contracts: [createExceptionContract(store)],
    plugins: [{ name: 'identity', register: identity.registerRoutes }],
    authenticate: identity.authenticate,
    readiness: async () => ({ ok: true, checks: {} }),
    log,
  });
  tokens = {
    partner: await mint('DirectSupplyPartner'),
    stranger: await mint('Customer'),
    zendesk: await clientToken('zendesk'),
    client: await clientToken(undefined),
  };
  exceptionId = await openException(store, { type: '5' });
  await answered(store, exceptionId, '12345');
});
afterAll(async () => {
  await app.close();
  await store.close();
});

async function mint(persona: string): Promise<string> {
  const minted = await identity.mintToken({ account: 'default', sub: 'p-1', name: 'Pat Jones', persona });
  return minted.ok ? minted.token : '';
}

/** A token as a client program gets one: by its id and secret. */
async function clientToken(integration: string | undefined): Promise<string> {
  const made = await identity.createClient('default', { name: 'Help desk', integration });
  if (!made.ok) throw new Error(made.message);
  const form = {
    grant_type: 'client_credentials',
    client_id: made.clientId,
    client_secret: made.clientSecret,
  };
  const answer = await app.inject({
    method: 'POST',
    url: '/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: '127.0.0.1' },
    payload: new URLSearchParams(form).toString(),
  });
  return answer.json().access_token;
}

async function call(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, token = tokens.partner) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
  const type = String(answer.headers['content-type'] ?? '');
  return {
    status: answer.statusCode,
    type,
    headers: answer.headers,
    body: answer.body ? answer.json() : null,
  };
}
const ok = async (url: string) => {
  const { status, type, body } = await call('GET', url);
  expect(status).toBe(200);
  expect(type).toMatch(/^application\/json/);
  return body;
};

const RULE = {
  id: 1,
  isActive: true,
  exceptionTypeId: 1,
  exceptionTypeName: 'ETA_MISSING',
  description: 'Service provider has not provided ETA',
};
const CALL_TO_ACTION = {
  exceptionTypeIdentifier: 'NEW_EXCEPTION_TYPE',
  templateForDayside: 'Template text for dayside',
  templateForAfterHours: 'Template text for after hours',
  templateForWestpark: 'Template text for westpark',
  tbsWorkItemRequestType: 1,
  priority: 10,
};

describe('ticketExceptions/v1/diagnostics', () => {
  it('GET /unhandledErrorTest fails, and is reported as a real error is', async () => {
    logged.length = 0;
    const { status, type, headers, body } = await call(
      'GET',
      '/ticketExceptions/v1/diagnostics/unhandledErrorTest',
    );
    expect(status).toBe(500);
    expect(type).toBe('application/json');
    expect(body).toEqual({
      errorCode: 'InternalServerError',
      message: `Something failed inside. The log has it under the request id ${headers['x-request-id']}.`,
      errors: {},
    });
    expect(logged).toMatchObject([
      {
        msg: 'request failed',
        requestId: headers['x-request-id'],
        route: '/ticketExceptions/v1/diagnostics/unhandledErrorTest',
        contract: 'exceptions',
        account: 'default',
        actor: 'p-1',
        status: 500,
        code: 'internalError',
        error: { type: 'UnhandledErrorTest', stack: expect.stringContaining('diagnostics-routes') },
      },
    ]);
  });
});

describe('ticketExceptions/v1/rules', () => {
  it('GET /rules/{ruleId}', async () => {
    expect(await ok('/ticketExceptions/v1/rules/rules/1')).toEqual(RULE);
  });

  it('GET /rules', async () => {
    const body = await ok('/ticketExceptions/v1/rules/rules?includeInactive=true');
    expect(Object.keys(body)).toEqual(['ticketExceptionRules', 'pageKey']);
    expect(body.ticketExceptionRules[0]).toEqual(RULE);
  });

  it('PATCH /rules/{ruleId}', async () => {
    const change = { isActive: false, description: 'Updated description' };
    const answer = await call('PATCH', '/ticketExceptions/v1/rules/rules/1', change);
    expect([answer.status, answer.body]).toEqual([204, null]);
    expect(await ok('/ticketExceptions/v1/rules/rules/1')).toEqual({ ...RULE, ...change });
  });
});

describe('ticketExceptions/v1/ticketExceptions', () => {
  const exception = () => ({
    id: exceptionId,
    subject: 'Missing ETA for Work Item #45678',
    comment: 'Service provider has not provided ETA',
    tbsWorkItemAuthorizationNumber: '45678',
    tbsWorkItemRequestType: 1,
    ticketExceptionTypeId: 5,
    ticketExceptionTypeName: 'ETA_MISSING',
    ticketExceptionCreated: true,
    isConsideredSolvedByTbs: false,
    serviceProviderId: 9876,
    externalReferences: [{ domain: 'zendesk', type: 'ticket', identifier: 'ZDTICKET-12345' }],
  });

  it('GET /ticketExceptions/{ticketExceptionId}', async () => {
    expect(await ok(`/ticketExceptions/v1/ticketExceptions/ticketExceptions/${exceptionId}`)).toEqual(
      exception(),
    );
  });

  it('GET /ticketExceptions with every filter', async () => {
    const query =
      'authorizationNumber=45678&requestType=1&serviceProviderId=9876&includeClosedExceptions=false&externalReferences=ZDTICKET-12345';
    expect(await ok(`/ticketExceptions/v1/ticketExceptions/ticketExceptions?${query}`)).toEqual({
      ticketExceptions: [exception()],
      pageKey: null,
    });
  });
});

describe('ticketExceptions/v1/callToActions', () => {
  const URL = '/ticketExceptions/v1/callToActions/callToActions';
  let made = { id: 0 };

  it('POST /callToActions', async () => {
    const answer = await call('POST', URL, CALL_TO_ACTION);
    made = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: 1, ...CALL_TO_ACTION });
    expect(answer.headers.location).toBe(`${URL}/1`);
  });

  it('PATCH /callToActions/{callToActionId}', async () => {
    const change = {
      templateForDayside: 'Updated template',
      templateForAfterHours: 'Updated after hours template',
      templateForWestpark: 'Updated westpark template',
      priority: 8,
    };
    const answer = await call('PATCH', `${URL}/${made.id}`, change);
    expect([answer.status, answer.body]).toEqual([204, null]);
    const changed = { ...made, ...change };
    expect(await ok(`${URL}/${made.id}`)).toEqual(changed);
    expect(await ok(URL)).toEqual({ callToActions: [changed] });
  });
});

describe('ticketExceptions/v1/serviceProviderEscalationCandidates', () => {
  it('GET /serviceProviderEscalationCandidates', async () => {
    for (let count = 1; count <= 5; count += 1) {
      await openException(store, { authorizationNumber: count, serviceProviderId: 123 });
    }
    const url =
      '/ticketExceptions/v1/serviceProviderEscalationCandidates/serviceProviderEscalationCandidates';
    expect(await ok(url)).toEqual([
      {
        serviceProviderId: 123,
        serviceProviderName: 'Example SP Inc',
        openExceptionCount: 5,
        oldestExceptionDate: '2026-03-02T09:00:00Z',
      },
    ]);
  });
});

describe('ticketExceptions/public/v1', () => {
  const URL = '/ticketExceptions/public/v1/ticketExceptions/commands/updateStatus';
  const UPDATE = {
    externalSystemIdentifier: 'zendesk',
    externalReferenceId: '12345',
    status: 'solved',
    comment: 'Customer issue resolved',
  };

  it('PATCH /ticketExceptions/commands/updateStatus: 204', async () => {
    const answer = await call('PATCH', URL, UPDATE, tokens.zendesk);
    expect([answer.status, answer.body]).toEqual([204, null]);
    const { body } = await call('GET', '/ticketExceptions/v1/ticketExceptions?authorizationNumber=45678');
    expect(body.ticketExceptions).toEqual([]);
  });

  it('400, 403 and 404', async () => {
    const answers = [
      await call('PATCH', URL, { ...UPDATE, status: 'done' }, tokens.zendesk),
      await call('PATCH', URL, { ...UPDATE, externalSystemIdentifier: 'other' }, tokens.zendesk),
      await call('PATCH', URL, { ...UPDATE, externalReferenceId: '54321' }, tokens.zendesk),
      await call('PATCH', URL, UPDATE, tokens.partner),
      await call('PATCH', URL, UPDATE, tokens.client),
    ];
    expect(answers.map(({ status, body }) => [status, body.errorCode])).toEqual([
      [400, 'ValidationFailed'],
      [403, 'Forbidden'],
      [404, 'NotFound'],
      [403, 'Forbidden'],
      [403, 'Forbidden'],
    ]);
  });
});

describe('errors', () => {
  const URL = '/ticketExceptions/v1/rules/rules';

  it.each([
    ['400 ValidationFailed', `${URL}/x`, undefined, { ruleId: [expect.any(String)] }],
    ['401 Unauthorized', URL, 'nothing', {}],
    ['403 Forbidden', URL, 'stranger', {}],
    ['404 NotFound', `${URL}/99`, undefined, {}],
  ])('%s', async (title, url, who, errors) => {
    const token = who === undefined ? undefined : (tokens[who as 'stranger'] ?? who);
    const { status, type, body } = await call('GET', url, undefined, token);
    expect(type).toBe('application/json');
    expect(`${status} ${body.errorCode}`).toBe(title);
    expect(body).toEqual({ errorCode: expect.any(String), message: expect.any(String), errors });
  });
});
