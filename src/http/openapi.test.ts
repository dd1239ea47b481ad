import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.app.close());

const documentOf = async (name: string) => (await fixture.app.inject(`/docs/${name}/openapi.json`)).json();

describe('the document of a contract', () => {
  it('has the routes of that contract alone', async () => {
    const { openapi, info, security, paths } = await documentOf('modern');
    expect(openapi).toBe('3.1.0');
    expect(info).toEqual({ title: 'Modern things', description: 'A newer API.', version: '1.0.0' });
    expect(security).toEqual([{ bearer: [] }]);
    expect(Object.keys(paths)).toContain('/api/v1/things/{id}');
    expect(Object.keys(paths).every((path) => path.startsWith('/api/v1'))).toBe(true);
    expect(Object.keys((await documentOf('plain')).paths)).toContain('/plain/things');
  });

  it('says what the schemas check', async () => {
    const { paths } = await documentOf('modern');
    const post = paths['/api/v1/things'].post;
    expect(post.requestBody.content['application/json'].schema).toEqual({
      type: 'object',
      required: ['title', 'priority', 'state'],
      properties: {
        title: { type: 'string', minLength: 1, maxLength: 20 },
        priority: { type: 'integer', minimum: 1, maximum: 3 },
        state: { type: 'string', const: 'OPEN' },
        at: { type: 'string', format: 'date-time' },
        size: { type: 'integer' },
        tags: {
          type: 'array',
          maxItems: 2,
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
        extra: {},
      },
    });
    const [limit, open] = paths['/api/v1/things'].get.parameters;
    expect(limit).toEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
    });
    expect(open).toMatchObject({ name: 'open', required: false });
  });

  it('adds the headers of writes and every error to the operations', async () => {
    const { paths, components } = await documentOf('modern');
    const { get, post } = paths['/api/v1/things'];
    const { put } = paths['/api/v1/things/{id}'];
    expect(put.parameters.slice(-2)).toEqual([
      { $ref: '#/components/parameters/IdempotencyKey' },
      { $ref: '#/components/parameters/IfMatch' },
    ]);
    // It names no body, but one that is sent is read.
    expect(Object.keys(put.responses)).toEqual(
      expect.arrayContaining([
        '400',
        '401',
        '403',
        '404',
        '409',
        '412',
        '413',
        '415',
        '422',
        '429',
        '500',
        '503',
      ]),
    );
    expect(Object.keys(get.responses)).not.toContain('412');
    expect(Object.keys(get.responses)).not.toContain('415');
    expect(post.responses['429']).toEqual({ $ref: '#/components/responses/Error429' });
    expect(components.responses.Error429.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Error' } },
    });
    expect(components.schemas.Error.properties.code.enum).toContain('invalidTransition');
  });

  it('offers no If-Match to what creates', async () => {
    const { post } = (await documentOf('modern')).paths['/api/v1/things'];
    expect(post.parameters).toEqual([{ $ref: '#/components/parameters/IdempotencyKey' }]);
    expect(Object.keys(post.responses)).not.toContain('412');
    expect(Object.keys(post.responses)).toContain('409');
  });

  it('says what a successful answer is, and which headers it has', async () => {
    const { paths, components } = await documentOf('modern');
    const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
    const successOf = (path: string, method: string) => paths[path][method].responses['200'];
    expect(successOf('/api/v1/things', 'get')).toEqual({ description: 'The answer.' });
    expect(successOf('/api/v1/things/{id}', 'get')).toEqual({
      description: 'The answer.',
      headers: { ETag: header('ETag') },
    });
    expect(successOf('/api/v1/things/{id}', 'put')).toEqual({
      description: 'The answer.',
      headers: { ETag: header('ETag'), 'Idempotency-Replayed': header('IdempotencyReplayed') },
    });
    expect(Object.keys(components.headers)).toEqual(['ETag', 'Location', 'IdempotencyReplayed']);
  });

  it('spells the errors as the contract does', async () => {
    const { components } = await documentOf('plain');
    expect(components.responses.Error422.content).toHaveProperty(['application/json']);
  });

  it('says which permission is needed, and where none is asked for', async () => {
    const { paths } = await documentOf('modern');
    expect(paths['/api/v1/staff'].get.description).toBe('Needs the permission `staff`.');
    expect(paths['/api/v1/open'].get.security).toEqual([]);
  });

  it('has no reference that leads nowhere', async () => {
    const document = await documentOf('modern');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(references.length).toBeGreaterThan(10);
    for (const path of references) {
      const target = path
        .split('/')
        .reduce<Record<string, unknown> | undefined>(
          (node, name) => node?.[name] as Record<string, unknown> | undefined,
          document,
        );
      expect(target, path).toBeDefined();
    }
  });
});

describe('the pages', () => {
  it('/docs lists the contracts', async () => {
    const { body } = await fixture.app.inject('/docs');
    expect(body).toContain('<a href="/docs/plain">Plain things</a>');
    expect(body).toContain('<a href="/docs/modern/openapi.json">OpenAPI</a>');
  });

  it('/docs/<contract> loads its script from here, under a policy that allows nothing else', async () => {
    const { body, headers } = await fixture.app.inject('/docs/plain');
    const sources = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
    expect(sources.every((source) => source?.startsWith('/docs/'))).toBe(true);
    expect(body).not.toMatch(/<script>/);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data: blob:;font-src 'self' data:;connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
  });

  it('the script is there, compressed', async () => {
    const { headers, rawPayload } = await fixture.app.inject('/docs/assets/reference.js');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
    });
    expect(gunzipSync(rawPayload).toString()).toContain('createApiReference');
    expect((await fixture.app.inject('/docs/assets/start.js')).body).toContain('Scalar.createApiReference');
  });

  it('/problems/<code> says what an error means', async () => {
    const answer = await fixture.app.inject('/problems/duplicate');
    expect(answer.json()).toEqual({
      code: 'duplicate',
      meaning: 'A ticket with this unique reference exists already.',
    });
    expect((await fixture.app.inject('/problems/toString')).statusCode).toBe(404);
  });
});
