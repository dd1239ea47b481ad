import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useIdentity } from '../../test/identity.ts';
import type { Credential } from './credential.ts';
import type { Identity } from './index.ts';
import { listSigningKeys } from './signing-keys.ts';

const setup = useIdentity(useDatabase());
let identity: Identity;
/** Another node on the same database, with nothing remembered yet. */
let elsewhere: Identity;

beforeAll(() => {
  identity = setup.node();
  elsewhere = setup.node();
});

const bearer = (token: string): Credential => ({ authorization: `Bearer ${token}` });
const refusal = (message: string) => ({ ok: false, code: 'unauthenticated', message });
const NOT_VALID = refusal('The token is not valid.');

async function mint(input: Partial<Parameters<Identity['mintToken']>[0]> = {}): Promise<string> {
  const made = await identity.mintToken({ account: 'default', ...input });
  if (!made.ok) throw new Error(made.message);
  return made.token;
}

async function makeKey(input: Partial<Parameters<Identity['createApiKey']>[1]> = {}) {
  const made = await identity.createApiKey('default', { name: 'Nightly import', ...input });
  if (!made.ok) throw new Error(made.message);
  return made;
}

describe('a minted token', () => {
  test('stands for whom it was minted for, on every node', async () => {
    const token = await mint({
      sub: 'rosa',
      name: 'Rosa Díaz',
      party: 'onvia',
      persona: 'dispatcher',
      permissions: ['trouble.read'],
    });
    const actor = {
      account: 'default',
      id: 'rosa',
      name: 'Rosa Díaz',
      type: 'person',
      party: 'onvia',
      persona: 'dispatcher',
      permissions: new Set(['trouble.read']),
    };
    expect(await identity.authenticate(bearer(token))).toEqual(actor);
    expect(await elsewhere.authenticate({ authorization: `bEaReR   ${token}` })).toEqual(actor);
  });

  test('without a party stands for the account’s own staff', async () => {
    expect(await identity.authenticate(bearer(await mint()))).toEqual({
      account: 'default',
      id: 'minted',
      name: 'minted',
      type: 'person',
      party: null,
      persona: null,
      permissions: new Set(),
    });
  });

  test('ends when it says, even where it is remembered', async () => {
    const token = await mint({ ttlMs: 20_000 });
    expect(await identity.authenticate(bearer(token))).toMatchObject({ id: 'minted' });
    setup.clock.move(19_000);
    expect(await identity.authenticate(bearer(token))).toMatchObject({ id: 'minted' });
    setup.clock.move(1000);
    expect(await identity.authenticate(bearer(token))).toEqual(refusal('The token has expired.'));
    expect(await elsewhere.authenticate(bearer(token))).toEqual(refusal('The token has expired.'));
  });

  test('is not made for an account that is not there, for the system, or for no time', async () => {
    for (const input of [
      { account: 'nowhere' },
      { sub: 'system' },
      { ttlMs: 0 },
      { ttlMs: Number.NaN },
      { name: '' },
    ]) {
      expect(await identity.mintToken({ account: 'default', ...input })).toMatchObject({
        ok: false,
        code: 'invalidRequest',
      });
    }
  });

  test('is wanted by some, who take no API key in its place', async () => {
    const wanted = { tokenOnly: true };
    const token = await mint();
    expect(await identity.authenticate({ ...bearer(token), ...wanted })).toMatchObject({ id: 'minted' });
    const { key } = await makeKey();
    const no = refusal('An access token is needed in the Authorization header, not an API key.');
    for (const authorization of [`Bearer ${key}`, `apikey ${key}`]) {
      expect(await identity.authenticate({ authorization })).toMatchObject({ type: 'client' });
      expect(await identity.authenticate({ authorization, ...wanted })).toEqual(no);
    }
  });

  test('is remembered: the second time gives the same resolved promise', async () => {
    const credential = bearer(await mint());
    await identity.authenticate(credential);
    expect(identity.authenticate({ ...credential })).toBe(identity.authenticate(credential));
  });
});

describe('a token that is forged, broken or for somebody else', () => {
  async function forge(
    change: Record<string, unknown>,
    header: Record<string, unknown> = {},
    ownKey = true,
  ): Promise<string> {
    const [row] = await listSigningKeys(setup.sql);
    if (row === undefined) throw new Error('no key');
    const key = ownKey
      ? await importJWK(row.privateJwk, 'ES256')
      : (await generateKeyPair('ES256')).privateKey;
    const now = Math.floor(setup.clock.now().getTime() / 1000);
    const claims = {
      iss: 'https://tessera.local',
      aud: 'urn:tessera:api',
      sub: 'mallory',
      client_id: 'tessera',
      Account: 'default',
      iat: now,
      exp: now + 60,
      ...change,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: row.kid, ...header })
      .sign(key);
  }

  test('is made well enough by these tests to pass when nothing is wrong', async () => {
    await mint();
    expect(await identity.authenticate(bearer(await forge({})))).toMatchObject({ id: 'mallory' });
    expect(await identity.authenticate(bearer(await forge({ permissions: 'a, b  c' })))).toMatchObject({
      permissions: new Set(['a', 'b', 'c']),
    });
  });

  test.each([
    ['another key', {}, {}, false],
    ['a key id nobody has', {}, { kid: 'nobody' }],
    ['no key id', {}, { kid: undefined }],
    ['a key id that is no text', {}, { kid: 7 }],
    ['another type', {}, { typ: 'JWT' }],
    ['another issuer', { iss: 'https://tessera.example' }],
    ['no issuer', { iss: undefined }],
    ['an issuer that is no text', { iss: ['https://tessera.local'] }],
    ['another audience', { aud: 'urn:elsewhere' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['a moment to come', { nbf: 9_999_999_999 }],
    ['no subject', { sub: undefined }],
    ['no client', { client_id: undefined }],
    ['a client that is not there', { client_id: 'default.AAAAAAAAAAAAAAAA' }],
    ['a client of another account', { client_id: 'other.AAAAAAAAAAAAAAAA' }],
    ['an account that is not there', { Account: 'nowhere' }],
    ['no account', { Account: undefined }],
    ['an account that is no text', { Account: { $ne: null } }],
    ['an account that is no key', { Account: '../default' }],
    ['a party that is no text', { party: 7 }],
    ['a name with a NUL character', { DisplayName: 'a\u0000b' }],
    ['a persona of 300 characters', { Persona: 'x'.repeat(300) }],
    ['permissions that are no texts', { permissions: [1, 2] }],
  ] as [string, Record<string, unknown>, Record<string, unknown>?, boolean?][])(
    'with %s is refused',
    async (_what, claims, header, ownKey) => {
      expect(await identity.authenticate(bearer(await forge(claims, header, ownKey)))).toEqual(NOT_VALID);
    },
  );

  test('that has run out is told so', async () => {
    expect(await identity.authenticate(bearer(await forge({ exp: 1000 })))).toEqual(
      refusal('The token has expired.'),
    );
  });

  test('signed with the public key as a shared secret, or not at all, is refused', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [row] = await listSigningKeys(setup.sql);
    const [, payload = ''] = (await forge({})).split('.');
    const header = { typ: 'at+jwt', kid: row?.kid };
    const publicKey = JSON.stringify(await exportJWK((await generateKeyPair('ES256')).publicKey));
    const hmac = await new SignJWT(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      .setProtectedHeader({ ...header, alg: 'HS256' })
      .sign(Buffer.from(publicKey));
    for (const token of [
      `${part({ ...header, alg: 'none' })}.${payload}.`,
      `${part({ ...header, alg: 'None' })}.${payload}.x`,
      `${part({ ...header, alg: 'ES256' })}.${payload}.`,
      hmac,
    ]) {
      expect(await identity.authenticate(bearer(token))).toEqual(NOT_VALID);
    }
  });

  test.each([
    'x',
    'a.b.c',
    'a.b',
    '....',
    'e30.e30.e30',
    'bnVsbA.bnVsbA.',
    '\u0000',
    '💥',
    'eyJhbGciOiJFUzI1NiJ9.W10.AA',
  ])('such as %j is refused', async (token) => {
    expect(await identity.authenticate(bearer(token))).toEqual(NOT_VALID);
  });

  test('of more than 8 KB is refused unread', async () => {
    expect(await identity.authenticate(bearer('x'.repeat(100_000)))).toEqual(
      refusal('The credential is too long.'),
    );
  });
});

describe('an API key', () => {
  test('is taken from each place that a contract may put it', async () => {
    const { id, key } = await makeKey({ permissions: ['service.read'] });
    const actor = {
      account: 'default',
      id,
      name: 'Nightly import',
      type: 'client',
      party: null,
      persona: null,
      permissions: new Set(['service.read']),
    };
    expect(key).toMatch(/^tk_default_[A-Za-z0-9_-]{43}$/);
    for (const credential of [
      { apiKeyHeader: key },
      { apiKeyQuery: key },
      { authorization: `apikey ${key}` },
      { authorization: `Bearer ${key}` },
      { authorization: `Basic ${btoa(`:${key}`)}` },
      { authorization: `Basic ${btoa(`rosa@example.com:${key}`)}` },
    ]) {
      expect(await identity.authenticate(credential)).toEqual(actor);
    }
  });

  test('leaves only its hash and its last use in the database', async () => {
    const { id, key } = await makeKey();
    const node = setup.node();
    await node.authenticate({ apiKeyHeader: key });
    await node.close();
    const rows = await setup.sql`select row_to_json(k)::text as text from tessera.api_key k`;
    expect(JSON.stringify(rows)).not.toContain(key.slice('tk_default_'.length));
    expect((await identity.listApiKeys('default')).find((one) => one.id === id)).toEqual({
      id,
      name: 'Nightly import',
      permissions: [],
      party: null,
      persona: null,
      createdAt: setup.clock.now(),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: setup.clock.now(),
    });
  });

  test('stops when it is revoked: here at once, elsewhere within a minute', async () => {
    const { id, key } = await makeKey();
    expect(await elsewhere.authenticate({ apiKeyHeader: key })).toMatchObject({ id });
    expect(await identity.authenticate({ apiKeyHeader: key })).toMatchObject({ id });

    expect(await identity.revokeApiKey('other', id)).toBe(false);
    expect(await identity.revokeApiKey('default', 'no-uuid')).toBe(false);
    expect(await identity.revokeApiKey('default', id)).toBe(true);

    const refused = refusal('The API key is not valid.');
    expect(await identity.authenticate({ apiKeyHeader: key })).toEqual(refused);
    setup.clock.move(59_999);
    expect(await elsewhere.authenticate({ apiKeyHeader: key })).toMatchObject({ id });
    setup.clock.move(1);
    expect(await elsewhere.authenticate({ apiKeyHeader: key })).toEqual(refused);
  });

  test('stops when it runs out', async () => {
    const expiresAt = new Date(setup.clock.now().getTime() + 10_000);
    const { id, key } = await makeKey({ expiresAt });
    expect(await identity.authenticate({ apiKeyHeader: key })).toMatchObject({ id });
    setup.clock.move(10_000);
    expect(await identity.authenticate({ apiKeyHeader: key })).toEqual(refusal('The API key has expired.'));
  });

  test.each([
    'tk_default_short',
    'tk_other_',
    'x',
    'tk_default_\u0000',
    "tk_default_' or 1=1",
    `tk_nowhere_${'A'.repeat(43)}`,
  ])('such as %j is refused', async (text) => {
    expect(await identity.authenticate({ apiKeyHeader: text })).toEqual(refusal('The API key is not valid.'));
  });

  test('is no key in another account', async () => {
    const { key } = await makeKey();
    expect(await identity.authenticate({ apiKeyHeader: key.replace('tk_default_', 'tk_other_') })).toEqual(
      refusal('The API key is not valid.'),
    );
  });
});

test('a request without a credential, or with one of a kind unknown here, is told what is needed', async () => {
  const needed = refusal('A credential is needed: a bearer token, an API key or a session.');
  expect(await identity.authenticate({})).toEqual(needed);
  expect(await identity.authenticate({ authorization: null, apiKeyHeader: '', cookie: 'a=b; c' })).toEqual(
    needed,
  );
  for (const authorization of ['Digest x', 'Bearer', 'Bearer a b', 'Basic', 'x']) {
    expect(await identity.authenticate({ authorization })).toEqual(
      refusal('The Authorization header is not understood.'),
    );
  }
});

test('a credential that is wrong is not passed over for another one that is right', async () => {
  const { key } = await makeKey();
  expect(await identity.authenticate({ authorization: 'Bearer x', apiKeyHeader: key })).toEqual(NOT_VALID);
});

test('many requests with one new credential at the same moment are verified once', async () => {
  const { key } = await makeKey();
  const answers = Array.from({ length: 50 }, () => identity.authenticate({ apiKeyHeader: key }));
  expect(new Set(answers).size).toBe(1);
  expect(await answers[0]).toMatchObject({ name: 'Nightly import' });
});
