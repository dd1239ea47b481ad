import { describe, expect, it } from 'vitest';
import { useNative } from '../fixture/errand.ts';

const server = useNative();
const acme = server.as({ id: 'ana', name: 'Ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', party: 'default' });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });
const editor = server.as({ id: 'edi', permissions: ['tickets.read', 'tickets.write'] });

async function errand(more: object = {}): Promise<{ id: string; key: string; path: string }> {
  const { body } = await acme('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand', ...more });
  return { id: body.id, key: body.key, path: `/api/v1/tickets/${body.id}` };
}

async function versionOf(path: string): Promise<number> {
  return (await acme('GET', path)).body.version;
}

describe('PATCH /api/v1/tickets/{id}', () => {
  it.each([['application/json'], ['application/merge-patch+json'], ['application/json; charset=utf-8']])(
    'edits with a merge patch sent as %s',
    async (type) => {
      const { path } = await errand();
      const patch = { title: 'New title', priority: 3, assignee: 'dee', tags: ['a', 'b'], unheard: 1 };
      const { status, headers, body } = await acme('PATCH', path, patch, { 'content-type': type });
      expect(status).toBe(200);
      expect(headers.etag).toBe('"2"');
      expect(body).toMatchObject({
        title: 'New title',
        priority: 3,
        assignee: 'dee',
        tags: ['a', 'b'],
        version: 2,
      });
      expect(JSON.stringify(body)).not.toContain('unheard');
      const { available: _now, links: _links, ...read } = (await acme('GET', path)).body;
      const { available: _then, ...answered } = body;
      expect(read).toEqual(answered);
    },
  );

  it('takes away with null what may be taken away', async () => {
    const { path } = await errand();
    await acme('PATCH', path, { assignee: 'dee', queue: 'q', tags: ['a'] });
    const { body } = await acme('PATCH', path, { assignee: null, tags: null });
    expect(body).toMatchObject({ assignee: null, queue: 'q', tags: [] });
    expect((await acme('PATCH', path, { title: null })).status).toBe(400);
  });

  it.each([[{}], [{ unheard: 1, state: 'done', version: 9 }]])(
    'changes nothing and makes no event for %o',
    async (patch) => {
      const { path } = await errand();
      const { status, headers, body } = await acme('PATCH', path, patch);
      expect(status).toBe(200);
      expect(headers.etag).toBe('"1"');
      expect(body).toMatchObject({ version: 1, state: 'new' });
      expect((await acme('GET', `${path}/timeline`)).body.items).toHaveLength(1);
    },
  );

  it('names every fault with its place', async () => {
    const { path } = await errand();
    const { status, body } = await acme('PATCH', path, { priority: 'high', tags: [1] });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/priority',
      '/tags/0',
    ]);
    expect((await acme('PATCH', path, { fault: 'is wrong' })).body.errors).toEqual([
      { pointer: '/fault', message: 'is wrong' },
    ]);
    expect(await versionOf(path)).toBe(1);
  });

  it('refuses other media types and bodies that are no object', async () => {
    const { path } = await errand();
    expect((await acme('PATCH', path, '[]', { 'content-type': 'application/json-patch+json' })).status).toBe(
      415,
    );
    expect((await acme('PATCH', path, 'title=x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await acme('PATCH', path, '[]')).status).toBe(400);
  });

  it('applies to the version that If-Match names, and to no other', async () => {
    const { path } = await errand();
    expect((await acme('PATCH', path, { priority: 2 }, { 'if-match': '"1"' })).status).toBe(200);
    const { status, body } = await acme('PATCH', path, { priority: 3 }, { 'if-match': '"1"' });
    expect(status).toBe(412);
    expect(body).toMatchObject({ code: 'versionMismatch', version: 2, state: 'new' });
    expect((await acme('PATCH', path, {}, { 'if-match': '"1"' })).status).toBe(412);
    expect((await acme('PATCH', path, { priority: 3 }, { 'if-match': 'soon' })).status).toBe(400);
  });

  it('loses none of many edits at once, and lets one of many with the same If-Match through', async () => {
    const { path } = await errand();
    const edits = Array.from({ length: 20 }, (_, i) => acme('PATCH', path, { color: `c${i}` }));
    for (const { status } of await Promise.all(edits)) expect(status).toBe(200);
    expect(await versionOf(path)).toBe(21);
    const races = Array.from({ length: 10 }, (_, i) =>
      acme('PATCH', path, { color: `d${i}` }, { 'if-match': '"21"' }),
    );
    const statuses = (await Promise.all(races)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  it('replays the first answer to the same key', async () => {
    const { path } = await errand();
    const headers = { 'idempotency-key': `edit-${path}`, 'if-match': '"1"' };
    const first = await acme('PATCH', path, { priority: 4 }, headers);
    const again = await acme('PATCH', path, { priority: 4 }, headers);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: '"2"' });
    expect((await acme('PATCH', path, {}, headers)).status).toBe(422);
    expect(await versionOf(path)).toBe(2);
  });

  it('lets staff with tickets.write edit without a role, and says so in history', async () => {
    const { path } = await errand();
    expect((await editor('PATCH', path, { assignee: 'edi' })).status).toBe(200);
    const { body } = await editor('GET', `${path}/timeline`);
    expect(body.items[1]).toMatchObject({
      type: 'ticket.edited',
      actor: { id: 'edi', role: 'staff' },
      data: { changed: { assignee: 'edi' } },
    });
  });

  it('refuses who sees the ticket without a role or tickets.write', async () => {
    const { path } = await errand();
    const { status, body } = await reader('PATCH', path, { assignee: 'rea' });
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', permission: 'tickets.write' });
    // tickets.write is for the account's own staff; another party's ticket is not even there.
    const foreign = server.as({ party: 'blue', permissions: ['tickets.write'] });
    expect((await foreign('PATCH', path, { assignee: 'x' })).status).toBe(404);
    expect((await server.as({})('PATCH', path, { assignee: 'x' })).status).toBe(403);
  });

  it('is refused on a ticket that is not there', async () => {
    const { path } = await errand();
    expect((await blue('PATCH', path, { title: 'x' })).body.code).toBe('ticketNotFound');
    expect((await acme('PATCH', '/api/v1/tickets/RED-99999', { title: 'x' })).status).toBe(404);
  });

  it('refuses a unique reference that another ticket has', async () => {
    const first = await errand({ uniqueKey: 'mine' });
    const { path } = await errand();
    const { status, body } = await acme('PATCH', path, { uniqueKey: 'mine' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'duplicate', key: first.key });
  });
});

describe('POST /api/v1/tickets/{id}/transitions', () => {
  const move = (client: typeof acme, path: string, name: string, input?: object, headers = {}) =>
    client('POST', `${path}/transitions`, { name, ...(input && { input }) }, headers);

  it('does a transition and answers with the ticket', async () => {
    const { path } = await errand();
    const { status, headers, body } = await move(desk, path, 'accept');
    expect(status).toBe(200);
    expect(headers.etag).toBe('"2"');
    expect(body).toMatchObject({ state: 'open', stateLabel: 'Open', category: 'active', version: 2 });
    const waiting = await move(desk, path, 'wait', { question: 'When?', unheard: 1 });
    expect(waiting.body.timers).toHaveLength(2);
    expect(JSON.stringify(waiting.body)).not.toContain('unheard');
    const done = await move(acme, path, 'withdraw');
    expect(done.body).toMatchObject({ state: 'done', timers: [], closedAt: expect.any(String) });
  });

  it('lists the transitions when the name is none of them', async () => {
    const { path } = await errand();
    for (const name of ['fly', 'ask', 'constructor']) {
      const { status, body } = await move(desk, path, name);
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        {
          pointer: '/name',
          message: 'must be one of accept, wait, answer, note, resolve, withdraw, remind, giveUp, reopen',
        },
      ]);
    }
  });

  it('says what is missing or wrong in the input, with its place', async () => {
    const { path } = await errand();
    await move(desk, path, 'accept');
    expect((await move(desk, path, 'wait')).body.errors).toEqual([
      { pointer: '/input/question', message: 'is required for this transition' },
    ]);
    expect((await move(desk, path, 'wait', { question: 7 })).body.errors).toEqual([
      { pointer: '/input/question', message: 'must be a string' },
    ]);
    expect((await move(desk, path, 'note', { fault: 'is wrong' })).body.errors).toEqual([
      { pointer: '/input/fault', message: 'is wrong' },
    ]);
    expect((await move(desk, path, '')).status).toBe(400);
    expect((await desk('POST', `${path}/transitions`, { name: 'note', input: [] })).status).toBe(400);
    expect(await versionOf(path)).toBe(2);
  });

  it('refuses what the present state does not allow, and tells what it allows', async () => {
    const { path } = await errand();
    const { status, body } = await move(desk, path, 'resolve', { outcome: 'x', spentMinutes: 1 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'invalidTransition',
      state: 'new',
      allowed: ['accept', 'note'],
    });
  });

  it("refuses the other side's transition, and tells what the caller may do", async () => {
    const { path } = await errand();
    const { status, body } = await move(acme, path, 'accept');
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'notYourTransition', state: 'new', allowed: ['note', 'withdraw'] });
  });

  it("refuses a timer's transition before its time", async () => {
    const { path } = await errand();
    await move(desk, path, 'accept');
    await move(desk, path, 'wait', { question: 'When?' });
    const { status, body } = await move(desk, path, 'giveUp');
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'invalidTransition', notBefore: expect.any(String) });
  });

  it('refuses staff without a role, even with tickets.write', async () => {
    const { path } = await errand();
    const { status, body } = await move(editor, path, 'note');
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', detail: 'You play no role on this ticket.' });
  });

  it('is refused on a ticket that the caller does not see', async () => {
    const { path } = await errand();
    expect((await move(blue, path, 'note')).status).toBe(404);
    expect((await move(server.as({}), path, 'note')).status).toBe(403);
  });

  it('replays the first answer to the same key, though the state has moved on', async () => {
    const { path } = await errand();
    const headers = { 'idempotency-key': `accept-${path}` };
    const first = await move(desk, path, 'accept', undefined, headers);
    const again = await move(desk, path, 'accept', undefined, headers);
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await move(desk, path, 'accept')).status).toBe(409);
  });

  it('obeys If-Match', async () => {
    const { path } = await errand();
    await move(desk, path, 'accept');
    expect((await move(desk, path, 'note', {}, { 'if-match': '"1"' })).status).toBe(412);
    expect((await move(desk, path, 'note', {}, { 'if-match': '"2"' })).status).toBe(200);
  });

  it('lets exactly one of two opposite transitions at once win', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { path } = await errand();
      await move(desk, path, 'accept');
      const [resolved, withdrawn] = await Promise.all([
        move(desk, path, 'resolve', { outcome: 'done', spentMinutes: 5 }),
        move(acme, path, 'withdraw'),
      ]);
      expect([resolved.status, withdrawn.status].sort()).toEqual([200, 409]);
      expect((await acme('GET', path)).body.version).toBe(3);
    }
  });
});
