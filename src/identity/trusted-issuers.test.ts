import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useIdentity } from '../../test/identity.ts';
import type { Identity, IssuerInput } from './index.ts';

const setup = useIdentity(useDatabase());
let identity: Identity;

const ISS = 'https://login.partner.example/';
const NOT_VALID = { ok: false, code: 'unauthenticated', message: 'The token is not valid.' };

const signer = { kid: 'one', key: null as CryptoKey | null, jwk: {} as JWK };
let server: Server;
let jwksUrl: string;
let fetched = 0;
let broken = false;

beforeAll(async () => {
  identity = setup.node();
  const pair = await generateKeyPair('RS256');
  signer.key = pair.privateKey;
  signer.jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  server = createServer((_request, response) => {
    fetched += 1;
    if (broken) response.writeHead(500).end('no');
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [signer.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  if (signer.key === null) throw new Error('no key yet');
  const now = Math.floor(setup.clock.now().getTime() / 1000);
  return new SignJWT({ iss: ISS, sub: 'u-17', iat: now, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .sign(signer.key);
}

const ask = async (node: Identity, claims: Record<string, unknown>, header?: Record<string, unknown>) =>
  node.authenticate({ authorization: `Bearer ${await sign(claims, header)}` });

async function trust(account: string, input: Partial<IssuerInput> & { name: string; audience: string }) {
  expect(await identity.addIssuer(account, { issuer: ISS, jwksUrl, ...input })).toEqual({ ok: true });
  setup.clock.move(30_000);
}

test('a token of an issuer that nobody trusts is refused, and its keys are not fetched', async () => {
  const before = fetched;
  expect(await ask(identity, { aud: 'desk' })).toEqual(NOT_VALID);
  expect(fetched).toBe(before);
});

test('a trusted issuer’s claims are mapped, and the account is that of the trust', async () => {
  await trust('other', {
    name: 'partner',
    audience: 'mapped',
    mapping: {
      claims: {
        name: 'display',
        party: 'org.key',
        persona: 'https://partner.example/role',
        permissions: 'realm_access.roles',
      },
    },
  });
  const claims = {
    aud: ['x', 'mapped'],
    Account: 'default',
    display: 'Rosa Díaz',
    org: { key: 'onvia' },
    'https://partner.example/role': 'dispatcher',
    realm_access: { roles: ['trouble.read'] },
  };
  expect(await ask(identity, claims)).toEqual({
    account: 'other',
    id: 'partner:u-17',
    name: 'Rosa Díaz',
    type: 'person',
    party: 'onvia',
    persona: 'dispatcher',
    permissions: new Set(['trouble.read']),
  });
  // Without the claim that a party is mapped from, the actor would count as the account's own staff.
  expect(await ask(identity, { ...claims, org: {} })).toEqual(NOT_VALID);
  expect(await ask(identity, { ...claims, realm_access: { roles: [1] } })).toEqual(NOT_VALID);
});

test('what the mapping fixes wins, and what it does not mention gives no rights', async () => {
  await trust('default', {
    name: 'fixed',
    audience: 'fixed',
    mapping: { fixed: { party: 'acme', permissions: ['desk.read'] }, claims: { permissions: 'scope' } },
  });
  await trust('default', { name: 'plain', audience: 'plain' });
  expect(await ask(identity, { aud: 'fixed', scope: 'admin', azp: 'u-17' })).toEqual({
    account: 'default',
    id: 'fixed:u-17',
    name: 'u-17',
    type: 'client',
    party: 'acme',
    persona: null,
    permissions: new Set(['desk.read']),
  });
  expect(await ask(identity, { aud: 'plain', permissions: ['admin'], party: 'x', sub: 'system' })).toEqual({
    account: 'default',
    id: 'plain:system',
    name: 'system',
    type: 'person',
    party: null,
    persona: null,
    permissions: new Set(),
  });
});

test('its keys are fetched once for many tokens, and given keys are never fetched', async () => {
  await trust('default', {
    name: 'given',
    audience: 'given',
    jwksUrl: undefined,
    jwks: { keys: [signer.jwk] },
  });
  await trust('default', { name: 'remote', audience: 'remote' });
  const node = setup.node();
  const before = fetched;
  expect(await ask(node, { aud: 'given' })).toMatchObject({ id: 'given:u-17' });
  expect(fetched).toBe(before);
  for (let index = 0; index < 20; index += 1) {
    expect(await ask(node, { aud: 'remote', jti: String(index) })).toMatchObject({ id: 'remote:u-17' });
  }
  for (const kid of ['two', 'three', 'four'])
    expect(await ask(node, { aud: 'remote' }, { kid })).toEqual(NOT_VALID);
  expect(fetched).toBe(before + 1);
});

test('a wrong audience, key, issuer or time is refused', async () => {
  await trust('default', { name: 'strict', audience: 'strict' });
  const now = Math.floor(setup.clock.now().getTime() / 1000);
  expect(await ask(identity, { aud: 'nobody' })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: undefined })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'strict', iss: `${ISS}x` })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'strict', exp: undefined })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'strict', nbf: now + 60 })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'strict', sub: undefined })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'strict', exp: now - 60 })).toEqual({
    ok: false,
    code: 'unauthenticated',
    message: 'The token has expired.',
  });
  const stranger = await generateKeyPair('RS256');
  const forged = await new SignJWT({ iss: ISS, aud: 'strict', sub: 'x', exp: now + 60 })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .sign(stranger.privateKey);
  expect(await identity.authenticate({ authorization: `Bearer ${forged}` })).toEqual(NOT_VALID);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'none' })}.${part({ iss: ISS, aud: 'strict', sub: 'x', exp: now + 60 })}.`;
  expect(await identity.authenticate({ authorization: `Bearer ${unsigned}` })).toEqual(NOT_VALID);
});

test('where two accounts trust the same, the Account claim chooses between them and no other', async () => {
  await trust('default', { name: 'shared', audience: 'shared' });
  await trust('other', { name: 'shared', audience: 'shared' });
  expect(await ask(identity, { aud: 'shared', Account: 'other' })).toMatchObject({ account: 'other' });
  expect(await ask(identity, { aud: 'shared', Account: 'default' })).toMatchObject({ account: 'default' });
  expect(await ask(identity, { aud: 'shared', Account: 'third' })).toEqual(NOT_VALID);
  expect(await ask(identity, { aud: 'shared' })).toEqual(NOT_VALID);
});

test('an issuer that cannot give its keys refuses its tokens, and nothing else fails', async () => {
  await trust('default', { name: 'down', audience: 'down', jwksUrl: 'http://127.0.0.1:1/keys' });
  expect(await ask(identity, { aud: 'down' })).toEqual(NOT_VALID);
  const node = setup.node();
  broken = true;
  expect(await ask(node, { aud: 'strict' })).toEqual(NOT_VALID);
  broken = false;
  expect(await ask(node, { aud: 'strict' })).toMatchObject({ id: 'strict:u-17' });
});

test('an issuer that is trusted no more loses its tokens within a minute', async () => {
  await trust('default', { name: 'gone', audience: 'gone' });
  const node = setup.node();
  const credential = { authorization: `Bearer ${await sign({ aud: 'gone' })}` };
  expect(await node.authenticate(credential)).toMatchObject({ id: 'gone:u-17' });
  setup.clock.move(29_000);
  const later = { authorization: `Bearer ${await sign({ aud: 'gone', jti: 'later' })}` };
  expect(await node.authenticate(later)).toMatchObject({ id: 'gone:u-17' });

  expect(await identity.removeIssuer('other', 'gone')).toBe(false);
  expect(await identity.removeIssuer('default', 'gone')).toBe(true);
  setup.clock.move(31_000);
  expect(await node.authenticate(credential)).toEqual(NOT_VALID);
  expect(await node.authenticate(later)).toEqual(NOT_VALID);
});

test('an issuer is checked before it is trusted', async () => {
  const good = { name: 'good', issuer: ISS, audience: 'good', jwksUrl };
  expect(await identity.addIssuer('default', { ...good, audience: 'strict' })).toMatchObject({
    code: 'duplicate',
  });
  expect(await identity.addIssuer('default', { ...good, name: 'strict' })).toMatchObject({
    code: 'duplicate',
  });
  expect(await identity.addIssuer('nowhere', good)).toMatchObject({ code: 'invalidRequest' });
  expect(await identity.addIssuer('default', { ...good, issuer: 'https://tessera.local' })).toMatchObject({
    errors: [{ pointer: '/issuer', message: 'is this server itself' }],
  });
  expect(
    await identity.addIssuer('default', {
      name: 'No Name',
      issuer: '',
      audience: '',
      jwksUrl: 'file:///etc/passwd',
      mapping: { claims: { ['email' as 'name']: 'x' } },
    }),
  ).toMatchObject({
    ok: false,
    errors: [
      { pointer: '/name' },
      { pointer: '/issuer' },
      { pointer: '/audience' },
      { pointer: '/jwksUrl' },
      { pointer: '/mapping/claims/email' },
    ],
  });
  expect(await identity.listIssuers('default')).toContainEqual({
    name: 'strict',
    issuer: ISS,
    audience: 'strict',
    jwksUrl,
    jwks: null,
    mapping: {},
  });
});
