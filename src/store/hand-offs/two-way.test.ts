import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { useDatabase } from '../../../test/database.ts';
import { told } from '../../../test/errands.ts';
import { withConnection } from '../../../test/postgres-server.ts';
import { useStores } from '../../../test/stores.ts';
import { forTheLog, until } from '../../../test/until.ts';
import type { Input, Kind } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Written } from '../../kernel/answer.ts';
import { loadTicket, type TicketRef } from '../load.ts';
import type { Store } from '../store.ts';
import { findChildren } from './children.ts';
import { twoWayKinds, wish } from './fixture/two-way-kinds.ts';
import { passHandOffs } from './step.ts';

const database = useDatabase();
const stores = useStores(database);
const open = () => stores.open({ kinds: twoWayKinds });
let node: Store;
let accounts = 0;
beforeAll(() => {
  node = open();
});

async function newAccount(): Promise<string> {
  accounts += 1;
  return stores.account(`two-way-${accounts}`);
}

const byMe = (account: string) => ({
  actor: actorOf(account, account),
  contract: 'test',
  idempotency: null,
  answer: ({ key }: Ticket) => ({ status: 200, headers: {}, body: JSON.stringify({ key }) }),
});

async function make(account: string, kind: Kind, input: Input = {}): Promise<Ticket> {
  const request = { ...byMe(account), kind, command: { type: 'create', name: 'make', input } as const };
  const { key } = told((await node.writer.create(request)) as Written);
  return find(account, { key });
}

async function move({ account, id }: Ticket, name: string, input: Input = {}): Promise<void> {
  const command = { type: 'transition', name, input } as const;
  const written = await node.writer.change({
    ...byMe(account),
    ...{ ref: { id }, kind: null, ifMatch: null, whenOvertaken: 'decideAgain', command: () => command },
  });
  expect(written).toMatchObject({ ok: true });
}

async function find(account: string, ref: TicketRef): Promise<Ticket> {
  return (await loadTicket(node.sql, account, ref)) as Ticket;
}

/** Steps until nothing comes of anything any more. */
async function catchUp(account: string, nodes: readonly Store[] = [node]): Promise<void> {
  await until(async () => {
    await Promise.all(nodes.map((each) => passHandOffs(each, account)));
    const unread = await node.sql`
      select 1 from event e left join reader_position r on r.account = e.account and r.reader = 'hand-offs'
      where e.account = ${account} and (r.xid is null or (e.xid, e.seq) > (r.xid, r.seq)) limit 1`;
    return unread.length === 0;
  }, forTheLog);
}

async function childOf({ account, id }: Ticket): Promise<Ticket> {
  const [found] = await findChildren(node.sql, account, [id]);
  return find(account, { id: found?.child.id ?? '' });
}

/** The history of a ticket since it was made: what was done, in whose role, through which contract, and what was told. */
async function history({ account, id }: Ticket): Promise<unknown[]> {
  const rows = await node.sql<
    { name: string; role: string; contract: string; data: Input; version: number }[]
  >`
    select coalesce(name, type) as name, actor->>'role' as role, contract, data, version from event
    where account = ${account} and ticket = ${id} order by xid, seq`;
  expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
  return rows.slice(1).map(({ name, role, contract, data }) => {
    const { heard, body } = data as { heard?: { type: string; state: string | null }; body?: string };
    return [name, role, contract, heard ? `${heard.type} ${heard.state}` : (body ?? null)];
  });
}

const heard = (name: string, what: string) => [name, 'ear', 'hand-off', what];
const settledBy = [
  ['ticket.commented', 'system', 'settlement', 'It is settled.'],
  ['finish', 'worker', 'settlement', null],
];

describe('a ticket whose kind hears', { timeout: 90_000 }, () => {
  it('does what its kind says when its child is made, moves, ends and is opened again', async () => {
    const account = await newAccount();
    const parent = await make(account, wish);
    await catchUp(account);
    const child = await childOf(parent);
    const [event] = await node.sql`
      select data from event where account = ${account} and ticket = ${parent.id} and name = 'hear'`;
    expect(event?.data).toEqual({
      heard: {
        type: 'made',
        kind: 'chore',
        child: { id: child.id, key: 'CHO-1', kind: 'chore' },
        state: 'todo',
        reason: null,
      },
    });
    for (const name of ['begin', 'finish']) await move(child, name);
    await catchUp(account);
    expect((await find(account, { id: parent.id })).state).toBe('granted');
    for (const name of ['begin', 'finish', 'shut']) await move(child, name);
    await catchUp(account);
    expect(await history(parent)).toEqual([
      heard('hear', 'made todo'),
      heard('hear', 'moved doing'),
      heard('grant', 'ended finished'),
      heard('renew', 'reopened doing'),
      heard('grant', 'ended finished'),
      heard('hearLater', 'moved shut'),
    ]);
    expect((await find(account, { id: parent.id })).state).toBe('granted');
  });

  it('hears why no child was made', async () => {
    const account = await newAccount();
    const parent = await make(account, wish, { chore: { fault: true } });
    await catchUp(account);
    const [event] = await node.sql`
      select data from event where account = ${account} and ticket = ${parent.id} and name = 'hear'`;
    expect(event?.data.heard).toEqual({
      type: 'refused',
      kind: 'chore',
      ...{ child: null, state: null, reason: 'Not this one.' },
    });
  });

  it('gets a note where its kind has nothing to say, is broken, or says what may not be done', async () => {
    const account = await newAccount();
    const deaf = await make(account, wish, { isDeaf: true });
    const broken = await make(account, wish, { isBroken: true });
    const taken = await make(account, wish, { key: 'only one' });
    await catchUp(account);
    for (const parent of [deaf, broken, taken]) {
      for (const name of ['begin', 'finish']) await move(await childOf(parent), name);
    }
    await catchUp(account);
    await node.sql`
      update ticket set unique_key = 'only one' where account = ${account} and id = ${deaf.id}`;
    await move(await childOf(taken), 'begin');
    await move(await childOf(broken), 'shut');
    await move(await childOf(deaf), 'shut');
    await catchUp(account);
    const noted = (body: string) => ['ticket.commented', 'system', 'hand-off', body];
    const keyOf = async (parent: Ticket) => (await childOf(parent)).key;
    for (const parent of [deaf, broken]) {
      const told = await history(parent);
      expect(told[0]).toEqual(noted(`Handed over: Chore ${await keyOf(parent)} was made from this ticket.`));
      expect(told.at(-1)).toEqual(noted(`Chore ${await keyOf(parent)} is now “Shut”.`));
    }
    expect(await history(deaf)).toHaveLength(2);
    expect((await history(taken)).at(-1)).toEqual(noted(`Chore ${await keyOf(taken)} is now “In hand”.`));
    expect((await find(account, { id: taken.id })).state).toBe('granted');
  });

  it('hears nothing of a ticket that somebody linked to it later', async () => {
    const account = await newAccount();
    const [parent, other] = [await make(account, wish), await make(account, wish)];
    await catchUp(account);
    await node.sql`
      insert into ticket_link (account, ticket, relation, other, created_at)
      values (${account}, ${(await childOf(parent)).id}, 'parent', ${other.id}, now())`;
    await move(await childOf(parent), 'finish');
    await catchUp(account);
    expect(await history(parent)).toHaveLength(2);
    expect(await history(other)).toHaveLength(1);
  });
});

describe('a ticket that tells its children of a settlement', { timeout: 90_000 }, () => {
  it('has each of them commented and brought to its end, and is told of that only', async () => {
    const account = await newAccount();
    const parent = await make(account, wish);
    await move(parent, 'ask');
    await move(parent, 'drop');
    await catchUp(account);
    const children = await findChildren(node.sql, account, [parent.id]);
    expect(children).toHaveLength(2);
    for (const { child } of children) {
      const ticket = await find(account, { id: child.id });
      expect(ticket.state).toBe('finished');
      expect(await history(ticket)).toEqual(settledBy);
      const [comment] = await node.sql`
        select data from event where account = ${account} and ticket = ${child.id} and type = 'ticket.commented'`;
      expect(comment?.data).toEqual({
        body: 'It is settled.',
        visibility: 'internal',
        about: {
          handedOver: 'settled',
          parent: { id: parent.id, key: parent.key, kind: 'wish' },
        },
      });
    }
    expect((await history(parent)).slice(2)).toEqual(
      ['made todo', 'made todo', 'settled finished', 'settled finished'].map((what) =>
        heard('hearLater', what),
      ),
    );
  });

  it('does not tell a child again what that child told it, and ends', async () => {
    const account = await newAccount();
    const parent = await make(account, wish, { tellsAll: true });
    await move(parent, 'ask');
    await catchUp(account);
    const ids = (await findChildren(node.sql, account, [parent.id])).map(({ child }) => child.id);
    const tickets = () => Promise.all(ids.map((id) => find(account, { id })));
    const [first] = await tickets();
    await move(first as Ticket, 'begin');
    await catchUp(account);
    const names = (await Promise.all((await tickets()).map(history))).map((entries) =>
      entries.map((entry) => (entry as string[])[0]),
    );
    // Each birth settles the other child, and that end once more the one that was settled first.
    const settled = ['ticket.commented', 'finish', 'ticket.commented'];
    expect(names).toEqual([[...settled, 'begin'], settled]);
    const before = await history(parent);
    await catchUp(account);
    expect(await history(parent)).toEqual(before);
  });

  it('is heard by children that are done, stubborn or broken, which get the comment', async () => {
    const account = await newAccount();
    const flags = [{ isStubborn: true }, { isBroken: true }, {}];
    const parents = await Promise.all(flags.map((flag) => make(account, wish, { chore: flag })));
    await catchUp(account);
    await move(await childOf(parents[2] as Ticket), 'shut');
    for (const parent of parents) await move(parent, 'drop');
    await catchUp(account);
    const states: string[] = [];
    for (const parent of parents) {
      const child = await childOf(parent);
      states.push(child.state);
      expect((await history(child)).at(-1)).toEqual(settledBy[0]);
    }
    expect(states).toEqual(['todo', 'todo', 'shut']);
  });

  it('tells them once, whatever the number of nodes', async () => {
    const account = await newAccount();
    const parents = await Promise.all(Array.from({ length: 20 }, () => make(account, wish)));
    for (const parent of parents) await move(parent, 'drop');
    await catchUp(account, [open(), open(), node]);
    for (const parent of parents) {
      expect(await history(await childOf(parent))).toEqual(settledBy);
      expect(await history(parent)).toEqual([
        ['drop', 'keeper', 'test', null],
        heard('hearLater', 'made todo'),
        heard('hearLater', 'settled finished'),
      ]);
    }
  });

  it('tells them once when the transaction breaks in the middle', async () => {
    const account = await newAccount();
    const parent = await make(account, wish);
    await catchUp(account);
    await move(parent, 'drop');
    await withConnection(database.url, async (driver) => {
      await driver.unsafe(`
        create function tessera.wait_here() returns trigger language plpgsql as
          $$ begin perform pg_sleep(60); return new; end $$;
        create trigger wait_here before update on tessera.reader_position
          for each row when (new.account = '${account}' and new.reader = 'hand-offs') execute function tessera.wait_here()`);
      const dying = open();
      const outcome = until(() => passHandOffs(dying, account), forTheLog).then(
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
    expect(await history(await childOf(parent))).toEqual([]);
    await catchUp(account);
    expect(await history(await childOf(parent))).toEqual(settledBy);
  });
});

it('takes no settlement from a client', async () => {
  const account = await newAccount();
  const parent = await make(account, wish);
  await catchUp(account);
  const child = await childOf(parent);
  await move(child, 'begin', { settlement: { comment: 'Mine.' } });
  const [event] = await node.sql`
    select data from event where account = ${account} and ticket = ${child.id} and name = 'begin'`;
  expect(event?.data).toEqual({});
});
