import { pino } from 'pino';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import type { Contract } from './contract.ts';
import { problem } from './problem.ts';
import { createServer } from './server.ts';

const contract: Contract = {
  name: 'signed',
  title: 'Signed',
  description: 'Reads bodies as they came.',
  prefixes: ['/signed'],
  errors: problem,
  routes(app) {
    const schema = {
      body: Type.Object({ a: Type.Integer() }),
      querystring: Type.Object({ n: Type.Optional(Type.Integer()) }),
    };
    for (const [url, readsRawBody] of [
      ['/signed/raw', true],
      ['/signed/plain', false],
    ] as const) {
      app.post(url, { config: { readsRawBody }, schema }, async ({ rawBody, query }) => ({
        raw: rawBody?.toString() ?? null,
        n: query.n ?? null,
      }));
    }
  },
};

let app: Awaited<ReturnType<typeof createServer>>;
beforeAll(async () => {
  app = await createServer({
    contracts: [contract],
    authenticate: async () => actorOf('default', 'default'),
    readiness: async () => ({ ok: true, checks: {} }),
    log: pino({ level: 'silent' }),
  });
});
afterAll(() => app.close());

async function post(url: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { authorization: 'x', 'content-type': 'application/json', ...headers },
    payload: '{ "a": 1,  "more": 2 }',
  });
  return answer.json();
}

it('a body reaches the handler as it came where the route reads it so, and nowhere else', async () => {
  const both: Record<string, string>[] = [{}, { 'idempotency-key': 'k1' }];
  for (const headers of both) {
    expect(await post('/signed/raw', headers)).toEqual({ raw: '{ "a": 1,  "more": 2 }', n: null });
    expect(await post('/signed/plain', headers)).toEqual({ raw: null, n: null });
  }
});

it('an integer of a query is written with digits alone', async () => {
  expect(await post('/signed/raw?n=0042')).toMatchObject({ n: 42 });
  for (const text of ['1.0', '1e3', '', '+1', ' 1', '0x10', '9007199254740993']) {
    expect((await post(`/signed/raw?n=${encodeURIComponent(text)}`)).errors).toMatchObject([
      { pointer: '/query/n' },
    ]);
  }
});
