import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorCatalogue, type FieldError } from '../kernel/errors.ts';
import { ana, type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.app.close());

const json = { ...ana, 'content-type': 'application/json' };
const thing = { title: 'a', priority: 1, state: 'OPEN' };
const post = (payload: string | Buffer, headers: Record<string, string> = json): InjectOptions => ({
  method: 'POST',
  url: '/things',
  headers,
  payload,
});
const get = (url: string, headers: Record<string, string> = ana): InjectOptions => ({ url, headers });

interface Case {
  readonly what: string;
  readonly request: InjectOptions;
  readonly code: ErrorCode;
  /** In the modern format, and in the plain one where that differs. */
  readonly status: number;
  readonly plainStatus?: number;
  readonly message?: string;
  readonly errors?: readonly FieldError[];
  readonly data?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

const fault = (pointer: string, message: string) => ({
  status: 400,
  plainStatus: 422,
  errors: [{ pointer, message }],
});

const cases: Case[] = [
  {
    what: 'malformed JSON',
    request: post('{"title" 1}'),
    code: 'malformedBody',
    status: 400,
    message: 'The body is not valid JSON at line 1, column 10.',
  },
  {
    what: 'bytes that are not UTF-8',
    request: post(Buffer.from([0x22, 0xff, 0x22])),
    code: 'malformedBody',
    status: 400,
    message: 'The body is not UTF-8.',
  },
  {
    what: 'a body of another type',
    request: post('<title>a</title>', { ...ana, 'content-type': 'application/xml' }),
    code: 'unsupportedMediaType',
    status: 415,
  },
  {
    what: 'plain text',
    request: post('title', { ...ana, 'content-type': 'text/plain' }),
    code: 'unsupportedMediaType',
    status: 415,
  },
  {
    what: 'a content type that is none',
    request: post('{}', { ...ana, 'content-type': 'json' }),
    code: 'unsupportedMediaType',
    status: 415,
  },
  { what: 'a body without a type', request: post('{}', ana), code: 'unsupportedMediaType', status: 415 },
  {
    what: 'a compressed body',
    request: post('x', { ...json, 'content-encoding': 'gzip' }),
    code: 'unsupportedMediaType',
    status: 415,
    message: 'Compressed bodies are not read.',
  },
  {
    what: 'a body over the limit',
    request: post(JSON.stringify({ ...thing, extra: 'x'.repeat(1024 ** 2) })),
    code: 'payloadTooLarge',
    status: 413,
  },
  {
    what: 'no body where one is needed',
    request: post('', json),
    code: 'invalidRequest',
    ...fault('', 'a body is required'),
  },
  { what: 'a null body', request: post('null'), code: 'invalidRequest', ...fault('', 'must be an object') },
  { what: 'a list as body', request: post('[]'), code: 'invalidRequest', ...fault('', 'must be an object') },
  {
    what: 'a NUL character',
    request: post('{"title":"a\\u0000","priority":1,"state":"OPEN"}'),
    code: 'invalidRequest',
    ...fault('/title', 'must not contain NUL characters or lone surrogates'),
  },
  {
    what: 'a lone surrogate in a property that nobody asked for',
    request: post('{"title":"a","priority":1,"state":"OPEN","bogus":["\\ud800"]}'),
    code: 'invalidRequest',
    ...fault('/bogus/0', 'must not contain NUL characters or lone surrogates'),
  },
  {
    what: 'a body nested 10,000 deep',
    request: post('['.repeat(10_000) + ']'.repeat(10_000)),
    code: 'invalidRequest',
    ...fault('', 'must not be nested deeper than 200 levels'),
  },
  {
    what: 'many faults at once, each with its place',
    request: post(
      '{"title":"","priority":1e999,"state":"NO","at":"2026-02-30T00:00:00Z","size":9007199254740993,"tags":[{},{"name":1},{"name":"x"}]}',
    ),
    code: 'invalidRequest',
    status: 400,
    plainStatus: 422,
    errors: [
      { pointer: '/title', message: 'must have at least 1 character' },
      { pointer: '/priority', message: 'must be an integer from 1 to 3' },
      { pointer: '/state', message: 'must be one of OPEN' },
      { pointer: '/at', message: 'must be a date-time such as 2026-03-01T12:00:00Z' },
      { pointer: '/size', message: 'must be an integer of at most 9007199254740991' },
      { pointer: '/tags/0/name', message: 'is required' },
      { pointer: '/tags/1/name', message: 'must be a string' },
      { pointer: '/tags', message: 'must have at most 2 items' },
    ],
  },
  {
    what: 'missing fields',
    request: post('{}'),
    code: 'invalidRequest',
    status: 400,
    plainStatus: 422,
    errors: ['title', 'priority', 'state'].map((name) => ({ pointer: `/${name}`, message: 'is required' })),
  },
  {
    what: 'a wrong query',
    request: get('/things?limit=0&open=maybe'),
    code: 'invalidRequest',
    status: 400,
    plainStatus: 422,
    errors: [
      { pointer: '/query/limit', message: 'must be an integer from 1 to 100' },
      { pointer: '/query/open', message: 'must be true or false' },
    ],
  },
  {
    what: 'a query key given twice',
    request: get('/things?limit=1&limit=2'),
    code: 'invalidRequest',
    ...fault('/query/limit', 'must be given only once'),
  },
  {
    what: 'a number in the query beyond 2^53',
    request: get('/things?limit=9007199254740993'),
    code: 'invalidRequest',
    ...fault('/query/limit', 'must be an integer from 1 to 100'),
  },
  {
    what: 'a NUL character in the query',
    request: get('/things?tag=a%00b'),
    code: 'invalidRequest',
    ...fault('/query/tag', 'must not contain NUL characters or lone surrogates'),
  },
  {
    what: 'a NUL character in the path',
    request: get('/things/%00'),
    code: 'invalidRequest',
    status: 400,
    plainStatus: 422,
    errors: [
      { pointer: '/path/id', message: 'must not contain NUL characters or lone surrogates' },
      { pointer: '/path/id', message: 'must be an integer of at least 1' },
    ],
  },
  {
    what: 'a wrong path parameter',
    request: get('/things/x'),
    code: 'invalidRequest',
    ...fault('/path/id', 'must be an integer of at least 1'),
  },
  {
    what: 'a path parameter of 2,000 characters',
    request: get(`/things/${'1'.repeat(2000)}`),
    code: 'invalidRequest',
    ...fault('/path', 'has a segment that is too long'),
  },
  {
    what: 'broken percent-encoding',
    request: get('/things/%ZZ'),
    code: 'invalidRequest',
    ...fault('/path', 'must be percent-encoded UTF-8'),
  },
  {
    what: 'an unknown route',
    request: get('/nowhere?x=1'),
    code: 'notFound',
    status: 404,
    message: 'GET {base}/nowhere is not served.',
  },
  {
    what: 'an unknown route with a broken body and no token',
    request: {
      method: 'POST',
      url: '/nowhere',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    },
    code: 'notFound',
    status: 404,
    message: 'POST {base}/nowhere is not served.',
  },
  {
    what: 'a method that is not served',
    request: { method: 'DELETE', url: '/things', headers: ana },
    code: 'notFound',
    status: 404,
    message: 'DELETE {base}/things is not served.',
  },
  {
    what: 'no credential',
    request: get('/things', {}),
    code: 'unauthenticated',
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
  },
  {
    what: 'a wrong token, before the body is looked at',
    request: post('{', { ...json, authorization: 'Bearer nobody' }),
    code: 'unauthenticated',
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  },
  {
    what: 'a permission that is missing',
    request: get('/staff'),
    code: 'forbidden',
    status: 403,
    message: 'The permission staff is needed.',
    data: { permission: 'staff' },
  },
  {
    what: 'a refusal that was thrown',
    request: get('/refused'),
    code: 'invalidTransition',
    status: 409,
    message: 'It is closed.',
    data: { state: 'closed' },
  },
  {
    what: 'an error that nobody expected',
    request: get('/boom'),
    code: 'internalError',
    status: 500,
    message: 'Something failed inside. The log has it under the request id id-1.',
  },
  {
    what: 'a store that cannot be reached',
    request: get('/down'),
    code: 'unavailable',
    status: 503,
    headers: { 'retry-after': '1' },
  },
];

async function ask(base: string, { request }: Case) {
  return fixture.app.inject({
    ...request,
    url: `${base}${request.url}`,
    headers: { ...request.headers, 'x-request-id': 'id-1' },
  });
}

describe.each(cases)('$what', (one) => {
  const {
    code,
    status,
    plainStatus = status,
    message = errorCatalogue[code],
    errors,
    data,
    headers = {},
  } = one;

  it('is a problem (RFC 9457) below /api/v1', async () => {
    const answer = await ask('/api/v1', one);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({
      ...headers,
      'content-type': 'application/problem+json',
      'x-request-id': 'id-1',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.json()).toEqual({
      ...data,
      type: `/problems/${code}`,
      title: errorCatalogue[code],
      status,
      detail: message.replace('{base}', '/api/v1'),
      code,
      ...(errors && { errors }),
      requestId: 'id-1',
    });
  });

  it('is in its own format below /plain', async () => {
    const answer = await ask('/plain', one);
    expect(answer.statusCode).toBe(plainStatus);
    expect(answer.headers).toMatchObject({
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'id-1',
    });
    expect(answer.json()).toEqual({
      code: `plain.${code}`,
      message: message.replace('{base}', '/plain'),
      errors: (errors ?? []).map(({ pointer, message }) => ({ field: pointer, message })),
    });
  });
});

describe('outside of every contract', () => {
  const problemAt = (code: ErrorCode, status: number, detail: string) => ({
    type: `/problems/${code}`,
    title: errorCatalogue[code],
    status,
    detail,
    code,
    requestId: 'id-1',
  });

  it('an unknown path is a problem', async () => {
    const answer = await fixture.app.inject({ url: '/plainly', headers: { 'x-request-id': 'id-1' } });
    expect(answer.json()).toEqual(problemAt('notFound', 404, 'GET /plainly is not served.'));
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('a path that cannot be decoded is a problem', async () => {
    const answer = await fixture.app.inject({ url: '/%ZZ', headers: { 'x-request-id': 'id-1' } });
    expect(answer.json()).toEqual({
      ...problemAt('invalidRequest', 400, errorCatalogue.invalidRequest),
      errors: [{ pointer: '/path', message: 'must be percent-encoded UTF-8' }],
    });
  });
});

it('a fault inside is logged once, with its stack and nothing that the request brought', async () => {
  const { app, lines } = await startFixture();
  await app.inject({
    url: '/plain/boom?apiKey=ana-key&note=private',
    headers: { cookie: 'session=other', 'x-request-id': 'id-2', 'idempotency-key': 'k1' },
  });
  await app.close();
  const failures = lines.filter(({ level }) => level === 50);
  expect(failures).toEqual([
    expect.objectContaining({
      requestId: 'id-2',
      method: 'GET',
      path: '/plain/boom',
      query: ['apiKey', 'note'],
      contract: 'plain',
      account: 'default',
      actor: 'ana',
      status: 500,
      code: 'internalError',
      error: expect.objectContaining({
        type: 'Error',
        stack: expect.stringContaining('two-contracts.fixture'),
      }),
    }),
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/ana-key|private|session=other|k1/);
});
