import { describe, expect, it } from 'vitest';
import { useNative } from '../fixture/errand.ts';

const server = useNative();

describe('GET /api/v1/kinds', () => {
  it('lists every kind with its workflow as data', async () => {
    const { status, body } = await server.as({ party: 'acme' })('GET', '/api/v1/kinds');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(1);
    const [errand] = body.items;
    expect(errand).toMatchObject({
      name: 'errand',
      label: 'Errand',
      version: 1,
      roles: ['requester', 'resolver'],
    });
    expect(errand.states[2]).toEqual({ name: 'waiting', label: 'Waiting', category: 'waiting' });
    expect(errand.transitions.find(({ name }: { name: string }) => name === 'wait')).toEqual({
      name: 'wait',
      label: 'Wait for an answer',
      from: ['open'],
      to: 'waiting',
      by: ['resolver'],
      requires: ['question'],
      starts: ['reminder', 'patience'],
      cancels: [],
      firedBy: null,
    });
    expect(errand.timers[1]).toEqual({
      name: 'patience',
      label: 'Patience',
      fires: 'giveUp',
      setting: 'errand.patience',
      default: 'PT1H',
    });
    expect(errand.mermaid).toContain('stateDiagram-v2');
  });
});

describe('GET /api/v1/kinds/{kind}', () => {
  it('gives the JSON Schemas of what clients send, with what every kind lets edit', async () => {
    const { status, body } = await server.as({ party: 'acme' })('GET', '/api/v1/kinds/errand');
    expect(status).toBe(200);
    expect(body.schemas.create.required).toEqual(['title']);
    expect(Object.keys(body.schemas.edit.properties)).toEqual(
      expect.arrayContaining(['assignee', 'queue', 'tags', 'title', 'priority']),
    );
    expect(Object.keys(body.schemas.transitions)).not.toContain('ask');
    expect(body.schemas.transitions.wait.properties.question).toMatchObject({ type: 'string' });
  });

  it('names the kinds that there are when asked for another', async () => {
    const { status, body } = await server.as({ party: 'acme' })('GET', '/api/v1/kinds/parcel');
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'notFound', detail: 'There is no kind parcel; there are errand.' });
  });
});

describe('GET /api/v1/me', () => {
  it('says who the caller is', async () => {
    const client = server.as({ id: 'u1', name: 'Una', party: 'acme', permissions: ['b', 'a'] });
    const { status, body } = await client('GET', '/api/v1/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      account: 'default',
      id: 'u1',
      name: 'Una',
      type: 'person',
      party: 'acme',
      persona: null,
      permissions: ['a', 'b'],
    });
  });

  it('refuses a caller without a credential', async () => {
    const answer = await server.app.inject({ url: '/api/v1/me' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('the contract', () => {
  it('answers unknown paths under its prefix with a problem', async () => {
    const { status, body } = await server.as({ party: 'acme' })('GET', '/api/v1/nothing');
    expect(status).toBe(404);
    expect(body.code).toBe('notFound');
  });

  it('is one OpenAPI document with every operation', async () => {
    const answer = await server.app.inject({ url: '/docs/native/openapi.json' });
    expect(answer.statusCode).toBe(200);
    const { paths } = answer.json();
    const operations = Object.entries(paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.filter((operation) => !operation.startsWith('HEAD')).sort()).toEqual(
      [
        'DELETE /api/v1/tickets/{id}',
        'DELETE /api/v1/tickets/{id}/links',
        'GET /api/v1/collections',
        'GET /api/v1/events',
        'GET /api/v1/kinds',
        'GET /api/v1/kinds/{kind}',
        'GET /api/v1/me',
        'GET /api/v1/tickets',
        'GET /api/v1/tickets/{id}',
        'GET /api/v1/tickets/{id}/timeline',
        'GET /api/v1/timers',
        'PATCH /api/v1/tickets/{id}',
        'POST /api/v1/tickets',
        'POST /api/v1/tickets/batch',
        'POST /api/v1/tickets/{id}/comments',
        'POST /api/v1/tickets/{id}/links',
        'POST /api/v1/tickets/{id}/transitions',
        'POST /api/v1/timers/{id}/fire',
      ].sort(),
    );
  });
});
