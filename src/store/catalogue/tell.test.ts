import { beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { colors } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import { forTheLog, until } from '../../../test/until.ts';
import type { Collection, EntryData } from '../../core/collection.ts';
import { findHeardEvent, isHeardBy, readHeardEvents } from '../heard-events.ts';
import { LOG_START, readLog } from '../log.ts';
import type { Store } from '../store.ts';
import { changeEntry } from './change-entry.ts';
import { type ImportedEntry, importEntries } from './import-entries.ts';
import { entryId } from './tell.ts';

const account = 'home';
const told: Collection = { ...colors, name: 'told-colors', shipped: [], isTold: true };
const silent: Collection = { ...told, name: 'silent-colors', isTold: false };
const collections = new Map([told, silent].map((one) => [one.name, one]));
const stores = useStores(useDatabase());
let store: Store;
beforeAll(async () => {
  await stores.account(account);
  store = stores.open({ collections });
});

const author = { actor: actorOf(account, null, 'ada'), contract: 'test', idempotency: null };
const answer = () => ({ status: 200, headers: {}, body: '' });

async function change(collection: Collection, key: string, data: EntryData | null): Promise<void> {
  const wish = { ...author, collection, key, ifMatch: null, answer };
  const written = await changeEntry(store, { ...wish, change: data && (() => data) });
  expect(written.ok).toBe(true);
}

function load(collection: Collection, entries: readonly ImportedEntry[], dryRun = false) {
  return importEntries(store, { ...author, collection, entries, dryRun, answer });
}

const row = (key: string, data: EntryData): ImportedEntry => ({ key, data, place: `/${key}` });

async function toldEvents() {
  await until(async () => (await readHeardEvents(store.sql, account, LOG_START, 100)).length >= 6, forTheLog);
  return readHeardEvents(store.sql, account, LOG_START, 100);
}

it('what becomes of entries is told in their order, where their collection says so', async () => {
  for (const collection of [silent, told]) {
    await change(collection, 'blue', { name: 'Blue' });
    await change(collection, 'blue', { name: 'Blue' });
    await change(collection, 'blue', { name: 'Navy', hex: '#000080' });
    await load(collection, [row('blue', { name: 'Navy' }), row('red', { name: 'Red' })]);
    await load(collection, [row('red', { name: 'Red' }), row('tan', { name: 'Tan' })], true);
    await load(collection, [row('red', { name: 'Ruby' })]);
    await change(collection, 'blue', null);
  }
  const events = await toldEvents();
  const data = (key: string, changed?: string[]) => ({
    collection: told.name,
    key,
    ...(changed && { changed }),
  });
  expect(events.map(({ type, key, version, data }) => [type, key, version, data])).toEqual([
    ['entry.created', 'blue', 1, data('blue')],
    ['entry.changed', 'blue', 2, data('blue', ['hex', 'name'])],
    ['entry.changed', 'blue', 3, data('blue', ['hex'])],
    ['entry.created', 'red', 1, data('red')],
    ['entry.changed', 'red', 2, data('red', ['name'])],
    ['entry.deleted', 'blue', 4, data('blue')],
  ]);
  const [first] = events;
  expect(first).toMatchObject({
    ticket: entryId(told, 'blue'),
    kind: told.kind,
    from: null,
    to: null,
    contract: 'test',
    actor: { id: 'ada', name: 'The client of null', type: 'client', party: null, role: null },
  });
  expect(first && (await findHeardEvent(store.sql, account, first.position))).toEqual(first);
  expect(events.every((event) => isHeardBy(event, 'anybody'))).toBe(true);
  // The log of tickets has none of them.
  expect(await readLog(store.sql, account, LOG_START, 100)).toEqual([]);
});
