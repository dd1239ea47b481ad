import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { useNative } from '../fixture/errand.ts';

const server = useNative(createTestClock());
const acme = server.as({ id: 'ana', name: 'Ana', party: 'acme' });

const create = (body: unknown, headers?: Record<string, string>) =>
  acme('POST', '/api/v1/tickets', body, headers);

describe('POST /api/v1/tickets', () => {
  it('creates a ticket and says where it is, which version, and what the caller may do next', async () => {
    const { status, headers, body } = await create({
      kind: 'errand',
      title: 'Fetch the parcel',
      priority: 2,
      color: 'red',
      owner: 'blue',
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/tickets/${body.id}`);
    expect(headers.etag).toBe('"1"');
    const { available, ...ticket } = body;
    expect(ticket).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key: `RED-${body.number}`,
      kind: 'errand',
      number: expect.any(Number),
      state: 'new',
      stateLabel: 'New',
      category: 'initial',
      title: 'Fetch the parcel',
      priority: 2,
      assignee: null,
      queue: null,
      customer: null,
      tags: [],
      issuer: 'acme',
      owner: 'blue',
      externalReference: null,
      fields: expect.objectContaining({ color: 'red' }),
      timers: [],
      dueAt: null,
      createdAt: '2026-03-02T09:00:00.000Z',
      updatedAt: '2026-03-02T09:00:00.000Z',
      closedAt: null,
      version: 1,
    });
    expect(available.find(({ name }: { name: string }) => name === 'accept')).toEqual({
      name: 'accept',
      label: 'Accept',
      to: 'open',
      requires: [],
      allowed: false,
      why: 'accept belongs to resolver; you are requester.',
    });
    expect(available.find(({ name }: { name: string }) => name === 'withdraw')).toMatchObject({
      allowed: true,
      why: null,
    });
  });

  it('ignores properties that the kind does not know, and never keeps them', async () => {
    const { body } = await create({ kind: 'errand', title: 'Plain', unheard: 1 });
    expect(JSON.stringify(body)).not.toContain('unheard');
  });

  it('names the kinds that there are when the kind is unknown or missing', async () => {
    for (const body of [{ kind: 'parcel', title: 'x' }, { title: 'x' }]) {
      const answer = await create(body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toEqual([{ pointer: '/kind', message: 'must be one of errand' }]);
    }
  });

  it('names every fault of the fields with its place', async () => {
    const { status, body } = await create({ kind: 'errand', title: '', priority: 9 });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/priority',
      '/title',
    ]);
  });

  it("passes on the kind's own refusals with their place", async () => {
    const { status, body } = await create({ kind: 'errand', title: 'x', fault: 'is wrong' });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '/fault', message: 'is wrong' }]);
  });

  it.each([['[]'], ['null'], ['"errand"'], ['']])('refuses the body %s', async (body) => {
    expect((await create(body)).status).toBe(400);
  });

  it('refuses a caller that may not create tickets of the kind', async () => {
    const nobody = server.as({ permissions: ['tickets.read'] });
    const { status, body } = await nobody('POST', '/api/v1/tickets', { kind: 'errand', title: 'x' });
    expect(status).toBe(403);
    expect(body.code).toBe('forbidden');
  });

  it('refuses a party that the account does not know', async () => {
    const { status, body } = await create({ kind: 'errand', title: 'x', owner: 'strangers' });
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'unknownParty', party: 'strangers' });
  });

  it('refuses a second ticket with the same unique reference, and names the first', async () => {
    const first = await create({ kind: 'errand', title: 'x', uniqueKey: 'U-1' });
    const second = await create({ kind: 'errand', title: 'y', uniqueKey: 'U-1' });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'duplicate', key: first.body.key, id: first.body.id });
  });

  it('replays the first answer to a request with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': '"once"' };
    const first = await create({ kind: 'errand', title: 'Once', uniqueKey: 'U-2' }, headers);
    const again = await create({ kind: 'errand', title: 'Once', uniqueKey: 'U-2' }, headers);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(first.headers.location);
    const other = await create({ kind: 'errand', title: 'Twice', uniqueKey: 'U-2' }, headers);
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotencyKeyReused');
  });

  it('makes one ticket of two equal requests at once', async () => {
    const headers = { 'idempotency-key': 'race' };
    const send = () => create({ kind: 'errand', title: 'Race' }, headers);
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const { body } = await acme('GET', '/api/v1/tickets?q=race');
    expect(body.items).toHaveLength(1);
  });
});
