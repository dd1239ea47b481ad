import type { InjectOptions } from 'fastify';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendJson } from './reply.ts';
import { type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    plugins: [
      {
        name: 'checked',
        register: (app) => {
          const body = {
            content: {
              'application/json': { schema: Type.Object({ title: Type.String() }) },
              'application/json-patch+json': { schema: Type.Array(Type.Object({ op: Type.String() })) },
            },
          };
          app.patch('/by-type', { schema: { body } }, async (request, reply) =>
            sendJson(reply, 200, request.body),
          );
          app.post(
            '/optional',
            { schema: { body: Type.Optional(Type.Object({ a: Type.Integer() })) } },
            async (request, reply) => sendJson(reply, 200, { body: request.body ?? null }),
          );
          app.post('/numbers', { schema: { body: Type.Array(Type.Integer()) } }, async (request, reply) =>
            sendJson(reply, 200, request.body),
          );
          app.post(
            '/told',
            {
              config: { tellsBodyFaults: true },
              schema: {
                body: Type.Object({ a: Type.Integer() }),
                querystring: Type.Object({ n: Type.Optional(Type.Integer()) }),
              },
            },
            async ({ body, bodyFaults }, reply) => sendJson(reply, 200, { body, bodyFaults }),
          );
          app.get(
            '/many',
            {
              schema: {
                querystring: Type.Object({
                  page: Type.Integer({ minimum: 1, default: 1 }),
                  ratio: Type.Optional(Type.Number()),
                  size: Type.Optional(Type.Union([Type.Integer(), Type.Literal('all')])),
                  ids: Type.Optional(Type.Array(Type.Integer())),
                }),
                headers: Type.Object({ 'x-agent': Type.String({ format: 'email' }) }),
              },
            },
            async (request, reply) => sendJson(reply, 200, request.query),
          );
        },
      },
    ],
  });
});
afterAll(() => fixture.app.close());

async function ask(request: InjectOptions) {
  const answer = await fixture.app.inject(request);
  const body = answer.json();
  return { status: answer.statusCode, body: answer.statusCode < 400 ? body : (body.errors ?? body.detail) };
}

describe('a body whose schema depends on its type', () => {
  const patch = (type: string, value: unknown) =>
    ask({
      method: 'PATCH',
      url: '/by-type',
      headers: { 'content-type': type },
      payload: JSON.stringify(value),
    });

  it('is checked by the schema of its own type', async () => {
    expect(await patch('application/json; charset=utf-8', { title: 'a', bogus: 1 })).toEqual({
      status: 200,
      body: { title: 'a' },
    });
    expect(await patch('application/json-patch+json', [{ op: 'add' }])).toEqual({
      status: 200,
      body: [{ op: 'add' }],
    });
    expect(await patch('application/json-patch+json', [{}])).toEqual({
      status: 400,
      body: [{ pointer: '/0/op', message: 'is required' }],
    });
  });

  it('is refused with another type, even one that can be read', async () => {
    expect(await patch('application/merge-patch+json', {})).toEqual({
      status: 415,
      body: 'The body must be one of application/json, application/json-patch+json.',
    });
  });
});

describe('an optional body', () => {
  it('may be missing, but not wrong', async () => {
    const send = (payload?: string) =>
      ask({
        method: 'POST',
        url: '/optional',
        ...(payload && { payload, headers: { 'content-type': 'application/json' } }),
      });
    expect(await send()).toEqual({ status: 200, body: { body: null } });
    expect(await send('{"a":1}')).toEqual({ status: 200, body: { body: { a: 1 } } });
    expect(await send('{"a":"1"}')).toEqual({
      status: 400,
      body: [{ pointer: '/a', message: 'must be an integer' }],
    });
  });
});

it('a body with more faults than an answer lists is told so', async () => {
  const send = (count: number) =>
    fixture.app.inject({
      method: 'POST',
      url: '/numbers',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(Array.from({ length: count }, () => 'x')),
    });
  const few = (await send(99)).json();
  expect([few.detail, few.errors.length]).toEqual([
    'The request breaks one or more rules; every fault is listed with its place.',
    99,
  ]);
  const many = (await send(5000)).json();
  expect([many.detail, many.errors.length]).toEqual([
    'The request breaks 100 rules or more; the first 100 faults are listed with their places.',
    100,
  ]);
});

describe('a body whose faults the handler tells', () => {
  const send = (url: string, value: unknown) =>
    ask({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(value),
    });

  it('reaches it as it came, with its faults', async () => {
    expect(await send('/told', { a: 'x', bogus: 1 })).toEqual({
      status: 200,
      body: {
        body: { a: 'x', bogus: 1 },
        bodyFaults: [{ pointer: '/a', message: 'must be an integer', rule: 'type' }],
      },
    });
    expect(await send('/told', { a: 1, bogus: 1 })).toEqual({
      status: 200,
      body: { body: { a: 1 }, bodyFaults: null },
    });
  });

  it('does not where another part of the request is wrong', async () => {
    expect(await send('/told?n=x', { a: 'x' })).toEqual({
      status: 400,
      body: [{ pointer: '/query/n', message: 'must be an integer' }],
    });
  });
});

describe('text from the URL', () => {
  const headers = { 'x-agent': 'ana@example.com' };
  const many = (query: string) => ask({ url: `/many?${query}`, headers });

  it('becomes what the schema says', async () => {
    expect(await many('')).toEqual({ status: 200, body: { page: 1 } });
    expect(await many('page=2&ratio=-1.5&size=all&ids=1&ids=2')).toEqual({
      status: 200,
      body: { page: 2, ratio: -1.5, size: 'all', ids: [1, 2] },
    });
    expect(await many('size=7&ids=1')).toEqual({ status: 200, body: { page: 1, size: 7, ids: [1] } });
  });

  it.each(['1.5', '1e2', '0x10', '', ' 1', 'Infinity', '٣'])('is not forced: page=%s', async (text) => {
    expect(await many(`page=${encodeURIComponent(text)}`)).toEqual({
      status: 400,
      body: [{ pointer: '/query/page', message: 'must be an integer of at least 1' }],
    });
  });

  it('is judged together with the headers', async () => {
    expect(await ask({ url: '/many?page=0&ids=x', headers: { 'x-agent': 'nobody' } })).toEqual({
      status: 400,
      body: [
        { pointer: '/query/page', message: 'must be an integer of at least 1' },
        { pointer: '/query/ids/0', message: 'must be an integer' },
        { pointer: '/header/x-agent', message: 'must be an e-mail address such as ana@example.com' },
      ],
    });
    expect(await ask({ url: '/many' })).toMatchObject({
      body: [{ pointer: '/header/x-agent', message: 'is required' }],
    });
  });
});
