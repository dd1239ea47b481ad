import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { useDatabase } from '../../../test/database.ts';
import { asking, moving, told } from '../../../test/errands.ts';
import { withConnection } from '../../../test/postgres-server.ts';
import { useStores } from '../../../test/stores.ts';
import { forTheLog, until } from '../../../test/until.ts';
import type { HandOff } from '../../core/hand-off.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Written } from '../../kernel/answer.ts';
import { findLinks } from '../links.ts';
import { loadTicket, type TicketRef } from '../load.ts';
import type { Store } from '../store.ts';
import { asker, favour, handTo, kinds } from './fixture/kinds.ts';
import { passHandOffs } from './step.ts';

const database = useDatabase();
const stores = useStores(database);
const open = () => stores.open({ kinds });
let node: Store;
beforeAll(async () => {
  node = open();
  for (const account of ['made', 'refused', 'loops', 'ended', 'nodes', 'broken', 'odd', 'erased', 'order']) {
    await stores.account(account);
  }
});

async function ask(account: string, handOff: HandOff | null, input = {}): Promise<Ticket> {
  const request = asking(account, { ...input, ...(handOff && { handTo: handOff }) }, { kind: asker });
  const { key } = told((await node.writer.create(request)) as Written);
  return find(account, { key });
}

async function find(account: string, ref: TicketRef): Promise<Ticket> {
  return (await loadTicket(node.sql, account, ref)) as Ticket;
}

/** Steps until every event that is written now has been read. */
async function catchUp(account: string, { sql } = node): Promise<void> {
  const [last] = await sql<[{ seq: number }]>`select max(seq) as seq from event where account = ${account}`;
  await until(async () => {
    await passHandOffs(node, account);
    const [place] = await sql<{ seq: number }[]>`
      select seq from reader_position where account = ${account} and reader = 'hand-offs'`;
    return place !== undefined && place.seq >= last.seq;
  }, forTheLog);
}

async function childrenOf({ account, id }: Ticket): Promise<Ticket[]> {
  const links = (await findLinks(node.sql, account, [id])).get(id) ?? [];
  return Promise.all(
    links.filter(({ relation }) => relation === 'child').map(({ other }) => find(account, { id: other })),
  );
}

/** What is noted on a ticket, oldest first. */
async function notesOn({ account, id }: Ticket): Promise<Record<string, unknown>[]> {
  const rows = await node.sql<{ data: Record<string, unknown> }[]>`
    select data from event where account = ${account} and ticket = ${id} and type = 'ticket.commented'
      and contract = 'hand-off' order by seq`;
  return rows.map(({ data }) => data);
}

describe('a hand-off', { timeout: 90_000 }, () => {
  it('makes a linked child and notes it on the ticket that asked', async () => {
    const heard: string[] = [];
    node.onCommit(({ event }) => heard.push(event.type));
    const parent = await ask('made', handTo({ party: 'other', queue: 'round', input: { color: 'red' } }));
    await catchUp('made');
    const [child] = await childrenOf(parent);
    expect(child).toMatchObject({
      kind: 'favour',
      key: 'FAV-1',
      state: 'new',
      title: 'A favour',
      queue: 'round',
      issuer: 'made',
      owner: 'other',
      fields: { from: 'RED-1/1', color: 'red' },
    });
    const events = await node.sql`
      select type, contract, actor from event where account = 'made' and ticket = ${child?.id ?? ''}`;
    const system = { id: 'system', name: 'Tessera', type: 'system', party: 'made' };
    expect(events).toEqual([
      { type: 'ticket.created', contract: 'hand-off', actor: { ...system, role: 'requester' } },
    ]);
    expect(await notesOn(parent)).toEqual([
      {
        body: 'Handed over: Favour FAV-1 was made from this ticket.',
        visibility: 'internal',
        about: { handedOver: 'made', child: { id: child?.id, key: 'FAV-1', kind: 'favour' } },
      },
    ]);
    expect((await find('made', { id: parent.id })).version).toBe(2);
    expect(heard).toEqual(['ticket.created', 'ticket.created', 'ticket.commented']);
    expect(await passHandOffs(node, 'made')).toBeLessThan(3);
    await node.writer.change(
      moving({ id: parent.id }, 'accept', actorOf('made', 'made'), { input: { handTo: handTo() } }),
    );
    await catchUp('made');
    expect((await childrenOf(parent)).map(({ fields }) => fields.from)).toEqual(['RED-1/1', 'RED-1/2']);
  });

  it.each<[string, Partial<HandOff>, string, string]>([
    ['of a kind that is not known', { kind: 'wish' }, 'invalidRequest', 'No ticket of kind wish can be made'],
    ['of a kind that takes none', { kind: 'errand' }, 'invalidRequest', 'No ticket of kind errand can be'],
    [
      'whose input is wrong',
      { title: 'x'.repeat(30) },
      'invalidRequest',
      '\n- title must have at most 20 characters',
    ],
    ['to a party that is not known', { party: 'nobody' }, 'unknownParty', 'The party nobody is not known'],
    ['whose reference is taken', { input: { uniqueKey: 'taken' } }, 'duplicate', 'The ticket FAV-'],
    ['that its kind refuses', { input: { fault: 'never' } }, 'invalidRequest', '\n- fault never'],
    ['that breaks its kind', { input: { fault: 'throw' } }, 'internalError', ''],
    ['that cannot be stored', { party: 'other', input: { spoil: true } }, 'internalError', ''],
  ])('%s is refused, which is noted, and holds up no other', async (_, more, code, message) => {
    const account = 'refused';
    const holder = asking(account, { uniqueKey: 'taken', owner: 'other' }, { kind: favour });
    await node.writer.create(holder);
    const refused = await ask(account, handTo(more));
    const good = await ask(account, handTo({ party: 'other' }));
    await catchUp(account);
    expect(await childrenOf(refused)).toEqual([]);
    expect(await notesOn(refused)).toEqual([
      {
        body: expect.stringContaining(`could be made. `),
        visibility: 'internal',
        about: { handedOver: 'refused', kind: more.kind ?? 'favour', code },
      },
    ]);
    expect((await notesOn(refused))[0]?.body).toContain(message);
    expect(await childrenOf(good)).toHaveLength(1);
  });

  it('goes down a line of kinds and never back', async () => {
    const back = handTo({ kind: 'favour', party: 'other' });
    const parent = await ask('loops', handTo({ party: 'other', input: { handTo: back } }));
    await catchUp('loops');
    await catchUp('loops');
    const [child] = await childrenOf(parent);
    expect(await childrenOf(child as Ticket)).toEqual([]);
    expect(await notesOn(child as Ticket)).toMatchObject([
      { body: expect.stringContaining('is of kind favour already'), about: { handedOver: 'refused' } },
    ]);
  });

  it('notes each end of its child, and of no other child', async () => {
    const account = 'ended';
    const parent = await ask(account, handTo({ party: 'other' }));
    await catchUp(account);
    const [child] = await childrenOf(parent);
    const other = await ask(account, null);
    await node.sql`
      insert into ticket_link (account, ticket, relation, other, created_at)
      values (${account}, ${other.id}, 'parent', ${parent.id}, now())`;
    const requester = actorOf(account, account);
    const ref = { id: child?.id ?? '' };
    await node.writer.change(moving(ref, 'withdraw', requester));
    await node.writer.change(moving(ref, 'reopen', requester));
    await node.writer.change(moving(ref, 'withdraw', requester));
    await node.writer.change(moving({ id: other.id }, 'withdraw', actorOf(account, 'guest')));
    await catchUp(account);
    const end = {
      body: `Favour ${child?.key} ended as “Done”.`,
      visibility: 'internal',
      about: {
        handedOver: 'ended',
        child: { id: child?.id, key: child?.key, kind: 'favour' },
        state: 'done',
        reason: null,
      },
    };
    expect((await notesOn(parent)).slice(1)).toEqual([end, end]);
  });

  it('is done once by two nodes that race', async () => {
    const account = 'nodes';
    const parents = await Promise.all(
      Array.from({ length: 30 }, () => ask(account, handTo({ party: 'other' }))),
    );
    const nodes = [open(), open(), node];
    await until(async () => {
      await Promise.all(nodes.map((each) => passHandOffs(each, account)));
      return (await notesOn(parents.at(-1) as Ticket)).length > 0;
    }, forTheLog);
    await catchUp(account);
    for (const parent of parents) {
      expect(await childrenOf(parent)).toHaveLength(1);
      expect(await notesOn(parent)).toHaveLength(1);
    }
  });

  it('is done once when its transaction breaks in the middle', async () => {
    const account = 'broken';
    const parent = await ask(account, handTo({ party: 'other' }));
    // The last statement of the transaction waits, until the connection is cut.
    await withConnection(database.url, async (driver) => {
      await driver.unsafe(`
        create function tessera.wait_here() returns trigger language plpgsql as
          $$ begin perform pg_sleep(60); return new; end $$;
        create trigger wait_here before update on tessera.reader_position
          for each row when (new.account = 'broken' and new.reader = 'hand-offs') execute function tessera.wait_here()`);
      const dying = open();
      const broken = until(() => passHandOffs(dying, account), forTheLog);
      const outcome = broken.then(
        () => 'done',
        (error: Error) => error.name,
      );
      await until(
        () =>
          driver`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event = 'PgSleep'`.then(({ length }) => length > 0),
        forTheLog,
      );
      expect(await outcome).toBe('UnavailableError');
      await driver.unsafe('drop trigger wait_here on tessera.reader_position');
    });
    expect(await childrenOf(parent)).toEqual([]);
    expect((await find(account, { id: parent.id })).version).toBe(1);
    await catchUp(account);
    expect(await childrenOf(parent)).toHaveLength(1);
    expect(await notesOn(parent)).toHaveLength(1);
  });

  it('is not stopped by events that it does not understand', async () => {
    const account = 'odd';
    const odd = await ask(account, null);
    const write = (kind: string, to: string, data: object) => node.sql`
      insert into event (account, ticket, kind, type, from_state, to_state, version, actor, contract, data, at)
      values (${account}, ${odd.id}, ${kind}, 'ticket.dreamt', 'new', ${to}, 2, '{}', 'test',
        ${JSON.stringify(data)}::text::jsonb, now())`;
    await write('unheard', 'done', { handOff: handTo() });
    await write('unheard', 'nowhere', {});
    await write('errand', 'done', { handOff: 'nonsense' });
    const parent = await ask(account, handTo({ party: 'other' }));
    await catchUp(account);
    expect(await childrenOf(parent)).toHaveLength(1);
  });

  it('is not done for a ticket that was erased, and comes no more', async () => {
    const account = 'erased';
    const parent = await ask(account, handTo({ party: 'other' }));
    await node.writer.erase({
      actor: actorOf(account, account),
      contract: 'test',
      idempotency: null,
      kind: null,
      ref: { id: parent.id },
      ifMatch: null,
      answer: () => ({ status: 204, headers: {}, body: '' }),
    });
    await catchUp(account);
    const [row] = await node.sql<
      [{ n: number }]
    >`select count(*) as n from ticket where account = ${account}`;
    expect(row.n).toBe(0);
  });

  it('comes in the log where it belongs, while others change the ticket', async () => {
    const account = 'order';
    const writer = open();
    const parents = await Promise.all(
      Array.from({ length: 10 }, () => ask(account, handTo({ party: 'other' }))),
    );
    let isOpen = true;
    const changing = (async () => {
      while (isOpen) {
        for (const { id } of parents) {
          await writer.writer.change(
            moving({ id }, 'note', actorOf(account, account), { whenOvertaken: 'decideAgain' }),
          );
        }
      }
    })();
    await catchUp(account).finally(() => {
      isOpen = false;
    });
    await changing;
    for (const parent of parents) {
      expect(await notesOn(parent)).toHaveLength(1);
      const versions = await node.sql<{ version: number }[]>`
        select version from event where account = ${account} and ticket = ${parent.id} order by xid, seq`;
      expect(versions.map(({ version }) => version)).toEqual(versions.map((__, index) => index + 1));
    }
  });
});
