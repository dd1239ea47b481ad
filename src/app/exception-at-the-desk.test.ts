import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import type { Input } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import { systemActor } from '../kernel/actor.ts';
import { passHandOffs } from '../store/hand-offs/step.ts';
import { findLinks } from '../store/links.ts';
import { readTimeline } from '../store/log.ts';
import type { Store } from '../store/store.ts';
import { composeCollections, composeKinds } from './compose.ts';

const kinds = composeKinds();
const exception = kinds.get('exception');

const database = useDatabase();
const stores = useStores(database);
const account = 'builder';
let store: Store;
beforeAll(async () => {
  store = stores.open({ kinds, collections: composeCollections() });
  await stores.account(account);
});

const bySystem = {
  actor: systemActor(account),
  ...{ contract: 'test', idempotency: null },
  answer: ({ id }: Ticket) => ({ status: 200, headers: {}, body: id }),
};

let items = 0;

/** Opens an exception as a rule does; without Zendesk in the account's settings it goes to the product's own desk. */
async function open(more: Input = {}): Promise<string> {
  if (!exception) throw new Error('There are no exceptions');
  items += 1;
  const input = {
    ...{ title: 'Missing ETA', type: '1', typeName: 'ETA_MISSING', rule: '1', authorizationNumber: items },
    ...{ requestType: null, serviceProviderId: 7, serviceProviderName: 'Example SP Inc', priority: 1 },
    ...{ comment: 'No ETA by noon.', shift: 'dayside', callToAction: 'Ask them.', system: 'desk', ...more },
  };
  const command = { type: 'create', name: 'open', input } as const;
  const made = await store.writer.create({ ...bySystem, kind: exception, command });
  if (!made.ok) throw new Error(made.message);
  return made.answer.body;
}

async function move(id: string, name: string, as: string, input: Input = {}): Promise<void> {
  const written = await store.writer.change({
    ...bySystem,
    ...{ ref: { id }, kind: null, ifMatch: null, whenOvertaken: 'decideAgain' },
    command: () => ({ type: 'transition', name, as, input }),
  });
  expect(written).toMatchObject({ ok: true });
}

/** Passes on what the tickets have to tell each other, until nothing is left. */
async function pass(): Promise<void> {
  await until(async () => {
    await passHandOffs(store, account);
    const unread = await store.sql`
      select 1 from event e left join reader_position r on r.account = e.account and r.reader = 'hand-offs'
      where e.account = ${account} and (r.xid is null or (e.xid, e.seq) > (r.xid, r.seq)) limit 1`;
    return unread.length === 0;
  }, forTheLog);
}

async function load(id: string): Promise<Ticket> {
  return (await store.load(account, { id })) as Ticket;
}

async function deskTicketOf(id: string): Promise<Ticket> {
  const links = (await findLinks(store.sql, account, [id])).get(id) ?? [];
  expect(links).toHaveLength(1);
  return load(links[0]?.other ?? '');
}

async function history(id: string): Promise<(string | null)[]> {
  return (await readTimeline(store.sql, account, id, 0, 100)).map(({ name, type }) => name ?? type);
}

describe.runIf(exception && kinds.has('desk'))('an exception at the own desk', { timeout: 90_000 }, () => {
  it('has a ticket there, is closed when that is solved, and opened when it is opened again', async () => {
    const id = await open();
    await pass();
    const desk = await deskTicketOf(id);
    expect(desk).toMatchObject({ kind: 'desk', state: 'new', title: 'Missing ETA', priority: 1 });
    const { key } = await load(id);
    expect(desk.externalReference).toBe(key);
    const [created] = await readTimeline(store.sql, account, desk.id, 0, 1);
    expect(created?.data.content).toBe(
      `No ETA by noon.\n\nAsk them.\n\nWork item ${items}, Example SP Inc. Exception ${key}, ETA_MISSING.`,
    );
    expect((await load(id)).fields).toMatchObject({
      helpDesk: { system: 'desk', answered: true, reference: desk.key, status: 'new', fault: null },
      references: [{ domain: 'desk', type: 'ticket', identifier: desk.key }],
    });

    await move(desk.id, 'setHolding', 'agent');
    await pass();
    expect((await load(id)).fields).toMatchObject({ helpDesk: { status: 'hold' } });
    await move(desk.id, 'setSolved', 'agent');
    await pass();
    expect(await load(id)).toMatchObject({ state: 'closed', uniqueKey: null, fields: { settled: false } });
    await move(desk.id, 'setOpen', 'agent');
    await pass();
    expect(await load(id)).toMatchObject({ state: 'open', uniqueKey: `1 ${items}` });
    await move(desk.id, 'setSolved', 'agent');
    await move(desk.id, 'setClosed', 'agent');
    await pass();
    expect(await history(id)).toEqual(['open', 'answer', 'note', 'solve', 'reopen', 'solve', 'note']);
  });

  it('has the ticket commented and solved when the work item settles it, and stays closed whatever comes', async () => {
    const id = await open();
    // Told before the ticket at the desk is made.
    await move(id, 'settle', 'engine');
    await pass();
    const desk = await deskTicketOf(id);
    expect(desk.state).toBe('solved');
    expect(await history(desk.id)).toEqual(['create', 'ticket.commented', 'setSolved']);
    expect(await load(id)).toMatchObject({
      state: 'closed',
      fields: { settled: true, helpDesk: { status: 'solved' } },
    });
    await move(desk.id, 'setOpen', 'agent');
    await pass();
    expect(await load(id)).toMatchObject({ state: 'closed', fields: { helpDesk: { status: 'open' } } });
    expect(await history(id)).toEqual(['open', 'settle', 'answer', 'note', 'note']);
    await move(id, 'settle', 'engine');
    await pass();
    expect(await history(desk.id)).toHaveLength(4);
  });

  it('stays closed where a newer exception has its place', async () => {
    const id = await open();
    await pass();
    const desk = await deskTicketOf(id);
    await move(desk.id, 'setSolved', 'agent');
    await pass();
    items -= 1;
    const newer = await open();
    await move(desk.id, 'setOpen', 'agent');
    await pass();
    expect(await load(id)).toMatchObject({ state: 'closed', fields: { helpDesk: { status: 'open' } } });
    expect(await load(newer)).toMatchObject({ state: 'open' });
  });

  it('shows why the desk took no ticket, and asks again when somebody says so', async () => {
    const id = await open({ title: 'x'.repeat(1000), comment: 'y'.repeat(20_000), callToAction: '' });
    // What was handed over is more than a ticket there may hold, until somebody has changed that.
    await store.sql`
      update event set data = jsonb_set(data, '{handOff,title}', to_jsonb(repeat('x', 1001)))
      where account = ${account} and ticket = ${id}`;
    await pass();
    expect((await load(id)).fields).toMatchObject({
      helpDesk: { answered: false, reference: null, fault: expect.stringContaining('- title') },
    });
    await move(id, 'retry', 'partner');
    await pass();
    expect((await load(id)).fields).toMatchObject({ helpDesk: { answered: true, fault: null } });
    expect(await history(id)).toEqual(['open', 'fail', 'retry', 'answer']);
  });
});
