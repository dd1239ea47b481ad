import { beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { errandKind } from '../../../test/kind.ts';
import { useNative } from '../fixture/errand.ts';

const clock = createTestClock();
const server = useNative(clock);
const acme = server.as({ id: 'ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', party: 'default' });
const staff = server.as({ id: 'stu', permissions: ['tickets.read'] });

type Listed = { key: string; title: string; version: number };

async function list(query: string, client = staff): Promise<string[]> {
  const { status, body } = await client('GET', `/api/v1/tickets?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map(({ title }: Listed) => title);
}

const made = new Map<string, { id: string; key: string }>();

async function create(client: typeof acme, title: string, more: object = {}): Promise<void> {
  const { status, body } = await client('POST', '/api/v1/tickets', { kind: 'errand', title, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  made.set(title, body);
  clock.advance(60_000);
}

/** Six tickets a minute apart from 09:00: four of acme (one of them for blue), two of blue. */
beforeAll(async () => {
  await create(acme, 'one', { priority: 1, tags: ['hot', 'wet'], customer: 'c1', externalReference: 'X-1' });
  await create(acme, 'two', { priority: 2, text: 'a leaking faucet' });
  await create(acme, 'three', { owner: 'blue' });
  await create(blue, 'four', { text: 'the chimney smokes' });
  await create(blue, 'five');
  await create(acme, 'six');
  const four = made.get('four')?.key;
  await desk('POST', `/api/v1/tickets/${four}/transitions`, { name: 'accept' });
  await desk('POST', `/api/v1/tickets/${four}/transitions`, { name: 'wait', input: { question: 'When?' } });
  clock.advance(60_000);
  const admin = server.as({ id: 'ada', permissions: ['admin'] });
  await admin('PATCH', `/api/v1/tickets/${made.get('two')?.key}`, { assignee: 'dee', queue: 'q1' });
});

describe('GET /api/v1/tickets', () => {
  it('shows staff with tickets.read all tickets, newest first', async () => {
    expect(await list('')).toEqual(['six', 'five', 'four', 'three', 'two', 'one']);
  });

  it('shows a party the tickets in which it takes part, on either side', async () => {
    expect(await list('', acme)).toEqual(['six', 'three', 'two', 'one']);
    expect(await list('', blue)).toEqual(['five', 'four', 'three']);
    expect(await list('', desk)).toEqual(['six', 'five', 'four', 'two', 'one']);
  });

  it("shows nothing of another account's tickets", async () => {
    expect(await list('', server.as({ account: 'other', party: 'acme' }))).toEqual([]);
    expect(await list('', server.as({ account: 'other', permissions: ['admin'] }))).toEqual([]);
  });

  it('refuses a caller without party and permission, and names the permission', async () => {
    const { status, body } = await server.as({ permissions: ['timers.fire'] })('GET', '/api/v1/tickets');
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', permission: 'tickets.read' });
  });

  it("does not let another party's people read all with tickets.read", async () => {
    const client = server.as({ party: 'blue', permissions: ['tickets.read'] });
    expect(await list('', client)).toEqual(['five', 'four', 'three']);
  });

  it.each([
    ['kind=errand', ['six', 'five', 'four', 'three', 'two', 'one']],
    ['kind=parcel', []],
    ['state=waiting', ['four']],
    ['state=waiting,new&sort=createdAt&limit=3', ['one', 'two', 'three']],
    ['category=waiting', ['four']],
    ['assignee=dee', ['two']],
    ['queue=q1', ['two']],
    ['priority=1', ['one']],
    ['tag=wet', ['one']],
    ['customer=c1', ['one']],
    ['externalReference=X-1', ['one']],
    ['createdAfter=2026-03-02T09:03:00Z', ['six', 'five']],
    ['createdBefore=2026-03-02T09:01:00Z', ['one']],
    ['updatedAfter=2026-03-02T09:05:30Z', ['four', 'two']],
    ['updatedBefore=2026-03-02T09:01:00Z', ['one']],
    ['q=faucet', ['two']],
    ['q=leak+fauc', ['two']],
    ['q=nothing', []],
    ['q=%21%21', []],
    ['sort=createdAt', ['one', 'two', 'three', 'four', 'five', 'six']],
    ['sort=-updatedAt', ['two', 'four', 'six', 'five', 'three', 'one']],
    ['sort=updatedAt&limit=2', ['one', 'three']],
    ['sort=dueAt', ['four']],
    ['overdue=true', []],
  ])('narrows by %s', async (query, titles) => {
    expect(await list(query)).toEqual(titles);
  });

  it.each([['createdAt'], ['-createdAt'], ['updatedAt'], ['-updatedAt']])(
    'gives every ticket once over pages sorted by %s',
    async (sort) => {
      for (const client of [staff, acme]) {
        const whole = await list(`sort=${sort}`, client);
        const paged: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const query: string = `sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`;
          const { body } = await client('GET', `/api/v1/tickets?${query}`);
          paged.push(...body.items.map(({ title }: Listed) => title));
          cursor = body.next;
        }
        expect(paged).toEqual(whole);
      }
    },
  );

  it('counts only when it is asked to', async () => {
    const count = async (query: string) => (await acme('GET', `/api/v1/tickets?${query}`)).body.count;
    expect(await count('limit=1')).toBeUndefined();
    expect(await count('limit=1&count=exact')).toBe(4);
    expect(await count('limit=1&count=estimate')).toEqual(expect.any(Number));
    expect(await count('q=%21&count=exact')).toBe(0);
    const narrow = 'kind=errand&state=new&category=initial&createdAfter=2000-01-01T00:00:00Z';
    expect(await count(`${narrow}&count=estimate`)).toBeGreaterThanOrEqual((await list(narrow, acme)).length);
  });

  it.each([
    ['limit=0', '/query/limit'],
    ['limit=201', '/query/limit'],
    ['limit=many', '/query/limit'],
    ['sort=title', '/query/sort'],
    ['category=lost', '/query/category'],
    ['priority=high', '/query/priority'],
    ['overdue=maybe', '/query/overdue'],
    ['createdAfter=yesterday', '/query/createdAfter'],
    ['count=roughly', '/query/count'],
    ['cursor=abc', '/query/cursor'],
    ['q=', '/query/q'],
    ['kind=a&kind=b', '/query/kind'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await staff('GET', `/api/v1/tickets?${query}`);
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('refuses a cursor of a list with other filters or in another order', async () => {
    const { body } = await staff('GET', '/api/v1/tickets?kind=errand&limit=2');
    expect((await staff('GET', `/api/v1/tickets?kind=errand&limit=3&cursor=${body.next}`)).status).toBe(200);
    for (const query of ['limit=2', 'kind=errand&sort=createdAt', 'kind=errand&state=new']) {
      const answer = await staff('GET', `/api/v1/tickets?${query}&cursor=${body.next}`);
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].pointer).toBe('/query/cursor');
    }
  });
});

describe('GET /api/v1/tickets/{id}', () => {
  it('finds a ticket by UUID and by human key, with its version as ETag', async () => {
    const { id, key } = made.get('four') ?? { id: '', key: '' };
    const byKey = await blue('GET', `/api/v1/tickets/${key}`);
    const byId = await blue('GET', `/api/v1/tickets/${id.toUpperCase()}`);
    expect(byKey.status).toBe(200);
    expect(byKey.headers.etag).toBe('"3"');
    expect(byId.body).toEqual(byKey.body);
    expect(byKey.body.timers.map(({ name }: { name: string }) => name)).toEqual(['reminder', 'patience']);
    expect(byKey.body.dueAt).toBe(byKey.body.timers[0].dueAt);
  });

  it('says of every transition whether the caller may do it now, and if not, why', async () => {
    const { body } = await desk('GET', `/api/v1/tickets/${made.get('four')?.key}`);
    expect(body.available).toHaveLength(Object.keys(errandKind.workflow.transitions).length - 1);
    const of = (name: string) => body.available.find((one: { name: string }) => one.name === name);
    expect(of('resolve')).toEqual({
      name: 'resolve',
      label: 'Resolve',
      to: 'done',
      requires: ['outcome', 'spentMinutes'],
      allowed: true,
      why: null,
    });
    expect(of('giveUp')).toMatchObject({ allowed: false, why: expect.stringContaining('may be done from') });
    expect(of('accept')).toMatchObject({ allowed: false, why: 'accept cannot be done from waiting.' });
  });

  it('says to staff without a role that it may do nothing', async () => {
    const { body } = await staff('GET', `/api/v1/tickets/${made.get('four')?.key}`);
    expect(body.available.every(({ allowed }: { allowed: boolean }) => !allowed)).toBe(true);
    expect(body.available[0].why).toBe('You play no role on this ticket.');
  });

  it('is not there for other parties, other accounts and nobody', async () => {
    const { id, key } = made.get('four') ?? { id: '', key: '' };
    for (const client of [acme, server.as({ account: 'other', party: 'blue', permissions: ['admin'] })]) {
      for (const ref of [id, key]) {
        const { status, body } = await client('GET', `/api/v1/tickets/${ref}`);
        expect(status).toBe(404);
        expect(body.code).toBe('ticketNotFound');
      }
    }
    expect((await server.as({})('GET', `/api/v1/tickets/${key}`)).status).toBe(403);
    for (const ref of ['RED-99999', 'nonsense', '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a', 'RED-1%00']) {
      expect([400, 404]).toContain((await staff('GET', `/api/v1/tickets/${ref}`)).status);
    }
  });
});

describe('when a timer is past due', () => {
  it('lists its ticket as overdue', async () => {
    clock.advance(31 * 60_000);
    expect(await list('overdue=true')).toEqual(['four']);
  });
});
