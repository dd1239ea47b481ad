import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivedRequest, useReceiver } from '../../../test/receiver.ts';
import type { TestClient } from '../../../test/server.ts';
import { forTheLog, until } from '../../../test/until.ts';
import { writeSetting } from '../../store/accounts.ts';
import { useNativeWebhooks } from './fixture/server.ts';

const server = useNativeWebhooks();
const receiver = useReceiver();
const BASE = '/api/v1/webhooks';

const staff = server.as({
  id: 'stu',
  name: 'Stu',
  permissions: ['tickets.read', 'tickets.write', 'webhooks.write'],
});
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });
const desk = server.as({ id: 'dee', party: 'default', permissions: ['webhooks.write'] });
const nobody = server.as({ id: 'nob', permissions: ['webhooks.write'] });
const acme = server.as({ id: 'ana', name: 'Ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const stranger = server.as({
  id: 'stu',
  account: 'other',
  permissions: ['tickets.read', 'tickets.write', 'webhooks.write'],
});

beforeAll(() => writeSetting(server.store.sql, 'default', 'webhooks.allowPrivateAddresses', 'true'));
afterEach(() => {
  receiver.answer = () => undefined;
});

const at = (path: string) => receiver.requests.filter((request) => request.path === path);

async function register(client: TestClient, path: string, more: object = {}) {
  const { status, body } = await client('POST', BASE, { url: `${receiver.url}${path}`, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

async function errand(client = acme, more: object = {}): Promise<{ id: string; key: string }> {
  return (await client('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand', ...more })).body;
}

const accept = (key: string) => desk('POST', `/api/v1/tickets/${key}/transitions`, { name: 'accept' });
const comment = (client: TestClient, key: string, visibility: string) =>
  client('POST', `/api/v1/tickets/${key}/comments`, { body: 'A word', visibility });

/** Reads the log until all that is written now has been read. */
async function settled(account = 'default'): Promise<void> {
  const [{ end }] = await server.store.sql<[{ end: number }]>`
    select coalesce(max(seq), 0) as end from event where account = ${account}`;
  await until(async () => {
    await server.webhooks.readLog(account);
    const rows = await server.store.sql`
      select from webhook w join event e on e.account = w.account and (e.xid, e.seq) > (w.xid, w.seq)
      where w.account = ${account} and w.status = 'active' and e.seq <= ${end} limit 1`;
    return rows.length === 0;
  }, forTheLog);
}

const deliveries = async (client: TestClient, id: string, query = '') =>
  (await client('GET', `${BASE}/${id}/deliveries${query}`)).body.items;

/** What a webhook has been told, as type, name and actor. */
async function heard(client: TestClient, id: string): Promise<string[]> {
  const items = await deliveries(client, id);
  return items.map((item: { payload: string }) => item.payload.replace('tessera.ticket.', '')).reverse();
}

describe('a webhook', { timeout: 90_000 }, () => {
  it('is registered, read, listed, changed and deleted', async () => {
    const filter = { transitions: ['accept'], parties: ['acme'] };
    const types = ['tessera.ticket.created', 'tessera.ticket.transitioned'];
    const answer = await staff('POST', BASE, {
      url: 'https://example.org/hook',
      description: 'For the dashboard',
      types,
      kinds: ['errand'],
      filter,
    });
    const { secret, ...hook } = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ location: `${BASE}/${hook.id}`, etag: '"1"' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(hook).toEqual({
      id: expect.any(String),
      url: 'https://example.org/hook',
      description: 'For the dashboard',
      format: 'native',
      party: null,
      types,
      kinds: ['errand'],
      filter,
      own: false,
      status: 'active',
      statusReason: null,
      secrets: [{ validUntil: null }],
      version: 1,
      createdBy: 'stu',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const read = await staff('GET', `${BASE}/${hook.id}`);
    expect(read.body).toEqual(hook);
    expect(read.headers.etag).toBe('"1"');
    expect((await staff('GET', `${BASE}?limit=200`)).body.items).toContainEqual(hook);
    const stale = await staff(
      'PATCH',
      `${BASE}/${hook.id}`,
      { url: 'https://example.org/' },
      { 'if-match': '"7"' },
    );
    expect(stale).toMatchObject({ status: 412, body: { code: 'versionMismatch', version: 1 } });
    const patch = { description: null, types: null, kinds: ['errand'], own: true };
    const changed = await staff('PATCH', `${BASE}/${hook.id}`, patch, { 'if-match': '"1"' });
    const { types: _, ...rest } = hook;
    expect(changed.body).toEqual({
      ...rest,
      description: null,
      own: true,
      version: 2,
      updatedAt: expect.any(String),
    });
    expect((await staff('DELETE', `${BASE}/${hook.id}`)).status).toBe(204);
    expect(await staff('GET', `${BASE}/${hook.id}`)).toMatchObject({
      status: 404,
      body: { code: 'entryNotFound', detail: `There is no webhook ${hook.id}.` },
    });
    expect((await staff('DELETE', `${BASE}/${hook.id}`)).status).toBe(404);
  });

  it('is paged', async () => {
    const made = [];
    for (let count = 0; count < 3; count += 1) made.push(await register(acme, `/page${count}`));
    const first = (await acme('GET', `${BASE}?limit=2`)).body;
    const second = (await acme('GET', `${BASE}?limit=2&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(second.next).toBeNull();
    expect((await acme('GET', `${BASE}?cursor=nonsense`)).body.errors).toEqual([
      { pointer: '/query/cursor', message: 'must be a cursor that this list gave out' },
    ]);
    for (const { id } of made) await acme('DELETE', `${BASE}/${id}`);
  });

  it.each([
    [{}, '/url'],
    [{ url: 'nonsense' }, '/url'],
    [{ url: 'ftp://example.org/' }, '/url'],
    [{ url: 'https://me:you@example.org/' }, '/url'],
    [{ url: 5 }, '/url'],
    [{ url: 'https://example.org/', types: ['created'] }, '/types/0'],
    [{ url: 'https://example.org/', types: [] }, '/types'],
    [{ url: 'https://example.org/', kinds: ['wish'] }, '/kinds/0'],
    [{ url: 'https://example.org/', filter: { states: 'new' } }, '/filter/states'],
    [{ url: 'https://example.org/\u0000' }, '/url'],
  ])('%j is refused', async (body, pointer) => {
    const before = (await staff('GET', `${BASE}?limit=200`)).body.items.length;
    const { status, body: problem } = await staff('POST', BASE, body);
    expect(status).toBe(400);
    expect(problem.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await staff('GET', `${BASE}?limit=200`)).body.items).toHaveLength(before);
  });

  it('of an address that is not public is refused, unless the account allows it', async () => {
    const { status, body } = await stranger('POST', BASE, { url: 'http://169.254.169.254/latest' });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '/url', message: 'must lead to an address of the public Internet' },
    ]);
    const named = await stranger('POST', BASE, { url: `http://localhost:${receiver.port}/secret` });
    const test = await stranger('POST', `${BASE}/${named.body.id}/test`);
    expect(test.body).toEqual({
      taken: false,
      responseStatus: null,
      responseBody: null,
      durationMs: expect.any(Number),
      error: expect.stringMatching(/^The address (127\.0\.0\.1|::1) is not one of the public Internet\.$/),
    });
    expect(at('/secret')).toEqual([]);
  });

  it('is there for those who may hear what it hears, and for no other account', async () => {
    const ofStaff = await register(staff, '/access');
    const ofAcme = await register(acme, '/access');
    const see = (client: TestClient, { id }: { id: string }) =>
      client('GET', `${BASE}/${id}`).then(({ status }) => status);
    expect(await Promise.all([staff, desk, acme, blue, stranger].map((who) => see(who, ofStaff)))).toEqual([
      200, 404, 404, 404, 404,
    ]);
    expect(await Promise.all([staff, desk, acme, blue, stranger].map((who) => see(who, ofAcme)))).toEqual([
      200, 404, 200, 404, 404,
    ]);
    const refused = await reader('GET', BASE);
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden', permission: 'webhooks.write' } });
    expect((await nobody('GET', BASE)).body).toMatchObject({ code: 'forbidden', permission: 'tickets.read' });
    const paths: [string, string, object?][] = [
      ['PATCH', '', { url: 'https://example.org/' }],
      ['DELETE', ''],
      ['POST', '/secret', {}],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', '/replay', { since: '2026-01-01T00:00:00Z' }],
      ['POST', '/deliveries/019ab000-0000-7000-8000-000000000001/replay'],
    ];
    for (const [method, path, body] of paths) {
      for (const client of [blue, stranger]) {
        const answer = await client(method, `${BASE}/${ofAcme.id}${path}`, body);
        expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { code: 'entryNotFound' } });
      }
    }
    expect((await acme('GET', `${BASE}/${ofAcme.id}`)).body.version).toBe(1);
    expect((await acme('GET', BASE)).body.items.map(({ id }: { id: string }) => id)).toEqual([ofAcme.id]);
    await acme('DELETE', `${BASE}/${ofAcme.id}`);
    await staff('DELETE', `${BASE}/${ofStaff.id}`);
  });

  it('is registered once under an idempotency key', async () => {
    const key = { 'idempotency-key': 'hook-1' };
    const body = { url: 'https://example.org/once' };
    const first = await acme('POST', BASE, body, key);
    const again = await acme('POST', BASE, body, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await acme('GET', BASE)).body.items).toHaveLength(1);
    expect((await acme('POST', BASE, { url: 'https://example.org/' }, key)).status).toBe(422);
    await acme('DELETE', `${BASE}/${first.body.id}`);
  });

  it('of the staff is told all, of a party the other side’s doing on its own tickets', async () => {
    const all = await register(staff, '/told');
    const mine = await register(acme, '/told');
    const mineToo = await register(acme, '/told', { own: true });
    const theirs = await register(blue, '/told');
    const narrow = await register(staff, '/told', { filter: { transitions: ['accept'] } });
    const { key, id } = await errand(acme);
    await accept(key);
    await comment(staff, key, 'internal');
    await comment(staff, key, 'public');
    await comment(acme, key, 'public');
    await settled();
    expect(await heard(staff, all.id)).toEqual([
      'created',
      'transitioned',
      'commented',
      'commented',
      'commented',
    ]);
    expect(await heard(acme, mine.id)).toEqual(['transitioned', 'commented']);
    expect(await heard(acme, mineToo.id)).toEqual(['created', 'transitioned', 'commented', 'commented']);
    expect(await heard(blue, theirs.id)).toEqual([]);
    expect(await heard(staff, narrow.id)).toEqual(['transitioned']);
    await until(async () => (await deliveries(acme, mine.id, '?status=delivered')).length === 2);
    const event = (await acme('GET', '/api/v1/events?limit=1000')).body.events.find(
      ({ subject, type }: { subject: string; type: string }) =>
        subject === key && type.endsWith('transitioned'),
    );
    const [item] = (await deliveries(acme, mine.id)).reverse();
    expect(item).toMatchObject({
      event: event.id,
      payload: event.type,
      ticket: { id, key },
      status: 'delivered',
    });
    const sent = await until(() => {
      const heardIt = at('/told').filter(({ json }) => json.id === event.id);
      return heardIt.length >= 4 && heardIt;
    });
    expect(sent.map(({ json }) => json)).toEqual([event, event, event, event]);
    expect(event.data.name).toBe('accept');
    const verifies = ({ body, headers }: ReceivedRequest) => {
      try {
        return new Webhook(mine.secret).verify(body, headers) !== null;
      } catch {
        return false;
      }
    };
    expect(sent.filter(verifies)).toHaveLength(1);
    for (const hook of [all, mine, mineToo, theirs, narrow]) await staff('DELETE', `${BASE}/${hook.id}`);
  });

  it('is tested at once', async () => {
    const { id, secret } = await register(staff, '/test');
    receiver.answer = () => ({ status: 418, body: 'teapot' });
    const { status, body } = await staff('POST', `${BASE}/${id}/test`, undefined, {
      'idempotency-key': 'test-1',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      taken: false,
      responseStatus: 418,
      responseBody: 'teapot',
      durationMs: expect.any(Number),
      error: null,
    });
    const [request] = at('/test') as [ReceivedRequest];
    expect(new Webhook(secret).verify(request.body, request.headers)).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^test-/),
      source: `${BASE}/${id}`,
      type: 'tessera.webhook.test',
      time: expect.any(String),
      datacontenttype: 'application/json',
      data: { message: 'This is a test. Nothing has happened.' },
    });
    await staff('POST', `${BASE}/${id}/test`, undefined, { 'idempotency-key': 'test-1' });
    expect(at('/test')).toHaveLength(1);
    expect(await deliveries(staff, id)).toEqual([]);
    await staff('DELETE', `${BASE}/${id}`);
  });

  it('has its secret rotated, and goes on being signed with the old one for a while', async () => {
    const hook = await register(staff, '/rotated');
    const rotated = (await staff('POST', `${BASE}/${hook.id}/secret`, { graceHours: 1 })).body;
    expect(rotated).toMatchObject({
      version: 2,
      secrets: [{ validUntil: null }, { validUntil: expect.any(String) }],
    });
    expect(rotated.secret).not.toBe(hook.secret);
    await staff('POST', `${BASE}/${hook.id}/test`);
    const [request] = at('/rotated') as [ReceivedRequest];
    new Webhook(hook.secret).verify(request.body, request.headers);
    new Webhook(rotated.secret).verify(request.body, request.headers);
    expect((await staff('POST', `${BASE}/${hook.id}/secret`)).body.secrets).toHaveLength(3);
    expect((await staff('POST', `${BASE}/${hook.id}/secret`, { graceHours: 1000 })).status).toBe(400);
    await staff('DELETE', `${BASE}/${hook.id}`);
  });

  it('is paused and resumed, and loses nothing in between', async () => {
    const { id } = await register(staff, '/paused');
    expect((await staff('POST', `${BASE}/${id}/pause`)).body).toMatchObject({ status: 'paused', version: 2 });
    expect((await staff('POST', `${BASE}/${id}/pause`)).body).toMatchObject({ status: 'paused', version: 2 });
    const { key } = await errand();
    await settled();
    expect(await deliveries(staff, id)).toEqual([]);
    expect((await staff('POST', `${BASE}/${id}/resume`)).body).toMatchObject({
      status: 'active',
      version: 3,
    });
    await settled();
    await until(() => at('/paused').length === 1);
    expect(at('/paused')[0]?.json.subject).toBe(key);
    await staff('DELETE', `${BASE}/${id}`);
  });

  it('lists its deliveries in pages, and has one of them, or all since a moment, replayed', async () => {
    const { id } = await register(staff, '/again', { types: ['tessera.ticket.created'] });
    const since = new Date().toISOString();
    const tickets = [await errand(), await errand(), await errand()];
    await settled();
    await until(async () => (await deliveries(staff, id, '?status=delivered')).length === 3);
    const first = (await staff('GET', `${BASE}/${id}/deliveries?limit=2`)).body;
    const second = (await staff('GET', `${BASE}/${id}/deliveries?limit=2&cursor=${first.next}`)).body;
    const keys = [...first.items, ...second.items].map(({ ticket }) => ticket.key);
    expect(keys).toEqual(tickets.map(({ key }) => key).reverse());
    expect(second.next).toBeNull();
    const foreign = await staff('GET', `${BASE}/${id}/deliveries?status=failed&cursor=${first.next}`);
    expect(foreign.body.errors[0].pointer).toBe('/query/cursor');
    expect(await deliveries(staff, id, `?ticket=${tickets[1]?.id}`)).toHaveLength(1);

    const replayed = await staff('POST', `${BASE}/${id}/deliveries/${second.items[0].id}/replay`);
    expect(replayed.status).toBe(202);
    expect(replayed.body).toMatchObject({
      event: second.items[0].event,
      ticket: { id: tickets[0]?.id, key: tickets[0]?.key },
      status: 'waiting',
      attempts: 0,
    });
    await until(() => at('/again').length === 4);
    expect(at('/again')[3]?.json).toEqual(
      at('/again').find(({ json }) => json.subject === tickets[0]?.key)?.json,
    );

    expect((await staff('POST', `${BASE}/${id}/replay`, { since: 'now' })).status).toBe(400);
    expect((await staff('POST', `${BASE}/${id}/replay`, { since })).status).toBe(202);
    await settled();
    await until(() => at('/again').length === 7);
    const unknown = `${BASE}/${id}/deliveries/019ab000-0000-7000-8000-000000000001/replay`;
    expect((await staff('POST', unknown)).body.code).toBe('entryNotFound');
    await staff('DELETE', `${BASE}/${id}`);
  });

  it('is described by OpenAPI', async () => {
    const document = JSON.parse((await server.app.inject('/docs/native/openapi.json')).body);
    const paths = Object.entries(document.paths)
      .filter(([path]) => path.startsWith(BASE))
      .map(
        ([path, item]) =>
          `${path} ${Object.keys(item as object)
            .sort()
            .join(' ')}`,
      );
    expect(paths.sort()).toEqual([
      '/api/v1/webhooks get post',
      '/api/v1/webhooks/{id} delete get patch',
      '/api/v1/webhooks/{id}/deliveries get',
      '/api/v1/webhooks/{id}/deliveries/{delivery}/replay post',
      '/api/v1/webhooks/{id}/pause post',
      '/api/v1/webhooks/{id}/replay post',
      '/api/v1/webhooks/{id}/resume post',
      '/api/v1/webhooks/{id}/secret post',
      '/api/v1/webhooks/{id}/test post',
    ]);
  });
});
