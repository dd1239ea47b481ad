import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { refuse } from '../kernel/errors.ts';
import type { Authenticate, Credential } from './contract.ts';
import { problem } from './problem.ts';
import { sendJson } from './reply.ts';
import { createServer } from './server.ts';

const seen: Credential[] = [];

/** `Bearer ana` and `Bearer bo` are tokens, of the accounts `strict` and `easy`; `key-of-<account>` is a key. */
const authenticate: Authenticate = async (credential) => {
  seen.push(credential);
  const { authorization, apiKeyHeader } = credential;
  if (authorization === 'Bearer ana') return actorOf('strict', null, 'ana');
  if (authorization === 'Bearer bo') return actorOf('easy', null, 'bo');
  const account = /^key-of-(\w+)$/.exec(apiKeyHeader ?? '')?.[1];
  return account ? actorOf(account, null, 'key') : refuse('unauthenticated');
};

let app: FastifyInstance;
beforeAll(async () => {
  app = await createServer({
    contracts: [
      {
        name: 'double',
        title: 'Double',
        description: '',
        prefixes: ['/double'],
        errors: problem,
        security: {
          Token: {
            type: 'oauth2',
            flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: {} } },
          },
          Key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
        keyBesideToken: { isNeeded: async (account) => account === 'strict' },
        routes(scope) {
          scope.get('/double', async ({ actor }, reply) => sendJson(reply, 200, { id: actor.id }));
        },
      },
    ],
    authenticate,
    readiness: async () => ({ ok: true, checks: {} }),
    log: pino({ level: 'silent' }),
  });
});
afterAll(() => app.close());

async function send(headers: Record<string, string>, query = '') {
  const answer = await app.inject({ url: `/double${query}`, headers });
  return { status: answer.statusCode, body: answer.json(), challenge: answer.headers['www-authenticate'] };
}

const ana = { authorization: 'Bearer ana' };
const bo = { authorization: 'Bearer bo' };

describe('a contract with a key beside the token', () => {
  it('serves who brings both, of one account, as the one whom the token names', async () => {
    expect(await send({ ...ana, 'x-api-key': 'key-of-strict' })).toMatchObject({
      status: 200,
      body: { id: 'ana' },
    });
    expect(seen.slice(-2)).toMatchObject([
      { authorization: 'Bearer ana', apiKeyHeader: null, tokenOnly: true, contract: 'double' },
      { authorization: null, apiKeyHeader: 'key-of-strict', contract: 'double' },
    ]);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['nothing', {}, 'A bearer token is needed in the header Authorization.', 'Bearer'],
    [
      'a key alone',
      { 'x-api-key': 'key-of-strict' },
      'A bearer token is needed in the header Authorization.',
      'Bearer',
    ],
    [
      'a session alone',
      { cookie: 'session=ana' },
      'A bearer token is needed in the header Authorization.',
      'Bearer',
    ],
    ['a token alone', ana, 'An API key is needed beside the token, in the header x-api-key.', 'Bearer'],
    [
      'a key that is empty',
      { ...ana, 'x-api-key': '' },
      'An API key is needed beside the token, in the header x-api-key.',
      'Bearer',
    ],
    ['a wrong key', { ...ana, 'x-api-key': 'x' }, 'The API key is not valid.', 'Bearer'],
    [
      'a key of another account',
      { ...ana, 'x-api-key': 'key-of-easy' },
      'The API key is not valid.',
      'Bearer',
    ],
    [
      'a wrong token',
      { authorization: 'Bearer x', 'x-api-key': 'key-of-strict' },
      'The credential is missing, expired or not valid.',
      'Bearer error="invalid_token"',
    ],
  ])('refuses %s', async (_what, headers, detail, challenge) => {
    const answer = await send(headers);
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated', detail }, challenge });
  });

  it('does not look for the key in the query', async () => {
    expect((await send(ana, '?apiKey=key-of-strict')).status).toBe(401);
  });

  it('needs no key where the account has made it optional, but checks one that is brought', async () => {
    expect((await send(bo)).status).toBe(200);
    expect((await send({ ...bo, 'x-api-key': 'key-of-easy' })).status).toBe(200);
    expect((await send({ ...bo, 'x-api-key': 'key-of-strict' })).status).toBe(401);
  });

  it('says in its document that both are needed', async () => {
    const { security, components } = (await app.inject('/docs/double/openapi.json')).json();
    expect(security).toEqual([{ Token: [], Key: [] }]);
    expect(components.securitySchemes.Token).toEqual({
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: {} } },
    });
  });
});
