import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, asking, moving, told } from '../../test/errands.ts';
import { errandKind } from '../../test/kind.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Written } from '../kernel/answer.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import { commit } from './commit.ts';
import { countByState, keepCounts } from './counts.ts';
import { inTransaction } from './database.ts';
import type { EraseManyRequest, EraseRequest } from './erase.ts';
import { loadTicket, type TicketRef } from './load.ts';
import { LOG_START, readLog } from './log.ts';
import type { Store } from './store.ts';
import { forgetWords, learnWords } from './words.ts';
import { type BatchResult, createBatchWriter } from './write-batch.ts';

const database = useDatabase();
const stores = useStores(database);
const accounts = ['words', 'one', 'heard', 'keys', 'twice', 'race', 'many', 'counted'];
beforeAll(async () => {
  for (const account of accounts) await stores.account(account);
});

const gone = { status: 204, headers: {}, body: '' };

function erasing(account: string, ref: TicketRef, more: Partial<EraseRequest> = {}): EraseRequest {
  return {
    actor: actorOf(account, account),
    contract: 'test',
    idempotency: null,
    kind: null,
    ref,
    ifMatch: null,
    answer: () => gone,
    ...more,
  };
}

/** Erases and tells of each whether it was done, or the code of the refusal. */
function erasingMany(
  account: string,
  refs: EraseManyRequest['refs'],
  more: Partial<EraseManyRequest> = {},
): EraseManyRequest {
  return {
    actor: actorOf(account, account),
    contract: 'test',
    idempotency: null,
    kind: null,
    refs,
    ifMatch: null,
    answer: (results) => ({
      ...gone,
      body: JSON.stringify(results.map((result) => (result.ok ? result.ticket.key : result.code))),
    }),
    ...more,
  };
}

async function create(account: string, input = {}, { writer, sql }: Store = stores.shared): Promise<Ticket> {
  const { key } = told((await writer.create(asking(account, input))) as Written);
  return (await loadTicket(sql, account, { key })) as Ticket;
}

/** How many rows of each table hold the text anywhere. */
async function rowsWith(text: string): Promise<Record<string, number>> {
  const { sql } = stores.shared;
  const tables = await sql<{ name: string }[]>`
    select relname::text as name from pg_class where relnamespace = 'tessera'::regnamespace and relkind = 'r'`;
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await sql<[{ n: number }]>`
      select count(*) as n from ${sql(name)} t where t::text ilike ${`%${text}%`}`;
    if (row.n > 0) found[name] = row.n;
  }
  return found;
}

async function eventsOf(account: string, ticket: string) {
  const { sql } = stores.shared;
  return sql<{ type: string; from: string | null; to: string | null }[]>`
    select type, from_state as from, to_state as to from event
    where account = ${account} and ticket = ${ticket} order by seq`;
}

describe('erasing a ticket', () => {
  it('leaves nothing of it but the event that says so', async () => {
    const { writer, sql } = stores.shared;
    const file = {
      id: newId(new Date()),
      name: 'photo.png',
      mimeType: 'image/png',
      size: 3,
      content: 'AAAA',
    };
    const ticket = await create('one', { title: 'Zanzibar', text: 'Zanzibar', files: [file] });
    const ref = { id: ticket.id };
    const resolver = actorOf('one', 'one');
    const idempotency = { key: 'zanzibar', fingerprint: 'f' };
    await writer.change(moving(ref, 'accept', resolver, { input: { note: 'Zanzibar' } }));
    await writer.change(moving(ref, 'wait', resolver));
    await writer.change({
      ...moving(ref, 'note', resolver, { idempotency, answer: () => ({ ...gone, body: 'Zanzibar' }) }),
    });
    const other = await create('one');
    await sql`
      insert into ticket_link (account, ticket, relation, other, created_at)
      values ('one', ${other.id}, 'parent', ${ticket.id}, now()), ('one', ${ticket.id}, 'related', ${other.id}, now())`;
    expect(await rowsWith(ticket.id)).toMatchObject({
      ticket: 1,
      event: 4,
      timer: 2,
      attachment: 1,
      ticket_link: 2,
    });

    expect(await writer.erase(erasing('one', ref))).toEqual({ ok: true, answer: gone, replayed: false });

    expect(await rowsWith(ticket.id)).toEqual({ event: 1 });
    expect(await rowsWith('zanzibar')).toEqual({ idempotency: 1 }); // its own key
    expect(await rowsWith('photo.png')).toEqual({});
    const [event] = await sql`select * from event where account = 'one' and ticket = ${ticket.id}`;
    expect(event).toMatchObject({
      type: 'ticket.erased',
      name: null,
      from_state: 'waiting',
      to_state: null,
      version: 5,
      actor: {
        id: 'client-of-one',
        name: 'The client of one',
        type: 'client',
        party: 'one',
        role: 'resolver',
      },
      contract: 'test',
      reason: null,
      data: { key: ticket.key, parties: ['guest', 'one'] },
    });
    expect(await loadTicket(sql, 'one', { id: other.id })).toEqual(other);
    expect(await writer.erase(erasing('one', ref))).toMatchObject({ ok: false, code: 'ticketNotFound' });
  });

  it('is refused where the caller may not, sees no ticket, or means another version', async () => {
    const { writer } = stores.shared;
    const ticket = await create('one');
    const ref = { key: ticket.key };
    const refused = async (more: Partial<EraseRequest>, account = 'one') => {
      const outcome = await writer.erase(erasing(account, ref, more));
      return outcome.ok ? 'erased' : outcome.code;
    };
    expect(await refused({ actor: actorOf('one', 'other') })).toBe('ticketNotFound');
    expect(await refused({ admits: () => false })).toBe('ticketNotFound');
    expect(await refused({ kind: 'desk' })).toBe('ticketNotFound');
    expect(await refused({}, 'heard')).toBe('ticketNotFound');
    expect(await refused({ ref: { key: 'nonsense' } })).toBe('ticketNotFound');
    expect(await refused({ ref: { kind: 'errand', number: 999_999 } })).toBe('ticketNotFound');
    expect(await refused({ refusal: () => refuse('forbidden') })).toBe('forbidden');
    expect(await refused({ ifMatch: 2 })).toBe('versionMismatch');
    expect(await eventsOf('one', ticket.id)).toHaveLength(1);
    expect(await refused({ ifMatch: 1 })).toBe('erased');
  });

  it('is heard by its parties and nobody else, once', { timeout: 90_000 }, async () => {
    const { writer, sql } = stores.shared;
    const ticket = await create('heard', { owner: 'other' });
    await create('heard');
    await writer.erase(erasing('heard', { id: ticket.id }, { admits: () => true }));
    const read = async (party: string | null) =>
      (await readLog(sql, 'heard', LOG_START, 10, party)).map(({ type, key }) => [type, key === ticket.key]);
    await until(async () => (await read(null)).length === 2, forTheLog);
    expect(await read(null)).toEqual([
      ['ticket.created', false],
      ['ticket.erased', true],
    ]);
    expect(await read('other')).toEqual([['ticket.erased', true]]);
    expect(await read('guest')).toEqual(await read(null));
    expect(await read('heard')).toEqual([['ticket.created', false]]);
    expect(await readLog(sql, 'heard', LOG_START, 1, 'guest')).toHaveLength(1);
  });

  it('is told again under its key, and what it erased is not made anew under theirs', async () => {
    const clock = createTestClock();
    const { writer, sql } = stores.open({ clock });
    const idempotency = (key: string) => ({ key, fingerprint: key });
    const making = (key: string) => asking('keys', {}, { idempotency: idempotency(key) });
    const { key } = told((await writer.create(making('made'))) as Written);
    const other = await writer.create(making('other'));
    const request = erasing('keys', { key }, { idempotency: idempotency('erase') });
    expect(await writer.erase(request)).toEqual({ ok: true, answer: gone, replayed: false });
    expect(await writer.erase(request)).toEqual({ ok: true, answer: gone, replayed: true });
    expect(await writer.create(making('made'))).toMatchObject({
      code: 'ticketNotFound',
      message: 'What this request wrote has been erased since.',
    });
    expect(await writer.create(making('other'))).toEqual({ ...other, replayed: true });
    const [row] = await sql<[{ n: number }]>`select count(*) as n from ticket where account = 'keys'`;
    expect(row.n).toBe(1);
  });

  it('takes what it says from the answer to a batch that wrote it', async () => {
    const { sql, writer } = stores.shared;
    const batches = createBatchWriter(stores.shared);
    const { command } = asking('keys');
    const batch = (key: string) => ({
      actor: actorOf('keys', 'guest'),
      contract: 'test',
      idempotency: { key, fingerprint: key },
      atomic: false,
      items: [1, 2].map(() => ({ op: 'create' as const, kind: errandKind, command })),
      answer: (results: readonly BatchResult[]) => ({ ...gone, body: JSON.stringify(results) }),
    });
    const first = (await batches.write(batch('night 1'))) as Written;
    const second = await batches.write(batch('night 2'));
    const [{ ticket }] = JSON.parse(first.answer.body);
    await writer.erase(erasing('keys', { id: ticket.id }));
    expect(await batches.write(batch('night 1'))).toMatchObject({ ok: false, code: 'ticketNotFound' });
    expect(await batches.write(batch('night 2'))).toEqual({ ...second, replayed: true });
    const rows =
      await sql`select key, status, body = '' as empty from idempotency where key like 'night%' order by key`;
    expect(rows).toEqual([
      { key: 'night 1', status: 0, empty: true },
      { key: 'night 2', status: 204, empty: false },
    ]);
  });

  it('takes what it says from the answer to a request that left it as it was', async () => {
    const { sql, writer } = stores.shared;
    const { id } = await create('keys');
    const idempotency = { key: 'as it was', fingerprint: 'f' };
    const asIs = {
      ...moving({ id }, 'accept', actorOf('keys', 'guest'), { idempotency }),
      admits: () => true,
      command: () => null,
    };
    expect(await writer.change(asIs)).toMatchObject({ ok: true });
    await writer.erase(erasing('keys', { id }));
    const [row] = await sql`select status, body, ticket from idempotency where key = 'as it was'`;
    expect(row).toEqual({ status: 0, body: '', ticket: null });
  });

  it('takes the words that only it had from those that searches look among', {
    timeout: 90_000,
  }, async () => {
    const { writer, sql } = stores.shared;
    const account = 'words';
    const ticket = await create(account, { title: 'Giraffe elephant' });
    await create(account, { title: 'Elephant milk' });
    await create('one', { title: 'Giraffe' });
    const words = async () => {
      const rows = await sql<{ word: string; doubted: boolean }[]>`
        select word, doubted from word where account = ${account} order by word`;
      return rows.map(({ word, doubted }) => (doubted ? `${word}?` : word)).join(' ');
    };
    await until(async () => {
      await learnWords(sql, account);
      return (await words()) === 'elephant giraffe milk red';
    }, forTheLog);
    expect(await forgetWords(sql, account)).toBe(0);
    await writer.erase(erasing(account, { id: ticket.id }));
    expect(await words()).toBe('elephant? giraffe? milk red?');
    await until(() => forgetWords(sql, account), forTheLog);
    expect(await words()).toBe('elephant milk red');
    expect(await forgetWords(sql, account)).toBe(0);
  });

  it('happens once when two ask for it at once', async () => {
    const nodes = [stores.open(), stores.open()];
    for (let round = 0; round < 10; round += 1) {
      const { id } = await create('twice');
      const outcomes = await Promise.all(nodes.map(({ writer }) => writer.erase(erasing('twice', { id }))));
      expect(outcomes.map((outcome) => (outcome.ok ? 'erased' : outcome.code)).sort()).toEqual([
        'erased',
        'ticketNotFound',
      ]);
      expect(await eventsOf('twice', id)).toEqual([{ type: 'ticket.erased', from: 'new', to: null }]);
    }
  });

  it('and a change at once leave no trace of the change', async () => {
    const nodes = [stores.open(), stores.open()] as const;
    const seen = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      const { id } = await create('race');
      const idempotency = { key: `race ${round}`, fingerprint: 'f' };
      const [changed, erased] = await Promise.all([
        nodes[0].writer.change(moving({ id }, 'accept', actorOf('race', 'race'), { idempotency })),
        nodes[1].writer.erase(erasing('race', { id })),
      ]);
      expect(erased.ok).toBe(true);
      seen.add(changed.ok ? 'changed' : changed.code);
      const events = await eventsOf('race', id);
      expect(events).toEqual([{ type: 'ticket.erased', from: changed.ok ? 'open' : 'new', to: null }]);
      expect(Object.keys(await rowsWith(id))).toEqual(['event']);
    }
    expect([...seen].every((outcome) => ['changed', 'ticketNotFound'].includes(outcome))).toBe(true);
  });
});

describe('erasing many', () => {
  it('gives each its own result and is one transaction', async () => {
    const { sql, writer } = stores.shared;
    const decisions = Array.from({ length: 1_000 }, () => asked('many'));
    await commit(
      sql,
      'many',
      decisions.map((decision) => ({ decision, idempotency: null })),
    );
    const [first, second, third, ...rest] = decisions.map(({ ticket }) => ticket) as [
      Ticket,
      Ticket,
      Ticket,
      ...Ticket[],
    ];
    const refs: EraseManyRequest['refs'] = [
      { id: first.id.toUpperCase() },
      { key: second.key },
      { kind: 'errand', number: third.number },
      { kind: 'other', number: third.number },
      { id: first.id },
      refuse('invalidRequest'),
      { id: newId(new Date()) },
      ...rest.map(({ id }) => ({ id })),
    ];
    const kept = decisions[10]?.ticket as Ticket;
    const refusal = ({ id }: Ticket) => (id === kept.id ? refuse('forbidden') : null);
    const written = (await writer.eraseMany(erasingMany('many', refs, { refusal }))) as Written;
    const results: string[] = JSON.parse(written.answer.body);
    expect(results.slice(0, 7)).toEqual([
      first.key,
      second.key,
      third.key,
      'ticketNotFound',
      'ticketNotFound',
      'invalidRequest',
      'ticketNotFound',
    ]);
    expect(results.slice(7).filter((result) => result === 'forbidden')).toHaveLength(1);
    expect(Object.fromEntries(await countByState(sql, 'many', 'errand'))).toEqual({ new: 1 });
    const events = await sql<{ type: string; xids: number; n: number }[]>`
      select type, count(distinct xid) as xids, count(*) as n from event where account = 'many' group by 1 order by 1`;
    expect(events).toEqual([
      { type: 'ticket.created', xids: 1, n: 1 },
      { type: 'ticket.erased', xids: 1, n: 999 },
    ]);
  });

  it('keeps the counts right at every moment, wherever their reader stands', {
    timeout: 90_000,
  }, async () => {
    const [creator, eraser, reader] = [stores.open(), stores.open(), stores.open()] as const;
    const account = 'counted';
    let open = true;
    const look = async () => {
      while (open) expect(await difference(account)).toEqual([]);
    };
    const read = async () => {
      while (open) await keepCounts(reader.sql, account);
    };
    const others = [look(), read()];
    for (let round = 0; round < 25; round += 1) {
      const made = await Promise.all([1, 2, 3].map(() => create(account, {}, creator)));
      const [mover] = made as [Ticket];
      await Promise.all([
        creator.writer.change(moving({ id: mover.id }, 'accept', actorOf(account, account))),
        eraser.writer.eraseMany(
          erasingMany(
            account,
            made.slice(round % 3).map(({ id }) => ({ id })),
          ),
        ),
      ]);
    }
    open = false;
    await Promise.all(others);
    expect(await difference(account)).toEqual([]);
    const [{ n }] = await reader.sql<
      [{ n: number }]
    >`select count(*) as n from ticket where account = ${account}`;
    await until(async () => {
      await keepCounts(reader.sql, account);
      const [kept] = await reader.sql<[{ n: number }]>`
        select sum(n) as n from ticket_count where account = ${account}`;
      return Number(kept.n) === n;
    }, forTheLog);
  });
});

/** Where what the counts tell is not what one snapshot shows; empty where they agree. */
async function difference(account: string): Promise<unknown[]> {
  return inTransaction(stores.shared.sql, async (tx) => {
    await tx`set transaction isolation level repeatable read`;
    const counts = await countByState(tx, account, 'errand');
    const stored = await tx<{ state: string; n: number }[]>`
      select state, count(*) as n from ticket where account = ${account} group by state`;
    const states = new Map(stored.map(({ state, n }) => [state, n]));
    return [...new Set([...counts.keys(), ...states.keys()])]
      .filter((state) => counts.get(state) !== states.get(state))
      .map((state) => [state, counts.get(state), states.get(state)]);
  });
}
