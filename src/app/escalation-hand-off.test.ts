import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import type { Input } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import { systemActor } from '../kernel/actor.ts';
import { ensureParty } from '../store/accounts.ts';
import { changeEntry } from '../store/catalogue/change-entry.ts';
import { passHandOffs } from '../store/hand-offs/step.ts';
import { findLinks } from '../store/links.ts';
import { readTimeline } from '../store/log.ts';
import type { Store } from '../store/store.ts';
import { composeCollections, composeKinds } from './compose.ts';

const kinds = composeKinds();
const care = kinds.get('care');

const database = useDatabase();
const stores = useStores(database);
const account = 'shop';
let store: Store;
beforeAll(async () => {
  store = stores.open({ kinds, collections: composeCollections() });
  await stores.account(account);
  await ensureParty(store.sql, account, { key: 'carrier', name: 'Carrier' });
});

const actor = systemActor(account);
const answer = ({ id }: Ticket) => ({ status: 200, headers: {}, body: id });
const bySystem = { actor, contract: 'test', idempotency: null, answer };

/** Writes an entry of reference data, and gives the faults that it was refused for. */
async function save(name: string, key: string, data: Input) {
  const collection = store.collections.get(name);
  if (!collection) throw new Error(`There is no collection ${name}`);
  const written = await changeEntry(store, {
    ...{ actor, contract: 'test', collection, key, ifMatch: null, idempotency: null },
    change: () => data,
    answer: () => ({ status: 200, headers: {}, body: '' }),
  });
  return written.ok ? [] : (written.errors ?? []);
}

const department = (handOff: Input) => save('departments', 'field', { label: 'Field', handOff });

/** Opens a care ticket and escalates it to the department; gives the ticket that came of it, and what was noted. */
async function escalate(): Promise<{ child: Ticket | null; note: unknown }> {
  if (!care) throw new Error('There is no customer care');
  const customer = { id: 'c-7', name: 'Ana Ruiz', email: 'ana@example.com' };
  const opening = { type: 'create', name: 'create', input: { title: 'Cold food', customer } } as const;
  const made = await store.writer.create({ ...bySystem, kind: care, command: opening });
  if (!made.ok) throw new Error(made.message);
  const id = made.answer.body;
  const input = { department: 'field' };
  const moved = await store.writer.change({
    ...bySystem,
    ...{ ref: { id }, kind: null, ifMatch: null, whenOvertaken: 'decideAgain' },
    command: () => ({ type: 'transition', name: 'escalate', as: 'agent', input }),
  });
  expect(moved).toMatchObject({ ok: true });
  const noted = async () => (await readTimeline(store.sql, account, id, 0, 100))[2]?.data.body;
  await until(async () => {
    await passHandOffs(store, account);
    return (await noted()) !== undefined;
  }, forTheLog);
  const [link] = (await findLinks(store.sql, account, [id])).get(id) ?? [];
  return { child: link ? await store.load(account, { id: link.other }) : null, note: await noted() };
}

describe.runIf(care && kinds.has('desk'))('an escalation to the help desk', { timeout: 60_000 }, () => {
  it('comes into the group that the department names, from the customer', async () => {
    expect(await save('groups', '7', { name: 'Returns' })).toEqual([]);
    expect(await department({ kind: 'desk', queue: '7', input: { tags: ['vip'] } })).toEqual([]);
    expect((await escalate()).child).toMatchObject({
      kind: 'desk',
      title: 'Cold food',
      queue: '7',
      tags: ['vip'],
      fields: { from: 'ana@example.com', fromName: 'Ana Ruiz', customerName: 'Ana Ruiz c-7' },
    });
  });

  it('is noted as impossible once the group is gone', async () => {
    expect(await save('groups', '8', { name: 'Gone' })).toEqual([]);
    expect(await department({ kind: 'desk', queue: '8' })).toEqual([]);
    await store.sql`delete from entry where account = ${account} and collection = 'groups' and key = '8'`;
    await store.sql`update account set catalogue = catalogue || '{"groups": 99}' where account = ${account}`;
    store.directory.forget(account);
    const { child, note } = await escalate();
    expect(child).toBeNull();
    expect(note).toContain('\n- queue there is no group 8');
  });

  it.each([
    [{ queue: '77' }, '/handOff/queue', 'there is no group 77'],
    [{ input: { priority: 9 } }, '/handOff/input/priority', 'must be an integer from 1 to 4'],
    [{ input: { brand: 99 } }, '/handOff/input/brand', 'there is no brand 99'],
  ])('is refused for %j when the department is saved', async (more, pointer, message) => {
    expect(await department({ kind: 'desk', ...more })).toEqual([{ pointer, message }]);
  });
});

describe.runIf(care && kinds.has('trouble'))('an escalation to another party', { timeout: 60_000 }, () => {
  it('comes into the queue that the department names', async () => {
    expect(await department({ kind: 'trouble', party: 'carrier', queue: 'noc' })).toEqual([]);
    expect((await escalate()).child).toMatchObject({ kind: 'trouble', owner: 'carrier', queue: 'noc' });
  });

  it.each([
    [{}, '/handOff/party', 'is required'],
    [{ party: 'nobody' }, '/handOff/party', 'must be the key of a party that there is'],
  ])('is refused for %j when the department is saved', async (more, pointer, message) => {
    expect(await department({ kind: 'trouble', ...more })).toEqual([{ pointer, message }]);
  });
});

describe.runIf(care && kinds.has('service'))('an escalation to an operator', { timeout: 60_000 }, () => {
  const vehicle = { vin: 'JH4KA7630PC007649', vehicleModelId: 7 };

  it('comes into the queue that the department names', async () => {
    const input = { ...vehicle, customerId: '160c0c4b-9966-4dc1-a916-8407eb10d74e' };
    expect(await department({ kind: 'service', queue: 'bay', input })).toEqual([]);
    expect((await escalate()).child).toMatchObject({ kind: 'service', queue: 'bay', fields: vehicle });
  });

  it('is noted as impossible where the customer is no UUID and the department names none', async () => {
    expect(await department({ kind: 'service', input: vehicle })).toEqual([]);
    const { child, note } = await escalate();
    expect(child).toBeNull();
    expect(note).toContain('\n- customerId is required');
  });

  it('is refused without a vehicle when the department is saved', async () => {
    const faults = await department({ kind: 'service' });
    expect(faults.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/handOff/input/vehicleModelId',
      '/handOff/input/vin',
    ]);
  });
});
