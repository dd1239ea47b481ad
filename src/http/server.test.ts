import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { ana, type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.app.close());

const json = { ...ana, 'content-type': 'application/json' };
const thing = { title: 'a', priority: 1, state: 'OPEN' };

describe('a request that is right', () => {
  it('reaches the handler with its body, without what nobody asked for', async () => {
    fixture = await startFixture();
    const answer = await fixture.app.inject({
      method: 'POST',
      url: '/plain/things',
      headers: json,
      payload: JSON.stringify({ ...thing, tags: [{ name: 'x', bogus: 1 }], bogus: { deep: 1 } }),
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      body: { ...thing, tags: [{ name: 'x' }] },
      by: 'ana',
      idempotency: null,
    });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      etag: '"1"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('reaches it with query and path as the schema means them', async () => {
    fixture = await startFixture();
    const ask = async (url: string) => (await fixture.app.inject({ url, headers: ana })).json();
    expect(await ask('/plain/things?open=true&tag=a&bogus=1')).toEqual({ limit: 25, open: true, tag: ['a'] });
    expect(await ask('/plain/things?limit=7&tag=a&tag=b%20c')).toEqual({ limit: 7, tag: ['a', 'b c'] });
    expect(await ask('/plain/things/12')).toEqual({ id: 12 });
    expect(await ask('/%70lain/things/12')).toEqual({ id: 12 });
  });

  it.each(['application/json; charset=utf-8', 'application/merge-patch+json', 'APPLICATION/JSON'])(
    'may call its body %s',
    async (type) => {
      fixture = await startFixture();
      const answer = await fixture.app.inject({
        method: 'POST',
        url: '/plain/things',
        headers: { ...ana, 'content-type': type },
        payload: JSON.stringify(thing),
      });
      expect(answer.statusCode).toBe(201);
    },
  );

  it('may have an empty body of type JSON where none is needed', async () => {
    fixture = await startFixture();
    const answer = await fixture.app.inject({ method: 'PUT', url: '/plain/things/1', headers: json });
    expect(answer.statusCode).toBe(200);
  });

  it('may be larger where it carries attachments', async () => {
    fixture = await startFixture({ limits: { bodyBytes: 100, attachmentBodyBytes: 1000 } });
    const send = (url: string, size: number) =>
      fixture.app.inject({ method: 'POST', url, headers: json, payload: JSON.stringify('x'.repeat(size)) });
    expect((await send('/plain/attached', 900)).json()).toEqual({ length: 902 });
    expect((await send('/plain/attached', 1100)).statusCode).toBe(413);
    expect((await send('/plain/slow', 900)).statusCode).toBe(413);
  });

  it('may be a HEAD for every GET', async () => {
    fixture = await startFixture();
    const answer = await fixture.app.inject({ method: 'HEAD', url: '/plain/things', headers: ana });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('');
  });
});

describe('the request id', () => {
  const idOf = async (headers: Record<string, string>) =>
    (await fixture.app.inject({ url: '/healthz', headers })).headers['x-request-id'];

  it('is the one that came, where it is harmless', async () => {
    fixture = await startFixture();
    expect(await idOf({ 'x-request-id': 'a.B-3_4' })).toBe('a.B-3_4');
  });

  it('is a new one otherwise', async () => {
    fixture = await startFixture();
    const ids = [
      await idOf({}),
      await idOf({ 'x-request-id': 'a b' }),
      await idOf({ 'x-request-id': 'a'.repeat(129) }),
    ];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[\w-]{8}\.\w+$/);
  });
});

describe('the log', () => {
  it('has a warning for a slow answer, by route and without values', async () => {
    fixture = await startFixture({ limits: { slowMs: 0 } });
    await fixture.app.inject({
      url: '/plain/things?limit=3',
      headers: { ...ana, 'x-request-id': 'id-1' },
    });
    expect(fixture.lines).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'slow request',
        requestId: 'id-1',
        path: '/plain/things',
        query: ['limit'],
        route: '/plain/things',
        contract: 'plain',
        actor: 'ana',
        status: 200,
        ms: expect.any(Number),
      }),
    ]);
  });

  it('has the others for those who debug', async () => {
    fixture = await startFixture();
    await fixture.app.inject({ url: '/plain/things', headers: ana });
    expect(fixture.lines).toEqual([expect.objectContaining({ level: 20, msg: 'request', status: 200 })]);
  });
});

describe('probes and metrics', () => {
  it('/healthz says that the process answers', async () => {
    fixture = await startFixture({ readiness: () => Promise.reject(new Error('not asked')) });
    const answer = await fixture.app.inject('/healthz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ok: true });
  });

  it('/readyz says what stands in the way', async () => {
    const readiness = { ok: false, checks: { database: 'ok', migrations: '1 is missing' } };
    fixture = await startFixture({ readiness: async () => readiness });
    const answer = await fixture.app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual(readiness);
  });

  it('/metrics counts by route and shows what others put into the registry', async () => {
    const registry = new Registry();
    fixture = await startFixture({ registry });
    registry.registerMetric(
      new (await import('prom-client')).Counter({ name: 'mine_total', help: 'Mine.', registers: [] }),
    );
    await fixture.app.inject({ url: '/plain/things/1', headers: ana });
    await fixture.app.inject({ url: '/plain/things/2', headers: ana });
    await fixture.app.inject({ url: '/plain/things/x', headers: ana });
    await fixture.app.inject('/some/path/that/nobody/serves');
    const { body, headers } = await fixture.app.inject('/metrics');
    const count = (labels: string) =>
      body.match(new RegExp(`^tessera_http_request_duration_seconds_count\\{${labels}\\} (\\d+)$`, 'm'))?.[1];
    expect(headers['content-type']).toContain('text/plain');
    expect(count('contract="plain",route="/plain/things/:id",method="GET",status="200"')).toBe('2');
    expect(count('contract="plain",route="/plain/things/:id",method="GET",status="422"')).toBe('1');
    expect(count('contract="",route="",method="GET",status="404"')).toBe('1');
    expect(body).toContain('mine_total 0');
    expect(body).toContain('process_cpu_seconds_total');
  });
});

it('serves routes that belong to no contract, with the headers of pages', async () => {
  fixture = await startFixture({
    plugins: [
      {
        name: 'index',
        register: (app) => {
          app.get('/', async (_request, reply) =>
            reply.header('content-type', 'text/html').send('<h1>Hi</h1>'),
          );
        },
      },
    ],
  });
  const answer = await fixture.app.inject('/');
  expect(answer.body).toBe('<h1>Hi</h1>');
  expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  expect(answer.headers).not.toHaveProperty('strict-transport-security');
});
