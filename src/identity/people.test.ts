import { getMigrations } from 'better-auth/db/migration';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useIdentity } from '../../test/identity.ts';
import { ensureParty } from '../store/accounts.ts';
import { openLibraryPool } from '../store/library-pool.ts';
import type { Identity } from './index.ts';
import { createPeopleLibrary } from './people-library.ts';

const database = useDatabase();
const setup = useIdentity(database);
const app = Fastify({ trustProxy: true });
let identity: Identity;
let base: string;

beforeAll(async () => {
  identity = setup.node();
  identity.registerRoutes(app);
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  await ensureParty(setup.sql, 'default', { key: 'onvia', name: 'Onvia' });
});
afterAll(() => app.close());

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const cookies = response.headers.getSetCookie();
  return {
    status: response.status,
    text,
    cookies,
    cookie: cookies.map((one) => one.split(';')[0]).join('; '),
  };
}

let lastAddress = 1;

/** Each sign-in comes from an address of its own, so that no test uses up another one's tries. */
const signIn = (email: string, password: string, headers: Record<string, string> = {}) => {
  lastAddress += 1;
  return post(
    '/sign-in/email',
    { email, password },
    { 'x-forwarded-for': `192.0.2.${lastAddress}`, ...headers },
  );
};

async function makePerson(
  account: string,
  input: Partial<Parameters<Identity['createPerson']>[1]> & { email: string },
) {
  const made = await identity.createPerson(account, { name: 'Rosa Díaz', ...input });
  if (!made.ok) throw new Error(made.message);
  return made;
}

test('better-auth finds nothing missing in the database', async () => {
  const pool = openLibraryPool({ url: database.url, schema: 'auth', onLost: () => {} });
  const library = createPeopleLibrary({
    pool,
    secret: 'a secret that is long enough for a test, 0123456789',
    log: pino({ level: 'silent' }),
    publicUrl: null,
    secure: false,
  });
  const { toBeCreated, toBeAdded, compileMigrations } = await getMigrations(library.options);
  expect({ toBeCreated, toBeAdded, sql: await compileMigrations() }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    sql: ';',
  });
  await pool.end();
});

test('the first start makes one administrator, later ones nobody', async () => {
  const nodes = [setup.node(), setup.node(), setup.node()];
  const answers = await Promise.all(nodes.map((node) => node.ensureAdministrator()));
  const [made, ...more] = answers.filter((answer) => answer !== null);
  expect(more).toEqual([]);
  expect(made).toEqual({
    account: 'default',
    email: 'admin@tessera.local',
    password: expect.stringMatching(/^[A-Za-z0-9_-]{20}$/),
  });
  expect(await identity.ensureAdministrator()).toBeNull();

  const { status, cookie } = await signIn('admin@tessera.local', made?.password ?? '');
  expect(status).toBe(200);
  expect(await identity.authenticate({ cookie })).toEqual({
    account: 'default',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'Administrator',
    type: 'person',
    party: null,
    persona: null,
    permissions: new Set(['admin']),
  });
});

describe('a person', () => {
  test('signs in and acts for the party and with the rights given', async () => {
    const { id, password } = await makePerson('default', {
      email: ' Rosa@Example.com ',
      password: 'correct horse',
      party: 'onvia',
      persona: 'dispatcher',
      permissions: ['trouble.read'],
      isOperator: true,
    });
    expect(password).toBeNull();

    const { status, cookie, cookies } = await signIn('ROSA@example.com', 'correct horse');
    expect(status).toBe(200);
    expect(cookies[0]).toMatch(
      /^tessera\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const actor = {
      account: 'default',
      id,
      name: 'Rosa Díaz',
      type: 'person',
      party: 'onvia',
      persona: 'dispatcher',
      permissions: new Set(['trouble.read']),
    };
    expect(await identity.authenticate({ cookie: `theme=dark; ${cookie}` })).toEqual(actor);
    const again = { cookie };
    expect(identity.authenticate({ ...again })).toBe(identity.authenticate(again));
    expect((await identity.listPeople('default')).find((person) => person.id === id)).toEqual({
      id,
      email: 'rosa@example.com',
      name: 'Rosa Díaz',
      isOperator: true,
      permissions: ['trouble.read'],
      party: 'onvia',
      persona: 'dispatcher',
      createdAt: setup.clock.now(),
      disabledAt: null,
    });
    const members = await setup.sql`
      select o.slug from auth.member m join auth.organization o on o.id = m."organizationId"
      join auth."user" u on u.id = m."userId" where u.email = 'rosa@example.com'`;
    expect(members).toEqual([{ slug: 'default/onvia' }]);
  });

  test('is out at once after signing out', async () => {
    const { password } = await makePerson('default', { email: 'out@example.com' });
    const { cookie } = await signIn('out@example.com', password ?? '');
    expect(await identity.authenticate({ cookie })).toMatchObject({ type: 'person' });
    expect(await post('/sign-out', {}, { cookie, origin: base })).toMatchObject({ status: 200 });
    expect(await identity.authenticate({ cookie })).toEqual({
      ok: false,
      code: 'unauthenticated',
      message: 'The session is not valid, or has ended.',
    });
  });

  test('who is disabled is out within a minute, with sessions and with tokens', async () => {
    const { id, password } = await makePerson('default', { email: 'gone@example.com' });
    const { cookie } = await signIn('gone@example.com', password ?? '');
    const minted = await identity.mintToken({ account: 'default', sub: id });
    const authorization = minted.ok ? `Bearer ${minted.token}` : '';
    const elsewhere = setup.node();
    for (const node of [identity, elsewhere]) {
      expect(await node.authenticate({ cookie })).toMatchObject({ id });
      expect(await node.authenticate({ authorization })).toMatchObject({ id });
    }
    expect(await identity.disablePerson('other', id)).toBe(false);
    expect(await identity.disablePerson('default', id)).toBe(true);
    expect(await identity.authenticate({ cookie })).toMatchObject({ code: 'unauthenticated' });
    setup.clock.move(60_000);
    expect(await elsewhere.authenticate({ cookie })).toMatchObject({ code: 'unauthenticated' });
    expect(await elsewhere.authenticate({ authorization })).toMatchObject({ code: 'unauthenticated' });
  });

  test('with a new password signs in with that one only, and old sessions have ended', async () => {
    await makePerson('default', { email: 'new@example.com', password: 'first password' });
    const { cookie } = await signIn('new@example.com', 'first password');
    expect(await identity.setPassword('default', 'new@example.com', 'second password')).toEqual({
      ok: true,
      found: true,
    });
    expect(await identity.setPassword('other', 'new@example.com', 'third password')).toEqual({
      ok: true,
      found: false,
    });
    expect(await identity.authenticate({ cookie })).toMatchObject({ code: 'unauthenticated' });
    expect(await signIn('new@example.com', 'first password')).toMatchObject({ status: 401 });
    expect(await signIn('new@example.com', 'second password')).toMatchObject({ status: 200 });
  });

  test('of two accounts keeps one password and chooses between the accounts', async () => {
    await makePerson('default', { email: 'both@example.com', password: 'the only one' });
    expect(
      await identity.createPerson('other', { email: 'both@example.com', name: 'B', password: 'another one' }),
    ).toMatchObject({ ok: false, errors: [{ pointer: '/password' }] });
    const second = await makePerson('other', { email: 'both@example.com' });
    expect(second.password).toBeNull();
    const { cookie } = await signIn('both@example.com', 'the only one');
    expect(await identity.authenticate({ cookie })).toMatchObject({ account: 'default' });
    const set = await post(
      '/organization/set-active',
      { organizationSlug: 'other' },
      { cookie, origin: base },
    );
    expect(set.status).toBe(200);
    expect(await identity.authenticate({ cookie })).toMatchObject({ account: 'other', id: second.id });
    const foreign = await post(
      '/organization/set-active',
      { organizationSlug: 'default/onvia' },
      { cookie, origin: base },
    );
    expect(foreign.status).toBe(403);
    // better-auth takes the active organisation away then, and the first one counts.
    expect(await identity.authenticate({ cookie })).toMatchObject({ account: 'default' });
  });

  test('is not made twice, nor with what cannot be', async () => {
    await makePerson('default', { email: 'twice@example.com' });
    expect(await identity.createPerson('default', { email: 'TWICE@example.com', name: 'T' })).toMatchObject({
      ok: false,
      code: 'duplicate',
    });
    const answers = await Promise.all(
      [1, 2, 3].map(() => identity.createPerson('default', { email: 'race@example.com', name: 'R' })),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(
      await identity.createPerson('default', { email: 'no', name: 'N', password: 'short' }),
    ).toMatchObject({
      errors: [{ pointer: '/email' }, { pointer: '/password' }],
    });
    expect(
      await identity.createPerson('default', { email: 'p@example.com', name: 'N', party: 'x' }),
    ).toMatchObject({
      code: 'unknownParty',
    });
  });
});

describe('over HTTP', () => {
  test('nobody signs up, and nothing else of the library is served', async () => {
    for (const path of [
      '/sign-up/email',
      '/organization/create',
      '/organization/update',
      '/organization/invite-member',
      '/organization/delete',
      '/delete-user',
      '/change-email',
      '/update-user',
      '/request-password-reset',
    ]) {
      expect((await post(path, { email: 'x@example.com', password: 'long enough', name: 'X' })).status).toBe(
        404,
      );
    }
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    await makePerson('default', { email: 'known@example.com', password: 'correct horse' });
    const wrong = await signIn('known@example.com', 'wrong horse');
    const unknown = await signIn('unknown@example.com', 'wrong horse');
    expect(wrong).toEqual({
      status: 401,
      text: '{"message":"Invalid email or password","code":"INVALID_EMAIL_OR_PASSWORD"}',
      cookies: [],
      cookie: '',
    });
    expect(unknown).toEqual(wrong);
  });

  test('a page of another origin can neither sign in nor out', async () => {
    const { password } = await makePerson('default', { email: 'csrf@example.com' });
    const origin = 'https://evil.example';
    expect(await signIn('csrf@example.com', password ?? '', { origin })).toMatchObject({ status: 403 });
    const { cookie } = await signIn('csrf@example.com', password ?? '', { origin: base });
    expect(await post('/sign-out', {}, { cookie, origin })).toMatchObject({ status: 403 });
    expect(await post('/sign-out', {}, { cookie })).toMatchObject({ status: 403 });
    expect(await identity.authenticate({ cookie })).toMatchObject({ type: 'person' });
  });

  test('a Host header that is no host is refused', async () => {
    const response = await app.inject({ url: '/api/auth/get-session', headers: { host: 'a b<' } });
    expect(response.json()).toMatchObject({
      message: 'The request breaks one or more rules; every fault is listed with its place.',
    });
  });

  test.each(['', '{', '[]', 'null', '{"email":1}', '{"email":"a@b.c","password":"\\u0000"}', '"x"'])(
    'a body such as %j is refused with 4xx',
    async (body) => {
      const response = await fetch(`${base}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    },
  );

  test('guessing passwords is slowed down, whatever address the caller claims to have', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 21; index += 1) {
      const headers = { 'x-forwarded-for': '198.51.100.7', 'x-tessera-address': `203.0.113.${index}` };
      statuses.push((await signIn('guess@example.com', `guess ${index}`, headers)).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

test.each([
  'tessera.session_token=',
  'tessera.session_token=x',
  'tessera.session_token=x.y',
  'tessera.session_token=%',
  '__Secure-tessera.session_token=a.b',
])('a cookie such as %j is no session', async (cookie) => {
  expect(await identity.authenticate({ cookie })).toMatchObject({ ok: false, code: 'unauthenticated' });
});

test('behind https the cookie is sent over https only', async () => {
  const secured = Fastify();
  const node = setup.node({ publicUrl: 'https://tickets.example' });
  node.registerRoutes(secured);
  const { password } = await makePerson('default', { email: 'https@example.com' });
  const response = await secured.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: 'https://tickets.example', host: 'internal:8080' },
    remoteAddress: '192.0.2.250',
    payload: { email: 'https@example.com', password },
  });
  expect(response.statusCode).toBe(200);
  const [cookie = ''] = [response.headers['set-cookie'] ?? ''].flat();
  expect(cookie).toMatch(/^__Secure-tessera\.session_token=.*; Secure/);
  expect(await node.authenticate({ cookie: cookie.split(';')[0] })).toMatchObject({ type: 'person' });
  await secured.close();
});
