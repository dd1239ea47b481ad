import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { openDatabase, type Sql } from '../store/database.ts';
import { isUnavailable } from '../store/failure.ts';
import { createIdentity, type Identity } from './index.ts';

/** Nobody listens here. */
const url = 'postgres://nobody:nothing@127.0.0.1:1/nothing';
let sql: Sql;
let identity: Identity;

beforeAll(() => {
  sql = openDatabase({ url });
  identity = createIdentity({ sql, url, clock: systemClock, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await identity.close();
  await sql.end();
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (iss: string) =>
  `${base64({ alg: 'ES256', kid: 'x' })}.${base64({ iss, aud: 'x', sub: 'x' })}.AAAA`;

test.each([
  ['an API key', { apiKeyHeader: `tk_default_${'A'.repeat(43)}` }],
  ['a token of its own', { authorization: `Bearer ${token('https://tessera.local')}` }],
  ['a foreign token', { authorization: `Bearer ${token('https://login.partner.example')}` }],
])('%s is neither right nor wrong while the database cannot be reached', async (_what, credential) => {
  const failure = await identity.authenticate(credential).catch((error: unknown) => error);
  expect(isUnavailable(failure)).toBe(true);
});

test('what needs no database is refused all the same', async () => {
  expect(await identity.authenticate({ authorization: 'Bearer x' })).toMatchObject({
    code: 'unauthenticated',
  });
  expect(await identity.authenticate({})).toMatchObject({ code: 'unauthenticated' });
});
