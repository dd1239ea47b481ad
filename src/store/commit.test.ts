import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, edited, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import type { Decision } from '../core/decision.ts';
import type { Ticket } from '../core/ticket.ts';
import { newId } from '../kernel/id.ts';
import { findAttachment } from './attachments.ts';
import { type CommitItem, commit, type IdempotencyRecord } from './commit.ts';
import { loadTicket } from './load.ts';

const database = useDatabase();
const stores = useStores(database);
const account = 'home';
beforeAll(() => stores.account(account));

function item(decision: Decision, idempotency: IdempotencyRecord | null = null): CommitItem {
  return { decision, idempotency };
}

function write(...items: CommitItem[]): Promise<boolean[]> {
  return commit(stores.shared.sql, account, items);
}

function load({ id }: Ticket): Promise<Ticket | null> {
  return loadTicket(stores.shared.sql, account, { id });
}

function record(key: string): IdempotencyRecord {
  const answer = { status: 201, headers: { location: '/x' }, body: '{"é":"🦙"}' };
  return { key, fingerprint: 'f', actor: 'client-of-guest', answer };
}

/** All that the database holds about an account's tickets, to be compared before and after. */
async function everything(): Promise<unknown> {
  const { sql } = stores.shared;
  return {
    tickets: [...(await sql`select * from ticket where account = ${account} order by id`)],
    events: [...(await sql`select * from event where account = ${account} order by seq`)],
    timers: [...(await sql`select * from timer where account = ${account} order by id`)],
    idempotency: [...(await sql`select * from idempotency where account = ${account} order by key`)],
    attachments: [...(await sql`select * from attachment where account = ${account} order by id`)],
  };
}

async function aWaitingTicket(): Promise<Ticket> {
  const created = asked(account);
  const accepted = moved(created.ticket, 'accept');
  const waits = moved(accepted.ticket, 'wait');
  for (const decision of [created, accepted, waits]) expect(await write(item(decision))).toEqual([true]);
  return waits.ticket;
}

describe('a decision', () => {
  it('is written with its event, timers, files and idempotency record by one statement', async () => {
    const content = Buffer.from([0, 1, 254, 255]);
    const files = [
      { id: newId(), name: 'a "b" ñ.bin', mimeType: 'x/y', size: 4, content: content.toString('base64') },
    ];
    const created = asked(account, { files, tags: ['a', 'b c', '{"}'], priority: 3 });
    expect(await write(item(created, record('all-1')))).toEqual([true]);
    const accepted = moved(created.ticket, 'accept');
    await write(item(accepted));
    const waits = moved(accepted.ticket, 'wait', { question: 'Which?' });
    expect(await write(item(waits, record('all-2')))).toEqual([true]);

    const { sql } = stores.shared;
    const { id } = created.ticket;
    expect(await load(created.ticket)).toEqual(waits.ticket);
    const events = await sql`
      select ticket, kind, type, name, from_state as from, to_state as to, version, actor, contract, reason, data, at
      from event where account = ${account} and ticket = ${id} order by seq`;
    expect(events).toEqual([created.event, accepted.event, waits.event]);
    const timers = await sql`
      select id, name, due_at, ticket_version, kind, attempts, last_error, created_at
      from timer where account = ${account} and ticket = ${id} order by due_at`;
    expect(timers).toEqual(
      waits.timersStarted.map(({ id, name, dueAt }) => ({
        id,
        name,
        due_at: dueAt,
        ticket_version: 3,
        kind: 'errand',
        attempts: 0,
        last_error: null,
        created_at: waits.ticket.updatedAt,
      })),
    );
    const [row] = await sql`select due_at from ticket where account = ${account} and id = ${id}`;
    expect(row).toEqual({ due_at: waits.ticket.timers.reminder?.dueAt });
    const transactions = await sql`
      select distinct e.xid = i.xmin::text::xid8 as same from event e, idempotency i
      where e.account = ${account} and e.ticket = ${id} and e.version = 3 and i.key = 'all-2'`;
    expect(transactions).toEqual([{ same: true }]);
    const kept = await sql`select * from idempotency where account = ${account} and key = 'all-2'`;
    expect(kept).toEqual([
      {
        account,
        actor: 'client-of-guest',
        key: 'all-2',
        fingerprint: 'f',
        status: 201,
        headers: { location: '/x' },
        body: '{"é":"🦙"}',
        ticket: id,
        created_at: waits.ticket.updatedAt,
        unchanged: false,
      },
    ]);
    const file = await findAttachment(sql, account, id, files[0]?.id ?? '');
    expect(file).toEqual({ name: 'a "b" ñ.bin', mimeType: 'x/y', content });
    expect(await findAttachment(sql, account, newId(), files[0]?.id ?? '')).toBeNull();
    expect(await findAttachment(sql, 'another', id, files[0]?.id ?? '')).toBeNull();
  });

  it('takes away the timers that it ends, and no others', async () => {
    const one = await aWaitingTicket();
    const other = await aWaitingTicket();
    await write(item(moved(one, 'answer')));
    const { sql } = stores.shared;
    const rows =
      await sql`select ticket from timer where account = ${account} and ticket in (${one.id}, ${other.id})`;
    expect(rows).toEqual([{ ticket: other.id }, { ticket: other.id }]);
    expect((await load(one))?.timers).toEqual({});
    const [row] = await sql`select due_at from ticket where account = ${account} and id = ${one.id}`;
    expect(row).toEqual({ due_at: null });
  });

  it.each([
    ['on a version that is no longer the present one', 0],
    ['on a version that never was', 2],
  ])('%s writes nothing at all', async (_, off) => {
    const ticket = await aWaitingTicket();
    const current = { ...ticket, version: ticket.version + 1 };
    await write(item(edited(ticket, { title: 'Moved on' })));
    const before = await everything();
    const late = moved({ ...current, version: ticket.version + off }, 'resolve', { files: [] });
    const again = moved({ ...current, version: ticket.version + off }, 'answer');
    expect(await write(item(late, record('stale')))).toEqual([false]);
    expect(await write(item(again))).toEqual([false]);
    expect(await everything()).toEqual(before);
  });

  it('on a ticket of another account writes nothing', async () => {
    await stores.account('elsewhere');
    const ticket = await aWaitingTicket();
    const before = await everything();
    expect(await commit(stores.shared.sql, 'elsewhere', [item(edited(ticket, { title: 'Mine' }))])).toEqual([
      false,
    ]);
    expect(await everything()).toEqual(before);
    expect(await stores.shared.sql`select from event where account = 'elsewhere'`).toHaveLength(0);
  });

  it('whose idempotency key has a record writes nothing', async () => {
    const ticket = await aWaitingTicket();
    expect(await write(item(asked(account), record('once')))).toEqual([true]);
    const before = await everything();
    expect(
      await write(item(asked(account), record('once')), item(moved(ticket, 'answer'), record('once'))),
    ).toEqual([false, false]);
    expect(await everything()).toEqual(before);
  });

  it('with the idempotency key of another actor is another one’s business', async () => {
    await write(item(asked(account), record('shared')));
    expect(await write(item(asked(account), { ...record('shared'), actor: 'client-of-other' }))).toEqual([
      true,
    ]);
  });

  it('that creates a ticket with a taken unique key writes nothing', async () => {
    await write(item(asked(account, { uniqueKey: 'taken' })));
    const before = await everything();
    expect(await write(item(asked(account, { uniqueKey: 'taken' }), record('taken')))).toEqual([false]);
    expect(await everything()).toEqual(before);
  });

  it('that gives its ticket a taken unique key fails, and writes nothing', async () => {
    const ticket = await aWaitingTicket();
    await write(item(asked(account, { uniqueKey: 'taken too' })));
    const before = await everything();
    await expect(write(item(edited(ticket, { uniqueKey: 'taken too' })))).rejects.toMatchObject({
      code: '23505',
    });
    expect(await everything()).toEqual(before);
  });

  it('may take a unique key that another ticket gave up', async () => {
    const holder = asked(account, { uniqueKey: 'given up' });
    await write(item(holder));
    await write(item(edited(holder.ticket, { uniqueKey: null })));
    expect(await write(item(asked(account, { uniqueKey: 'given up' })))).toEqual([true]);
  });
});

describe('decisions that share a statement', () => {
  it('are each written or not, and the answer says which', async () => {
    const ticket = await aWaitingTicket();
    const stale = await aWaitingTicket();
    await write(item(edited(stale, { title: 'Moved on' })));
    await write(item(asked(account, { uniqueKey: 'held' }), record('used')));
    const items = [
      item(asked(account), record('new')),
      item(moved(stale, 'answer')),
      item(asked(account, { uniqueKey: 'held' })),
      item(moved(ticket, 'answer')),
      item(asked(account), record('used')),
      item(asked(account, { uniqueKey: 'twice' })),
      item(asked(account, { uniqueKey: 'twice' })),
      item(asked(account)),
    ];
    const written = await write(...items);
    expect(written).toEqual([true, false, false, true, false, true, false, true]);
    for (const [index, { decision }] of items.entries()) {
      const found = await load(decision.ticket);
      if (written[index]) expect(found).toEqual(decision.ticket);
      else expect(found).not.toEqual(decision.ticket);
    }
  });

  it('are in the log in the order in which they were given', async () => {
    const items = Array.from({ length: 50 }, () => item(asked(account)));
    await write(...items);
    const rows = await stores.shared.sql<{ ticket: string }[]>`
      select ticket from event where account = ${account} order by seq desc limit 50`;
    expect(rows.map(({ ticket }) => ticket).reverse()).toEqual(
      items.map(({ decision }) => decision.ticket.id),
    );
  });

  it('may be none', async () => {
    expect(await write()).toEqual([]);
  });
});

describe('a ticket comes back as it was written', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 60 })
    .map((value) => value.replaceAll('\u0000', '').toWellFormed());
  const optional = fc.option(text);

  it('whatever texts, numbers and moments it has', async () => {
    const input = fc.record({
      title: text,
      priority: fc.option(fc.integer({ min: -32768, max: 32767 })),
      assignee: optional,
      queue: optional,
      customer: optional,
      tags: fc.array(text),
      externalReference: optional,
      any: fc.dictionary(
        text,
        fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      ),
      text,
    });
    const at = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(input, at, async (given, now) => {
        const { ticket } = asked(account, given, now);
        await write(item({ ...asked(account, given, now), ticket }));
        expect(await load(ticket)).toEqual(
          JSON.parse(JSON.stringify(ticket).replaceAll(':-0,', ':0,'), revive),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('with quotes, backslashes, control characters, emoji and other scripts', async () => {
    const title = `'"\\ \\u0000 \\' $1 {} \u0001\t\r\n\u2028 👩‍👩‍👧 Ω 漢字 عربى ${'\u{10ffff}'}`;
    const { ticket, ...rest } = asked(account, { title, text: title, fields: { [title]: title } });
    await write(item({ ticket, ...rest }));
    expect(await load(ticket)).toEqual(ticket);
  });

  it('with very long texts', async () => {
    const long = 'Palabras ñandú 🦙 '.repeat(50_000);
    const decision = asked(account, { title: long.slice(0, 100_000), text: long });
    await write(item(decision));
    expect(await load(decision.ticket)).toEqual(decision.ticket);
  });

  it('with ever more words to be found by', async () => {
    let { ticket, ...rest } = asked(account);
    await write(item({ ticket, ...rest }));
    for (let round = 0; round < 12; round += 1) {
      const words = Array.from({ length: 12_000 }, (_, index) => `w${round}x${index}y`).join(' ');
      const decision = moved(ticket, 'note', { text: words });
      expect(await write(item({ ...decision, searchText: words }))).toEqual([true]);
      ticket = decision.ticket;
    }
  });
});

const MOMENT = /^\+?\d+-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function revive(name: string, value: unknown): unknown {
  return /At$/.test(name) && typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value;
}
