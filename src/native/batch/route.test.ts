import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useNative } from '../fixture/errand.ts';

const server = useNative();
const acme = server.as({ id: 'ana', party: 'acme' });
const desk = server.as({ id: 'dee', party: 'default' });
const blue = server.as({ id: 'bo', party: 'blue' });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });

const batch = (items: unknown[], more: object = {}, headers = {}, client = acme) =>
  client('POST', '/api/v1/tickets/batch', { items, ...more }, headers);

const creation = (title: string, more: object = {}) => ({ op: 'create', kind: 'errand', title, ...more });

async function errand(more: object = {}): Promise<{ id: string; key: string }> {
  const { body } = await acme('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand', ...more });
  return body;
}

const countOf = async (query: string): Promise<number> =>
  (await reader('GET', `/api/v1/tickets?${query}&count=exact&limit=1`)).body.count;

const read = async (key: string) => (await reader('GET', `/api/v1/tickets/${key}`)).body;

describe('POST /api/v1/tickets/batch', () => {
  it('does every kind of thing, with a result for each in their order', async () => {
    const ticket = await errand();
    const { status, body } = await batch([
      creation('Made', { uniqueKey: 'b-1' }),
      { op: 'transition', ticket: ticket.key, name: 'note', input: { text: 'hello' } },
      { op: 'edit', ticket: ticket.id, patch: { priority: 2, assignee: 'x' }, ifMatch: 2 },
      { op: 'comment', ticket: ticket.key, body: 'Done?' },
      { op: 'edit', ticket: ticket.key, patch: { unheard: 1 } },
    ]);
    expect(status).toBe(200);
    const { id, key } = ticket;
    expect(body).toEqual({
      succeeded: 5,
      failed: 0,
      results: [
        {
          index: 0,
          status: 201,
          id: expect.any(String),
          key: expect.stringMatching(/^RED-\d+$/),
          version: 1,
        },
        { index: 1, status: 200, id, key, version: 2 },
        { index: 2, status: 200, id, key, version: 3 },
        { index: 3, status: 200, id, key, version: 4 },
        { index: 4, status: 200, id, key, version: 4 },
      ],
    });
    expect(await read(key)).toMatchObject({ priority: 2, assignee: 'x', version: 4 });
    expect(await read(body.results[0].id)).toMatchObject({ title: 'Made', issuer: 'acme', version: 1 });
    const timeline = await acme('GET', `/api/v1/tickets/${key}/timeline`);
    expect(timeline.body.items.map(({ version }: { version: number }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('refuses items one by one, each as its own request would be', async () => {
    const taken = await errand({ uniqueKey: 'b-2' });
    const foreign = (await blue('POST', '/api/v1/tickets', { kind: 'errand', title: 'Of blue' })).body;
    const { status, body } = await batch([
      creation('Good'),
      creation(''),
      { op: 'create', kind: 'parcel' },
      creation('Twin', { uniqueKey: 'b-2' }),
      creation('Stranger', { owner: 'strangers' }),
      creation('Faulty', { fault: 'is wrong' }),
      { op: 'fly' },
      7,
      { op: 'transition', ticket: taken.key, name: 'accept' },
      { op: 'transition', ticket: taken.key, name: 'answer' },
      { op: 'transition', ticket: taken.key, name: 'fly' },
      { op: 'transition', ticket: taken.key, name: 'note', input: { fault: 'is wrong' } },
      { op: 'transition', ticket: foreign.key, name: 'note' },
      { op: 'edit', ticket: 'RED-99999', patch: {} },
      { op: 'edit', ticket: taken.key, patch: { priority: 'high' } },
      { op: 'edit', ticket: taken.key, patch: { priority: 1 }, ifMatch: 7 },
      { op: 'comment', ticket: taken.key },
      { op: 'comment', body: 'x' },
      creation('Good too'),
    ]);
    expect(status).toBe(200);
    const seen = body.results.map(
      ({
        status: own,
        error,
      }: {
        status: number;
        error?: { code: string; errors?: { pointer: string }[] };
      }) => (error ? [own, error.code, ...(error.errors ?? []).map(({ pointer }) => pointer)] : [own]),
    );
    expect(seen).toEqual([
      [201],
      [400, 'invalidRequest', '/items/1/title'],
      [400, 'invalidRequest', '/items/2/kind'],
      [409, 'duplicate'],
      [403, 'unknownParty'],
      [400, 'invalidRequest', '/items/5/fault'],
      [400, 'invalidRequest', '/items/6/op'],
      [400, 'invalidRequest', '/items/7'],
      [403, 'notYourTransition'],
      [409, 'invalidTransition'],
      [400, 'invalidRequest', '/items/10/name'],
      [400, 'invalidRequest', '/items/11/input/fault'],
      [404, 'ticketNotFound'],
      [404, 'ticketNotFound'],
      [400, 'invalidRequest', '/items/14/patch/priority'],
      [412, 'versionMismatch'],
      [400, 'invalidRequest', '/items/16/body'],
      [400, 'invalidRequest', '/items/17/ticket'],
      [201],
    ]);
    expect(body).toMatchObject({ succeeded: 2, failed: 17 });
    expect(body.results[3].error).toMatchObject({ key: taken.key, status: 409 });
    expect(body.results[9].error).toMatchObject({ state: 'new', allowed: ['note', 'withdraw'] });
    expect(await read(taken.key)).toMatchObject({ version: 1 });
  });

  it('decides items on one ticket in their order', async () => {
    const { key } = await errand();
    const move = (name: string, input: object = {}) => ({ op: 'transition', ticket: key, name, input });
    const { body } = await batch(
      [
        move('wait', { question: 'Too early' }),
        move('accept'),
        move('wait', { question: 'When?' }),
        move('resolve', { outcome: 'good', spentMinutes: 3 }),
        move('note'),
      ],
      {},
      {},
      desk,
    );
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([409, 200, 200, 200, 409]);
    expect(await read(key)).toMatchObject({ state: 'done', version: 4, timers: [] });
    expect((await reader('GET', `/api/v1/timers?ticket=${key}`)).body.items).toEqual([]);
  });

  it('keeps one of two creations with the same unique reference in one batch', async () => {
    const { body } = await batch([
      creation('First', { uniqueKey: 'b-3' }),
      creation('Second', { uniqueKey: 'b-3' }),
    ]);
    expect(body.results[0].status).toBe(201);
    expect(body.results[1]).toMatchObject({
      status: 409,
      error: { code: 'duplicate', key: body.results[0].key },
    });
  });

  it('refuses alone the edit that takes a unique reference from another ticket', async () => {
    await errand({ uniqueKey: 'b-4' });
    const first = await errand();
    const second = await errand();
    const edit = (ticket: string, patch: object) => ({ op: 'edit', ticket, patch });
    const { body } = await batch([
      creation('Beside'),
      edit(first.key, { uniqueKey: 'b-4' }),
      edit(first.key, { color: 'red' }),
      edit(second.key, { uniqueKey: 'b-5' }),
    ]);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([201, 409, 200, 200]);
    expect(body.results[1].error.code).toBe('duplicate');
    expect(await read(first.key)).toMatchObject({ version: 2, fields: { color: 'red' } });
  });

  it.each([[{}], [{ 'idempotency-key': 'unstorable' }]])(
    'keeps the other items where one cannot be stored, with the headers %o',
    async (headers) => {
      const uniqueKey = randomBytes(10_000).toString('hex');
      const { status, body } = await batch(
        [creation('a'), creation('b', { uniqueKey }), creation('c')],
        {},
        headers,
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ succeeded: 2, failed: 1 });
      expect(body.results[1].error).toMatchObject({
        code: 'internalError',
        detail: 'This item could not be stored; the log says why.',
      });
      expect(await countOf(`createdAfter=2020-01-01T00:00:00Z&q=${body.results[2].key}`)).toBe(1);
    },
  );

  it('does up to 500 things on one ticket', async () => {
    const { key } = await errand();
    const items = Array.from({ length: 502 }, (_, i) => ({ op: 'comment', ticket: key, body: `n${i}` }));
    const { body } = await batch(items);
    expect(body).toMatchObject({ succeeded: 500, failed: 2 });
    expect(body.results[499]).toEqual({ index: 499, status: 200, id: expect.any(String), key, version: 501 });
    expect(body.results[500].error.detail).toBe('At most 500 items of a batch may be on one ticket.');
  }, 60_000);

  it('writes an atomic batch whole', async () => {
    const { key } = await errand();
    const { status, body } = await batch([creation('a'), { op: 'comment', ticket: key, body: 'b' }], {
      atomic: true,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ succeeded: 2, failed: 0 });
  });

  it.each([
    ['a fault of the input', creation('')],
    ['a refusal of the core', { op: 'transition', ticket: 'RED-1', name: 'answer' }],
    ['a unique reference that is taken', creation('Twin', { uniqueKey: 'b-6' })],
    ['an unknown party', creation('Stranger', { owner: 'strangers' })],
  ])('writes nothing of an atomic batch with %s', async (_what, bad) => {
    if (!(await countOf('externalReference=holder'))) {
      await errand({ uniqueKey: 'b-6', externalReference: 'holder' });
    }
    const { key } = await errand();
    const before = await countOf('');
    const many = Array.from({ length: 600 }, (_, i) => creation(`Many ${i}`));
    const { status, headers, body } = await batch(
      [...many, { op: 'comment', ticket: key, body: 'b' }, bad, creation(''), ...many],
      { atomic: true },
    );
    expect(status).toBe(409);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'batchAborted', status: 409 });
    expect(body.detail).toBe('2 of 1203 items were refused, so nothing was written.');
    expect(body.results).toHaveLength(1203);
    expect(body.results[0]).toMatchObject({ index: 0, status: 409, error: { code: 'batchAborted' } });
    expect(body.results[601].error.code).not.toBe('batchAborted');
    expect(body.results[602].error.errors).toEqual([
      { pointer: '/items/602/title', message: 'must have at least 1 character' },
    ]);
    expect(await countOf('')).toBe(before);
    expect((await read(key)).version).toBe(1);
  });

  it('writes 10,000 items, in their order, and refuses one more', async () => {
    const items = Array.from({ length: 10_000 }, (_, i) =>
      creation(`Ten thousand ${i}`, { customer: 'bulk' }),
    );
    const { status, body } = await batch(items);
    expect(status).toBe(200);
    expect(body).toMatchObject({ succeeded: 10_000, failed: 0 });
    const keys = new Set(body.results.map(({ key }: { key: string }) => key));
    expect(keys.size).toBe(10_000);
    const ids = body.results.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(await countOf('customer=bulk')).toBe(10_000);
    const [newest] = (await reader('GET', '/api/v1/tickets?customer=bulk&limit=1')).body.items;
    expect(newest.title).toBe('Ten thousand 9999');
    const tooMany = await batch([...items, creation('x')]);
    expect(tooMany.status).toBe(400);
    expect(tooMany.body.errors).toEqual([{ pointer: '/items', message: 'must have at most 10000 items' }]);
  }, 60_000);

  it.each([
    [{}, '/items'],
    [{ items: [] }, '/items'],
    [{ items: 'all' }, '/items'],
    [{ items: [{}], atomic: 'yes' }, '/atomic'],
  ])('refuses %o', async (body, pointer) => {
    const answer = await acme('POST', '/api/v1/tickets/batch', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('takes bodies beyond 1 MB and refuses those beyond 25 MB', async () => {
    const text = 'x'.repeat(200);
    const items = Array.from({ length: 5_000 }, () => creation(text, { text }));
    expect((await batch(items)).status).toBe(200);
    const huge = `{"items":[],"padding":"${'x'.repeat(25 * 1024 ** 2)}"}`;
    expect((await acme('POST', '/api/v1/tickets/batch', huge)).status).toBe(413);
  }, 60_000);
});

describe('a batch with an Idempotency-Key', () => {
  it('is done once, and answered again with every result', async () => {
    const { key } = await errand();
    const items = [creation('Once'), { op: 'comment', ticket: key, body: 'once' }, creation('')];
    const headers = { 'idempotency-key': 'batch-1' };
    const first = await batch(items, {}, headers);
    const again = await batch(items, {}, headers);
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await read(key)).version).toBe(2);
    const other = await batch([creation('Other')], {}, headers);
    expect(other.status).toBe(422);
    expect(await countOf('q=once')).toBe(2);
  });

  it('leaves no record when it was refused as a whole', async () => {
    const headers = { 'idempotency-key': 'batch-2' };
    const items = [creation('Late', { uniqueKey: 'b-7' }), { op: 'fly' }];
    expect((await batch(items, { atomic: true }, headers)).status).toBe(409);
    expect((await batch(items.slice(0, 1), { atomic: true }, headers)).status).toBe(200);
  });
});

describe('batches at once', () => {
  it('lose nothing, whatever tickets they share and in whatever order', async () => {
    const made = await batch(Array.from({ length: 50 }, (_, i) => creation(`Shared ${i}`)));
    const keys: string[] = made.body.results.map(({ key }: { key: string }) => key);
    const notes = (order: string[]) =>
      batch(order.map((ticket) => ({ op: 'comment', ticket, body: 'note' })));
    const singles = keys.map((key) => acme('PATCH', `/api/v1/tickets/${key}`, { color: 'blue' }));
    const answers = await Promise.all([
      ...singles,
      notes(keys),
      notes(keys.toReversed()),
      notes(keys),
      notes(keys.toReversed()),
    ]);
    for (const { status } of answers) expect(status).toBe(200);
    for (const { body } of answers.slice(-4)) expect(body).toMatchObject({ succeeded: 50, failed: 0 });
    for (const key of keys) expect(await read(key)).toMatchObject({ version: 6, fields: { color: 'blue' } });
  }, 30_000);

  it('keep each unique reference once, in whatever order they bring them', async () => {
    const items = Array.from({ length: 100 }, (_, i) =>
      creation(`Raced ${i}`, { uniqueKey: `raced-${i}`, customer: 'raced' }),
    );
    const answers = await Promise.all([
      batch(items),
      batch(items.toReversed()),
      batch(items),
      batch(items.toReversed()),
    ]);
    const succeeded = answers.map(({ status, body }) => {
      expect(status).toBe(200);
      return body.succeeded as number;
    });
    expect(succeeded.reduce((a, b) => a + b)).toBe(100);
    expect(await countOf('customer=raced')).toBe(100);
  }, 30_000);
});
