import { type AddressInfo, connect } from 'node:net';
import Fastify from 'fastify';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useIdentity } from '../../test/identity.ts';
import { ensureParty } from '../store/accounts.ts';
import type { Identity } from './index.ts';

const setup = useIdentity(useDatabase());
const app = Fastify();
let identity: Identity;
let base: string;
let clientId: string;
let clientSecret: string;

const written: unknown[] = [];
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  vi.spyOn(console, method).mockImplementation((...words) => void written.push(words));
}

beforeAll(async () => {
  const lines: string[] = [];
  identity = setup.node({ log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }) });
  identity.registerRoutes(app);
  app.addHook('onRequest', async (_request, reply) => void reply.header('x-frame-options', 'DENY'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  await ensureParty(setup.sql, 'default', { key: 'onvia', name: 'Onvia' });
  const made = await identity.createClient('default', {
    name: 'Onvia gateway',
    permissions: ['trouble.read', 'trouble.write'],
    party: 'onvia',
    persona: 'gateway',
  });
  if (!made.ok) throw new Error(made.message);
  ({ clientId, clientSecret } = made);
});
afterAll(() => app.close());
afterEach(() => expect(written).toEqual([]));

async function ask(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/oauth2/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  const body = (await response.json()) as { access_token: string };
  return { status: response.status, headers: response.headers, body };
}

const inForm = () => ({
  grant_type: 'client_credentials',
  client_id: clientId,
  client_secret: clientSecret,
});
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('a client with its secret', () => {
  test('gets a token that stands for it, and that anybody verifies by the published keys', async () => {
    const { status, headers, body } = await ask(inForm());

    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 3600, token_type: 'Bearer' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(decodeProtectedHeader(body.access_token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.any(String),
    });
    const keys = createRemoteJWKSet(new URL(`${base}/oauth2/jwks`));
    const { payload } = await jwtVerify(body.access_token, keys);
    expect(payload).toEqual({
      iss: 'https://tessera.local',
      aud: 'urn:tessera:api',
      sub: clientId,
      client_id: clientId,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      Account: 'default',
      party: 'onvia',
      Persona: 'gateway',
      PersonId: clientId,
      DisplayName: 'Onvia gateway',
      permissions: ['trouble.read', 'trouble.write'],
    });
    expect(await identity.authenticate({ authorization: `Bearer ${body.access_token}` })).toEqual({
      account: 'default',
      id: clientId,
      name: 'Onvia gateway',
      type: 'client',
      party: 'onvia',
      persona: 'gateway',
      permissions: new Set(['trouble.read', 'trouble.write']),
    });
  });

  test('may send the secret as HTTP Basic', async () => {
    const { status, body } = await ask({ grant_type: 'client_credentials' }, basic(clientId, clientSecret));
    expect({ status, body }).toEqual({
      status: 200,
      body: { access_token: expect.any(String), expires_in: 3600, token_type: 'Bearer' },
    });
  });

  test('gets a token for this server whatever resource and scope it names', async () => {
    const { status, body } = await ask({ ...inForm(), resource: 'https://elsewhere.example/', scope: '' });
    expect(status).toBe(200);
    expect(await identity.authenticate({ authorization: `bearer ${body.access_token}` })).toMatchObject({
      id: clientId,
    });
  });
});

test('the client of a built-in integration is known by its tokens, and by nothing that others can ask for', async () => {
  const made = await identity.createClient('default', { name: 'Zendesk', integration: 'zendesk' });
  if (!made.ok) throw new Error(made.message);
  const form = { client_id: made.clientId, client_secret: made.clientSecret };
  const { body } = await ask({ grant_type: 'client_credentials', ...form });
  expect(await identity.authenticate({ authorization: `Bearer ${body.access_token}` })).toEqual({
    account: 'default',
    id: made.clientId,
    name: 'Zendesk',
    type: 'client',
    party: null,
    persona: null,
    permissions: new Set(),
    integration: 'zendesk',
  });
  const minted = await identity.mintToken({ account: 'default', sub: made.clientId });
  const copy = minted.ok ? await identity.authenticate({ authorization: `Bearer ${minted.token}` }) : minted;
  expect(copy).toMatchObject({ id: made.clientId, type: 'person' });
  expect(copy).not.toHaveProperty('integration');
});

describe('a request that is wrong', () => {
  test('with another secret is refused in the words of OAuth', async () => {
    expect(await ask({ ...inForm(), client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: 'client authentication failed' },
    });
    const { status, headers } = await ask({ grant_type: 'client_credentials' }, basic(clientId, 'wrong'));
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Basic realm=');
  });

  test.each([
    'nobody',
    'default.AAAAAAAAAAAAAAAA',
    'other.AAAAAAAAAAAAAAAA',
    '../../etc',
    "default.' or 1=1 --",
    '\u0000',
  ])('with the client id %j is refused like a wrong secret', async (id) => {
    const { status, body } = await ask({ ...inForm(), client_id: id });
    expect({ status, body }).toEqual({
      status: 401,
      body: { error: 'invalid_client', error_description: 'client authentication failed' },
    });
  });

  test('without a credential, with another grant, or with another body gets 400', async () => {
    expect(await ask({ grant_type: 'client_credentials' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(await ask({ ...inForm(), grant_type: 'password' })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    const json = await fetch(`${base}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/html' },
      body: JSON.stringify(inForm()),
    });
    expect({ status: json.status, body: await json.json() }).toEqual({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description:
          'only application/x-www-form-urlencoded content-type bodies are supported on POST /oauth2/token',
      },
    });
    const large = await ask({ ...inForm(), extra: 'x'.repeat(100_000) });
    expect(large).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

test('a Host header that is no host is refused', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () =>
      socket.end('GET /.well-known/openid-configuration HTTP/1.1\r\nHost: a b<\r\nConnection: close\r\n\r\n'),
    );
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(answer).toContain('"error":"invalid_request"');
});

test('a revoked client gets no token any more, and its tokens stop within a minute', async () => {
  const made = await identity.createClient('default', { name: 'Short-lived' });
  if (!made.ok) throw new Error(made.message);
  const form = {
    grant_type: 'client_credentials',
    client_id: made.clientId,
    client_secret: made.clientSecret,
  };
  const { body } = await ask(form);
  const credential = { authorization: `Bearer ${body.access_token}` };
  const elsewhere = setup.node();
  expect(await elsewhere.authenticate(credential)).toMatchObject({ id: made.clientId });

  expect(await identity.revokeClient('default', made.clientId)).toBe(true);
  expect(await identity.revokeClient('default', made.clientId)).toBe(false);

  expect(await identity.authenticate(credential)).toMatchObject({ code: 'unauthenticated' });
  expect(await elsewhere.authenticate(credential)).toMatchObject({ id: made.clientId });
  setup.clock.move(60_000);
  expect(await elsewhere.authenticate(credential)).toMatchObject({ code: 'unauthenticated' });
  expect(await ask(form)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

test('the database holds no secret that could be used', async () => {
  const rows = await setup.sql`select row_to_json(c)::text as text from tessera.client c`;
  expect(JSON.stringify(rows)).not.toContain(clientSecret);
  expect(await identity.listClients('default')).toContainEqual({
    id: clientId,
    name: 'Onvia gateway',
    permissions: ['trouble.read', 'trouble.write'],
    party: 'onvia',
    persona: 'gateway',
    integration: null,
    createdAt: expect.any(Date),
    revokedAt: null,
  });
});

test('a client of an unknown party or account is not made', async () => {
  expect(await identity.createClient('default', { name: 'x', party: 'nobody' })).toMatchObject({
    ok: false,
    code: 'unknownParty',
  });
  expect(await identity.createClient('nowhere', { name: 'x' })).toMatchObject({
    ok: false,
    code: 'invalidRequest',
  });
  expect(await identity.createClient('default', { name: '', permissions: ['a b'] })).toMatchObject({
    ok: false,
    errors: [
      { pointer: '/name', message: 'must have 1 to 200 characters' },
      { pointer: '/permissions/0', message: 'a b is not a permission' },
    ],
  });
  for (const integration of ['', 'Zendesk', 'x'.repeat(65)]) {
    expect(await identity.createClient('default', { name: 'x', integration })).toMatchObject({
      ok: false,
      errors: [{ pointer: '/integration' }],
    });
  }
});

describe('what is published', () => {
  test.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    '%s names what is served and nothing else',
    async (path) => {
      const response = await fetch(base + path);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 200,
        body: {
          issuer: 'https://tessera.local',
          token_endpoint: `${base}/oauth2/token`,
          jwks_uri: `${base}/oauth2/jwks`,
          grant_types_supported: ['client_credentials'],
          response_types_supported: [],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        },
      });
    },
  );

  test('the keys come without their private parts', async () => {
    const response = await fetch(`${base}/oauth2/jwks`);
    expect(await response.json()).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          use: 'sig',
          alg: 'ES256',
          kid: expect.any(String),
          x: expect.any(String),
          y: expect.any(String),
        },
      ],
    });
  });
});
