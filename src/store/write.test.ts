import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { useDatabase } from '../../test/database.ts';
import { asking, moving, told } from '../../test/errands.ts';
import { errandKind } from '../../test/kind.ts';
import { useStores } from '../../test/stores.ts';
import type { IdempotencyKey, Written } from '../kernel/answer.ts';
import { refuse } from '../kernel/errors.ts';
import { loadTicket, type TicketRef } from './load.ts';
import { readTimeline } from './log.ts';
import type { CreateRequest } from './write-request.ts';

const database = useDatabase();
const stores = useStores(database);
const account = 'home';
beforeAll(() => stores.account(account));

const requester = actorOf(account, 'guest');
const resolver = actorOf(account, account);

function idempotency(fingerprint = 'f', key: string = randomUUID()): IdempotencyKey {
  return { key, fingerprint };
}

async function made(input = {}, more: Partial<CreateRequest> = {}): Promise<Written> {
  const outcome = await stores.shared.writer.create(asking(account, input, more));
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome;
}

async function anErrand(input = {}): Promise<{ key: string }> {
  return { key: told(await made(input)).key };
}

async function load(ref: TicketRef) {
  const ticket = await loadTicket(stores.shared.sql, account, ref);
  if (!ticket) throw new Error('There is no such ticket');
  return ticket;
}

async function history(ref: TicketRef): Promise<(string | null)[]> {
  const { id } = await load(ref);
  return (await readTimeline(stores.shared.sql, account, id, 0, 1_000)).map(({ name, type }) => name ?? type);
}

describe('a creation', () => {
  it('answers with the ticket as it is stored', async () => {
    const outcome = await made({ priority: 1 });
    const { key } = told(outcome);
    expect(outcome).toEqual({
      ok: true,
      replayed: false,
      answer: {
        status: 200,
        headers: { etag: '"1"' },
        body: JSON.stringify({ key, state: 'new', version: 1 }),
      },
    });
    const ticket = await load({ key });
    expect(ticket).toMatchObject({ account, kind: 'errand', priority: 1, issuer: 'guest', owner: account });
    expect(key).toBe(`RED-${ticket.number}`);
    expect(await load({ kind: 'errand', number: ticket.number })).toEqual(ticket);
    expect(await load({ id: ticket.id })).toEqual(ticket);
  });

  it('with a party that the account does not know is refused', async () => {
    expect(await stores.shared.writer.create(asking(account, { owner: 'nobody' }))).toEqual({
      ok: false,
      code: 'unknownParty',
      message: 'The party nobody is not known to this account.',
      data: { party: 'nobody' },
    });
  });

  it('with a unique key that is taken names the ticket that has it', async () => {
    const { key } = await anErrand({ uniqueKey: 'mine' });
    const { id } = await load({ key });
    expect(await stores.shared.writer.create(asking(account, { uniqueKey: 'mine' }))).toEqual({
      ok: false,
      code: 'duplicate',
      message: `The ticket ${key} has this reference already.`,
      data: { key, id },
    });
  });

  it('of one unique key by many at once makes one ticket', async () => {
    const other = stores.open();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 ? other : stores.shared).writer.create(asking(account, { uniqueKey: 'one of many' })),
      ),
    );
    const [winner, ...more] = outcomes.filter((outcome) => outcome.ok);
    expect(more).toEqual([]);
    const { key } = told(winner as Written);
    expect(outcomes.filter((outcome) => !outcome.ok)).toHaveLength(39);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome.data).toMatchObject({ key });
  });

  it('that the kind refuses writes nothing', async () => {
    const request = asking(account, { fault: 'No.' }, { idempotency: idempotency() });
    expect(await stores.shared.writer.create(request)).toMatchObject({ ok: false, code: 'invalidRequest' });
    const { sql } = stores.shared;
    const key = request.idempotency?.key ?? '';
    expect(await sql`select from idempotency where account = ${account} and key = ${key}`).toHaveLength(0);
  });

  it('that is refused uses up no number', async () => {
    const number = async () => (await load({ key: (await anErrand()).key })).number;
    const before = await number();
    const { writer } = stores.shared;
    for (const input of [{ fault: 'No.' }, { owner: 'nobody' }, { uniqueKey: 'mine' }]) {
      expect(await writer.create(asking(account, input))).toMatchObject({ ok: false });
    }
    expect(await number()).toBe(before + 1);
  });

  it('tells those who listen, once', async () => {
    const store = stores.open();
    const heard: string[] = [];
    store.onCommit(({ event }) => heard.push(event.type));
    await store.writer.create(asking(account, { uniqueKey: 'heard' }));
    await store.writer.create(asking(account, { uniqueKey: 'heard' }));
    expect(heard).toEqual(['ticket.created']);
  });
});

describe('a change', () => {
  it('is applied to the present version', async () => {
    const ref = await anErrand();
    const outcome = await stores.shared.writer.change(moving(ref, 'accept', resolver));
    expect(outcome).toMatchObject({ ok: true, replayed: false, answer: { headers: { etag: '"2"' } } });
    expect(await load(ref)).toMatchObject({ state: 'open', version: 2 });
  });

  it('with the version that the caller has seen is applied, with an older one refused', async () => {
    const ref = await anErrand();
    const { writer } = stores.shared;
    expect(await writer.change(moving(ref, 'accept', resolver, { ifMatch: 1 }))).toMatchObject({ ok: true });
    expect(await writer.change(moving(ref, 'wait', resolver, { ifMatch: 1 }))).toEqual({
      ok: false,
      code: 'versionMismatch',
      message: 'The ticket is at version 2, not 1.',
      data: { version: 2, state: 'open', allowed: ['wait', 'note', 'resolve'] },
    });
    expect(await load(ref)).toMatchObject({ state: 'open', version: 2 });
  });

  it('that the table does not have is refused with the state and what may be done in it', async () => {
    const ref = await anErrand();
    expect(await stores.shared.writer.change(moving(ref, 'resolve', resolver))).toEqual({
      ok: false,
      code: 'invalidTransition',
      message: 'resolve cannot be done from new.',
      data: { state: 'new', transition: 'resolve', allowed: ['accept', 'note'] },
    });
    expect(await history(ref)).toEqual(['ask']);
  });

  it.each<[string, () => Promise<TicketRef> | TicketRef]>([
    ['a key that nobody has', () => ({ key: 'RED-99999999' })],
    ['a key of another form', () => ({ key: 'x' })],
    ['a key that cannot be stored', () => ({ key: 'x\u0000-1' })],
    ['the key of a ticket in other letters', async () => ({ key: (await anErrand()).key.toLowerCase() })],
    ['a number with a zero before it', async () => ({ key: (await anErrand()).key.replace('-', '-0') })],
    ['an id that nobody has', () => ({ id: randomUUID() })],
    ['a number of another kind', () => ({ kind: 'other', number: 1 })],
  ])('of %s finds no ticket', async (_, ref) => {
    expect(await stores.shared.writer.change(moving(await ref(), 'accept', resolver))).toMatchObject({
      code: 'ticketNotFound',
    });
  });

  it('by somebody who plays no role finds no ticket', async () => {
    const ref = await anErrand();
    const { writer } = stores.shared;
    expect(await writer.change(moving(ref, 'note', actorOf(account, 'other')))).toMatchObject({
      code: 'ticketNotFound',
    });
    expect(await writer.change(moving(ref, 'note', resolver, { kind: 'trouble' }))).toMatchObject({
      code: 'ticketNotFound',
    });
  });

  it('from another account finds no ticket', async () => {
    await stores.account('elsewhere');
    const { id, key } = await load(await anErrand());
    for (const ref of [{ id }, { key }]) {
      const request = moving(ref, 'note', actorOf('elsewhere', 'guest'));
      expect(await stores.shared.writer.change(request)).toMatchObject({ code: 'ticketNotFound' });
    }
  });

  it('that is not wanted after a look at the ticket writes nothing', async () => {
    const ref = await anErrand();
    const { writer } = stores.shared;
    const none = { ...moving(ref, 'note', resolver), command: () => null };
    expect(await writer.change(none)).toMatchObject({
      ok: true,
      replayed: false,
      answer: { headers: { etag: '"1"' } },
    });
    const refusing = { ...moving(ref, 'note', resolver), command: () => refuse('referenceMismatch') };
    expect(await writer.change(refusing)).toMatchObject({ ok: false, code: 'referenceMismatch' });
    expect(await history(ref)).toEqual(['ask']);
  });

  it('that gives the ticket a taken unique key names the ticket that has it', async () => {
    const holder = await anErrand({ uniqueKey: 'held' });
    const ref = await anErrand();
    const edit = {
      ...moving(ref, 'note', requester),
      command: () => ({ type: 'edit', input: { uniqueKey: 'held' } }),
    };
    expect(
      await stores.shared.writer.change(edit as Parameters<typeof stores.shared.writer.change>[0]),
    ).toMatchObject({
      ok: false,
      code: 'duplicate',
      data: { key: holder.key },
    });
  });
});

describe('a request that is sent again with its idempotency key', () => {
  it('gets the first answer, and writes nothing', async () => {
    const key = idempotency();
    const first = await made({}, { idempotency: key });
    const again = await made({}, { idempotency: key });
    expect(again).toEqual({ ok: true, replayed: true, answer: first.answer });
    expect(await history({ key: told(first).key })).toEqual(['ask']);
  });

  it('gets it even where it would be refused now', async () => {
    const { writer } = stores.shared;
    const unique = { uniqueKey: randomUUID() };
    const key = idempotency();
    const first = await made(unique, { idempotency: key });
    expect(await made(unique, { idempotency: key })).toEqual({ ...first, replayed: true });

    const ref = { key: told(first).key };
    const accepting = moving(ref, 'accept', resolver, { idempotency: idempotency(), ifMatch: 1 });
    const accepted = await writer.change(accepting);
    await writer.change(moving(ref, 'wait', resolver));
    expect(await writer.change(accepting)).toEqual({ ...accepted, replayed: true });
    expect(await load(ref)).toMatchObject({ state: 'waiting', version: 3 });
  });

  it('gets it where it could be done once more', async () => {
    const ref = await anErrand();
    const noting = moving(ref, 'note', resolver, { idempotency: idempotency() });
    const first = await stores.shared.writer.change(noting);
    expect(await stores.shared.writer.change(noting)).toEqual({ ...first, replayed: true });
    expect(await history(ref)).toEqual(['ask', 'note']);
  });

  it('gets it where nothing had to be done, and does nothing later', async () => {
    const { writer } = stores.shared;
    const ref = await anErrand();
    const { key } = idempotency();
    const asIs = { ...moving(ref, 'accept', resolver, { idempotency: { key, fingerprint: 'one' } }) };
    const first = await writer.change({ ...asIs, command: () => null });
    expect(first).toMatchObject({ ok: true, replayed: false });
    expect(await writer.change(asIs)).toEqual({ ...first, replayed: true });
    expect(await writer.change({ ...asIs, command: () => null })).toEqual({ ...first, replayed: true });
    const other = { ...asIs, idempotency: { key, fingerprint: 'other' } };
    expect(await writer.change(other)).toMatchObject({ ok: false, code: 'idempotencyKeyReused' });
    expect(await history(ref)).toEqual(['ask']);
  });

  it('is refused when it is another request', async () => {
    const { writer } = stores.shared;
    const ref = await anErrand();
    const { key } = idempotency();
    await writer.change(moving(ref, 'note', resolver, { idempotency: { key, fingerprint: 'one' } }));
    const other = { key, fingerprint: 'other' };
    const refusal = {
      ok: false,
      code: 'idempotencyKeyReused',
      message: `The Idempotency-Key ${key} was used before with another request.`,
    };
    expect(await writer.change(moving(ref, 'note', resolver, { idempotency: other }))).toEqual(refusal);
    expect(await writer.change(moving(ref, 'resolve', resolver, { idempotency: other }))).toEqual(refusal);
    expect(
      await writer.change({ ...moving(ref, 'note', resolver, { idempotency: other }), command: () => null }),
    ).toEqual(refusal);
    const creating = asking(
      account,
      {},
      { actor: resolver, idempotency: other, kind: { ...errandKind, creatorRole: () => 'requester' } },
    );
    expect(await writer.create(creating)).toEqual(refusal);
    expect(await history(ref)).toEqual(['ask', 'note']);
  });

  it('is a new one where another actor sends it', async () => {
    const ref = await anErrand();
    const key = idempotency();
    const { writer } = stores.shared;
    await writer.change(moving(ref, 'note', resolver, { idempotency: key }));
    expect(await writer.change(moving(ref, 'note', requester, { idempotency: key }))).toMatchObject({
      ok: true,
      replayed: false,
    });
    expect(await history(ref)).toEqual(['ask', 'note', 'note']);
  });

  it('on two nodes at once is written once, and both get the same answer', async () => {
    const other = stores.open();
    for (let round = 0; round < 25; round += 1) {
      const creating = asking(account, {}, { idempotency: idempotency() });
      const outcomes = await Promise.all(
        [stores.shared, other, stores.shared, other].map(({ writer }) => writer.create(creating)),
      );
      expect(outcomes.map((outcome) => outcome.ok && outcome.replayed).sort()).toEqual([
        false,
        true,
        true,
        true,
      ]);
      expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.answer.body)).size).toBe(1);

      const ref = { key: told(outcomes[0] as Written).key };
      const noting = moving(ref, 'note', resolver, { idempotency: idempotency() });
      const notes = await Promise.all([stores.shared, other].map(({ writer }) => writer.change(noting)));
      expect(notes.map((outcome) => outcome.ok && outcome.replayed).sort()).toEqual([false, true]);
      expect(await history(ref)).toEqual(['ask', 'note']);
    }
  });
});
