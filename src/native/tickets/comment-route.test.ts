import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { useNative } from '../fixture/errand.ts';

const server = useNative(createTestClock());
const acme = server.as({ id: 'ana', name: 'Ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', name: 'Dee', party: 'default' });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });
const editor = server.as({ id: 'edi', permissions: ['tickets.read', 'tickets.write'] });

async function errand(more: object = {}): Promise<string> {
  const { body } = await acme('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand', ...more });
  return `/api/v1/tickets/${body.key}`;
}

const textsOf = (items: { data: { body?: string } }[]) => items.map(({ data }) => data.body).filter(Boolean);

describe('POST /api/v1/tickets/{id}/comments', () => {
  it('adds a public comment, which is found by its words', async () => {
    const path = await errand();
    const { status, headers, body } = await acme('POST', `${path}/comments`, {
      body: '**Where** is zanzibar?',
    });
    expect(status).toBe(201);
    expect(headers.etag).toBe('"2"');
    expect(body).toEqual({
      ticket: { id: expect.any(String), key: path.split('/').at(-1), version: 2 },
      body: '**Where** is zanzibar?',
      visibility: 'public',
      author: { id: 'ana', name: 'Ana', party: 'acme' },
      at: '2026-03-02T09:00:00.000Z',
    });
    const found = await acme('GET', '/api/v1/tickets?q=zanzibar');
    expect(found.body.items).toHaveLength(1);
  });

  it("shows internal comments to the account's own people alone", async () => {
    const path = await errand();
    await desk('POST', `${path}/comments`, { body: 'for all' });
    await desk('POST', `${path}/comments`, { body: 'among us', visibility: 'internal' });
    for (const client of [desk, reader]) {
      const { body } = await client('GET', `${path}/timeline`);
      expect(textsOf(body.items)).toEqual(['for all', 'among us']);
    }
    const { text, body } = await acme('GET', `${path}/timeline`);
    expect(textsOf(body.items)).toEqual(['for all']);
    expect(text).not.toContain('among us');
    expect((await acme('GET', path)).text).not.toContain('among us');
  });

  it('finds no ticket with another party by the words of an internal comment', async () => {
    const path = await errand();
    await desk('POST', `${path}/comments`, { body: 'a supplier of ouagadougou', visibility: 'internal' });
    for (const client of [acme, desk]) {
      for (const q of ['ouagadougou', 'ouagad']) {
        expect((await client('GET', `/api/v1/tickets?q=${q}`)).body.items).toEqual([]);
      }
    }
  });

  it('refuses an internal comment of another party', async () => {
    const path = await errand();
    const { status, body } = await acme('POST', `${path}/comments`, { body: 'x', visibility: 'internal' });
    expect(status).toBe(403);
    expect(body.code).toBe('forbidden');
  });

  it('lets staff with tickets.write comment without a role, and nobody else', async () => {
    const path = await errand();
    expect((await editor('POST', `${path}/comments`, { body: 'x' })).status).toBe(201);
    const refused = await reader('POST', `${path}/comments`, { body: 'x' });
    expect(refused.status).toBe(403);
    expect(refused.body.permission).toBe('tickets.write');
    expect((await blue('POST', `${path}/comments`, { body: 'x' })).status).toBe(404);
    expect((await server.as({})('POST', `${path}/comments`, { body: 'x' })).status).toBe(403);
  });

  it.each([
    [{}, '/body'],
    [{ body: '' }, '/body'],
    [{ body: 'x'.repeat(10_001) }, '/body'],
    [{ body: 7 }, '/body'],
    [{ body: 'x', visibility: 'secret' }, '/visibility'],
  ])('refuses %o', async (comment, pointer) => {
    const path = await errand();
    const { status, body } = await acme('POST', `${path}/comments`, comment);
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('takes 10,000 characters, and refuses what no text can hold', async () => {
    const path = await errand();
    expect((await acme('POST', `${path}/comments`, { body: 'x'.repeat(10_000) })).status).toBe(201);
    expect((await acme('POST', `${path}/comments`, '{"body":"\\u0000"}')).status).toBe(400);
    expect((await acme('POST', `${path}/comments`, '{"body":"\\ud800"}')).status).toBe(400);
  });

  it('adds a comment once for the same key, and obeys If-Match', async () => {
    const path = await errand();
    const headers = { 'idempotency-key': `comment-${path}` };
    const first = await acme('POST', `${path}/comments`, { body: 'once' }, headers);
    const again = await acme('POST', `${path}/comments`, { body: 'once' }, headers);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await acme('POST', `${path}/comments`, { body: 'x' }, { 'if-match': '"1"' })).status).toBe(412);
    expect((await acme('GET', `${path}/timeline`)).body.items).toHaveLength(2);
  });
});

describe('GET /api/v1/tickets/{id}/timeline', () => {
  it('tells what happened, oldest first', async () => {
    const path = await errand({ color: 'red' });
    await desk('POST', `${path}/transitions`, { name: 'accept' });
    await acme('PATCH', path, { priority: 1 });
    await acme('POST', `${path}/comments`, { body: 'Hurry' });
    const { status, body } = await acme('GET', `${path}/timeline`);
    expect(status).toBe(200);
    expect(body.next).toBeNull();
    expect(body.items).toEqual([
      {
        type: 'ticket.created',
        at: '2026-03-02T09:00:00.000Z',
        name: 'ask',
        from: null,
        to: 'new',
        version: 1,
        actor: { id: 'ana', name: 'Ana', type: 'person', party: 'acme', role: 'requester' },
        contract: 'native',
        reason: null,
        data: expect.objectContaining({ color: 'red' }),
      },
      {
        type: 'ticket.transitioned',
        at: '2026-03-02T09:00:00.000Z',
        name: 'accept',
        from: 'new',
        to: 'open',
        version: 2,
        actor: { id: 'dee', name: 'Dee', type: 'person', party: 'default', role: 'resolver' },
        contract: 'native',
        reason: null,
        data: {},
      },
      expect.objectContaining({
        type: 'ticket.edited',
        name: null,
        from: 'open',
        to: 'open',
        version: 3,
        data: expect.objectContaining({ changed: { priority: 1 } }),
      }),
      expect.objectContaining({
        type: 'ticket.commented',
        version: 4,
        data: { body: 'Hurry', visibility: 'public' },
      }),
    ]);
  });

  it('gives every event once over pages', async () => {
    const path = await errand();
    for (let i = 0; i < 6; i += 1) {
      const visibility = i % 2 === 0 ? 'public' : 'internal';
      await desk('POST', `${path}/comments`, { body: `c${i}`, visibility });
    }
    const paged: (string | undefined)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `${path}/timeline?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await acme('GET', url);
      paged.push(...textsOf(body.items));
      cursor = body.next;
    }
    expect(paged).toEqual(['c0', 'c2', 'c4']);
  });

  it("refuses a bad limit, and another ticket's cursor", async () => {
    const path = await errand();
    const other = await errand();
    await acme('POST', `${path}/comments`, { body: 'x' });
    const { body } = await acme('GET', `${path}/timeline?limit=1`);
    expect((await acme('GET', `${other}/timeline?cursor=${body.next}`)).status).toBe(400);
    expect((await acme('GET', `${path}/timeline?cursor=x`)).status).toBe(400);
    expect((await acme('GET', `${path}/timeline?limit=201`)).status).toBe(400);
  });

  it('is not there for those who do not see the ticket', async () => {
    const path = await errand();
    expect((await blue('GET', `${path}/timeline`)).status).toBe(404);
    expect(
      (await server.as({ account: 'other', permissions: ['admin'] })('GET', `${path}/timeline`)).status,
    ).toBe(404);
  });
});
