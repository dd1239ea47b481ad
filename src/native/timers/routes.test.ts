import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { useNative } from '../fixture/errand.ts';

const clock = createTestClock();
const server = useNative(clock);
const acme = server.as({ id: 'ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', party: 'default' });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });
const firer = server.as({ id: 'fay', name: 'Fay', permissions: ['tickets.read', 'timers.fire'] });

/** An errand that waits for an answer, so that its two timers run. */
async function waiting(more: object = {}): Promise<{ id: string; key: string; path: string }> {
  const created = await acme('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand', ...more });
  const { id, key } = created.body;
  const path = `/api/v1/tickets/${id}`;
  await desk('POST', `${path}/transitions`, { name: 'accept' });
  await desk('POST', `${path}/transitions`, { name: 'wait', input: { question: 'When?' } });
  return { id, key, path };
}

async function timersOf(key: string, client = reader) {
  const { status, body } = await client('GET', `/api/v1/timers?ticket=${key}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
}

describe('GET /api/v1/timers', () => {
  it('lists pending timers, due next first, and explains each', async () => {
    const startedAt = clock.now().toISOString();
    const { id, key } = await waiting();
    const items = await timersOf(key);
    expect(items).toEqual([
      {
        id: expect.any(String),
        name: 'reminder',
        label: 'Reminder',
        ticket: { id, key, kind: 'errand' },
        fires: { name: 'remind', label: 'Remind', to: null },
        setting: 'errand.reminder',
        startedAt,
        dueAt: new Date(clock.now().getTime() + 30 * 60_000).toISOString(),
        isOverdue: false,
        attempts: 0,
        lastError: null,
        why: `“Reminder” has been running since ${startedAt}; it lasts 30 minutes by the setting errand.reminder and then does “Remind”.`,
      },
      expect.objectContaining({ name: 'patience', fires: { name: 'giveUp', label: 'Give up', to: 'done' } }),
    ]);
  });

  it('gives every timer once over pages, and narrows by kind and ticket', async () => {
    for (let i = 0; i < 3; i += 1) {
      await waiting();
      clock.advance(1000);
    }
    const whole = (await reader('GET', '/api/v1/timers?kind=errand&limit=200')).body.items;
    const paged: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/api/v1/timers?kind=errand&limit=3${cursor && `&cursor=${cursor}`}`;
      const { body } = await reader('GET', url);
      paged.push(...body.items);
      cursor = body.next;
    }
    expect(paged).toEqual(whole);
    expect(whole.map(({ dueAt }: { dueAt: string }) => dueAt)).toEqual(
      whole.map(({ dueAt }: { dueAt: string }) => dueAt).sort(),
    );
    expect((await reader('GET', '/api/v1/timers?kind=parcel')).body).toEqual({ items: [], next: null });
    const { body } = await reader('GET', '/api/v1/timers?limit=1');
    expect((await reader('GET', `/api/v1/timers?kind=errand&cursor=${body.next}`)).status).toBe(400);
  });

  it("shows a party the timers of its own tickets, and refuses those of others' tickets", async () => {
    const { key } = await waiting();
    expect(await timersOf(key, acme)).toHaveLength(2);
    expect((await blue('GET', `/api/v1/timers?ticket=${key}`)).status).toBe(404);
    expect((await blue('GET', '/api/v1/timers')).body.items).toEqual([]);
    expect((await server.as({})('GET', '/api/v1/timers')).status).toBe(403);
    expect(
      (await server.as({ account: 'other', permissions: ['admin'] })('GET', '/api/v1/timers')).body.items,
    ).toEqual([]);
  });

  it('refuses a bad limit and a bad cursor', async () => {
    expect((await reader('GET', '/api/v1/timers?limit=0')).status).toBe(400);
    expect((await reader('GET', '/api/v1/timers?cursor=x')).status).toBe(400);
  });
});

describe('POST /api/v1/timers/{id}/fire', () => {
  it('does at once what the timer would do later, and says in history who fired it', async () => {
    const { key, path } = await waiting();
    const [, patience] = await timersOf(key);
    const { status, headers, body } = await firer('POST', `/api/v1/timers/${patience.id}/fire`);
    expect(status).toBe(200);
    expect(headers.etag).toBe('"4"');
    expect(body).toMatchObject({ key, state: 'done', timers: [] });
    const { body: timeline } = await reader('GET', `${path}/timeline`);
    expect(timeline.items[3]).toMatchObject({
      name: 'giveUp',
      actor: { id: 'fay', name: 'Fay', type: 'system', role: 'timer' },
      contract: 'native',
    });
    expect(await timersOf(key)).toEqual([]);
  });

  it('leaves other timers of the ticket running', async () => {
    const { key } = await waiting();
    const [reminder] = await timersOf(key);
    const { body } = await firer('POST', `/api/v1/timers/${reminder.id}/fire`);
    expect(body).toMatchObject({ state: 'waiting', timers: [{ name: 'patience' }] });
  });

  it('refuses a timer that has fired, was cancelled or never was', async () => {
    const { key, path } = await waiting();
    const [reminder, patience] = await timersOf(key);
    await firer('POST', `/api/v1/timers/${reminder.id}/fire`);
    await acme('POST', `${path}/transitions`, { name: 'answer' });
    for (const id of [reminder.id, patience.id, '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a']) {
      const { status, body } = await firer('POST', `/api/v1/timers/${id}/fire`);
      expect(status).toBe(404);
      expect(body.code).toBe('timerNotFound');
    }
    expect((await firer('POST', '/api/v1/timers/soon/fire')).status).toBe(400);
  });

  it('fires a timer once, however many ask at once', async () => {
    const { key } = await waiting();
    const [, patience] = await timersOf(key);
    const asks = Array.from({ length: 8 }, () => firer('POST', `/api/v1/timers/${patience.id}/fire`));
    const statuses = (await Promise.all(asks)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 404)]);
  });

  it('replays the first answer to the same key, though the timer is gone', async () => {
    const { key } = await waiting();
    const [, patience] = await timersOf(key);
    const headers = { 'idempotency-key': `fire-${key}` };
    const first = await firer('POST', `/api/v1/timers/${patience.id}/fire`, undefined, headers);
    const again = await firer('POST', `/api/v1/timers/${patience.id}/fire`, undefined, headers);
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('obeys If-Match', async () => {
    const { key } = await waiting();
    const [, patience] = await timersOf(key);
    const url = `/api/v1/timers/${patience.id}/fire`;
    expect((await firer('POST', url, undefined, { 'if-match': '"1"' })).status).toBe(412);
    expect((await firer('POST', url, undefined, { 'if-match': '"3"' })).status).toBe(200);
  });

  it('needs the permission timers.fire, and a ticket that the caller sees', async () => {
    const { key } = await waiting();
    const [, patience] = await timersOf(key);
    const url = `/api/v1/timers/${patience.id}/fire`;
    const { status, body } = await reader('POST', url);
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', permission: 'timers.fire' });
    const stranger = server.as({ party: 'blue', permissions: ['timers.fire'] });
    expect((await stranger('POST', url)).status).toBe(404);
    const elsewhere = server.as({ account: 'other', permissions: ['admin'] });
    expect((await elsewhere('POST', url)).status).toBe(404);
    expect(await timersOf(key)).toHaveLength(2);
  });
});
