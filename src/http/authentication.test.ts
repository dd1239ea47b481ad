import { afterEach, describe, expect, it } from 'vitest';
import { refuse } from '../kernel/errors.ts';
import type { Credential } from './contract.ts';
import { ana, type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.app.close());

const things = (headers: Record<string, string>, query = '') =>
  fixture.app.inject({ url: `/plain/things${query}`, headers });

describe('a credential', () => {
  it('is handed over as it came, with a digest for caches and the contract that is called', async () => {
    const seen: Credential[] = [];
    fixture = await startFixture({
      authenticate: async (credential) => {
        seen.push(credential);
        return refuse('unauthenticated');
      },
    });
    await things({ authorization: 'Bearer x', 'x-api-key': 'k', cookie: 'a=b' }, '?apiKey=q');
    await things({});
    await things({ authorization: 'Bearer y' });
    await things({ 'x-api-key': 'Bearer y' });
    expect(seen.slice(0, 2)).toEqual([
      {
        authorization: 'Bearer x',
        apiKeyHeader: 'k',
        apiKeyQuery: 'q',
        cookie: 'a=b',
        digest: expect.stringMatching(/^[\w-]{43}$/),
        contract: 'plain',
      },
      {
        authorization: null,
        apiKeyHeader: null,
        apiKeyQuery: null,
        cookie: null,
        digest: null,
        contract: 'plain',
      },
    ]);
    expect(new Set(seen.map(({ digest }) => digest)).size).toBe(4);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a header', ana, ''],
    ['an API key in a header', { 'x-api-key': 'ana-key' }, ''],
    ['an API key in the query', {}, '?apiKey=ana-key'],
    ['a cookie', { cookie: 'session=ana' }, ''],
  ])('may be %s', async (_what, headers, query) => {
    fixture = await startFixture();
    const answer = await things(headers, query);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('in a cookie does not count for a write that began on the page of another site', async () => {
    fixture = await startFixture();
    const put = (site: string) =>
      fixture.app.inject({
        method: 'PUT',
        url: '/plain/things/1',
        headers: { cookie: 'session=ana', 'sec-fetch-site': site },
      });
    expect((await put('same-origin')).statusCode).toBe(200);
    expect((await put('cross-site')).statusCode).toBe(401);
    expect((await things({ cookie: 'session=ana', 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200);
  });
});

describe('a route', () => {
  it('that names a permission serves who has it', async () => {
    fixture = await startFixture();
    const answer = await fixture.app.inject({
      url: '/plain/staff',
      headers: { authorization: 'Bearer boss' },
    });
    expect(answer.json()).toEqual({ id: 'boss' });
  });

  it('that is public asks nobody', async () => {
    fixture = await startFixture();
    const answer = await fixture.app.inject('/plain/open');
    expect(answer.json()).toEqual({ known: null });
    expect(answer.headers).not.toHaveProperty('cache-control');
  });
});

describe('the rate limit', () => {
  const limited = { requestsPerMinute: 3, failedAuthenticationsPerMinute: 2 };
  const boss = { authorization: 'Bearer boss' };
  const wrong = (n: number) => ({ authorization: `Bearer wrong${n}` });
  const statuses = async (count: number, headers: Record<string, string>) => {
    const seen: number[] = [];
    for (let n = 0; n < count; n += 1) seen.push((await things(headers)).statusCode);
    return seen;
  };

  it('counts each credential by itself and says when to come back', async () => {
    fixture = await startFixture({ limits: limited });
    expect(await statuses(3, ana)).toEqual([200, 200, 200]);
    const answer = await things(ana);
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(answer.json()).toEqual({
      code: 'plain.rateLimited',
      message: 'This credential sent more requests than its limit allows.',
      errors: [],
    });
    expect(await statuses(3, boss)).toEqual([200, 200, 200]);
  });

  it('counts by address where there is no credential', async () => {
    fixture = await startFixture({ limits: limited });
    expect(await statuses(4, {})).toEqual([401, 401, 401, 429]);
    expect((await fixture.app.inject('/plain/open')).statusCode).toBe(429);
    expect((await fixture.app.inject('/docs')).statusCode).toBe(429);
    expect((await things(ana)).statusCode).toBe(200);
  });

  it('holds off an address that guesses, but not the callers it already knows', async () => {
    let asked = 0;
    fixture = await startFixture({
      limits: { requestsPerMinute: 1000, failedAuthenticationsPerMinute: 2 },
      authenticate: async ({ authorization }) => {
        asked += 1;
        if (authorization !== ana.authorization) return refuse('unauthenticated');
        return {
          account: 'default',
          id: 'ana',
          name: 'Ana',
          type: 'client',
          party: null,
          persona: null,
          permissions: new Set(),
        };
      },
    });
    expect((await things(ana)).statusCode).toBe(200);
    expect((await things(wrong(1))).statusCode).toBe(401);
    expect((await things(wrong(2))).statusCode).toBe(401);
    asked = 0;
    expect((await things(wrong(3))).statusCode).toBe(429);
    expect(asked).toBe(0);
    expect((await things(ana)).statusCode).toBe(200);
  });

  it('is off where it is 0, and never for probes', async () => {
    fixture = await startFixture({ limits: { requestsPerMinute: 0, failedAuthenticationsPerMinute: 0 } });
    expect(new Set(await statuses(20, ana))).toEqual(new Set([200]));
    expect(new Set(await statuses(20, wrong(1)))).toEqual(new Set([401]));
    expect((await fixture.app.inject('/healthz')).statusCode).toBe(200);
  });
});
