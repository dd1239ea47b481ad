import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { collections, people, shelves, topics } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import type { Collection } from '../../core/collection.ts';
import type { Store } from '../store.ts';
import { importEntries } from './import-entries.ts';
import { searchEntries } from './search.ts';

const stores = useStores(useDatabase());
let store: Store;

/** Names of which some are much alike; in a small collection with text keys, and in a large one with numbers. */
const NAMES = [
  'Form lost',
  'From another shop',
  'Refund refused',
  'Refunding delayed',
  'Delivery late',
  'Late delivery of a refund',
  'Größe falsch',
  'Fee CCR101',
  'Fee CCR102',
];
const kept = [
  {
    collection: topics,
    entries: NAMES.map((name, at) => ({ key: `t${at}`, data: { name, level: 1 }, place: '' })),
  },
  { collection: people, entries: NAMES.map((name) => ({ key: null, data: { name }, place: '' })) },
];

beforeAll(async () => {
  store = stores.open({ collections });
  for (const account of ['searched', 'other']) await stores.account(account);
  for (const { collection, entries } of kept) {
    const answer = () => ({ status: 200, headers: {}, body: '' });
    const from = { actor: actorOf('searched', null, 'me'), contract: 'test' };
    await importEntries(store, { ...from, collection, entries, idempotency: null, dryRun: false, answer });
  }
});

async function find(collection: Collection, text: string, limit = 10): Promise<unknown[]> {
  const found = await searchEntries(store, 'searched', collection, text, limit);
  return found.map(({ data }) => data.name);
}

describe.each([
  ['small', topics],
  ['large', people],
])('a search in a %s collection', (_, collection) => {
  it.each([
    ['refund', ['Late delivery of a refund', 'Refund refused', 'Refunding delayed']],
    ['REFUNDING', ['Refunding delayed']],
    ['ref del', ['Refunding delayed', 'Late delivery of a refund']],
    ['grosse', ['Größe falsch']],
    ['GRÖSSE falsch', ['Größe falsch']],
    ['grösse flasch', ['Größe falsch']],
    ['ccr', ['Fee CCR101', 'Fee CCR102']],
    ['ccr101', ['Fee CCR101']],
    ['form', ['Form lost']],
    ['form shop', ['From another shop']],
    ['delvery', ['Delivery late', 'Late delivery of a refund']],
    ['refnud', ['Refund refused', 'Late delivery of a refund', 'Refunding delayed']],
    ['ledivery', []],
    ['ccr103', []],
    ['refund lost', []],
    ['', []],
    ['!?', []],
  ])('for %j', async (text, names) => {
    const found = await find(collection, text);
    expect([...found].sort()).toEqual([...names].sort());
  });

  it('gives whole words first, and no more than asked for', async () => {
    expect((await find(collection, 'refund')).at(-1)).toBe('Refunding delayed');
    expect(await find(collection, 'refund', 2)).toEqual(['Refund refused', 'Late delivery of a refund']);
  });

  it('sees nothing of another account', async () => {
    expect(await searchEntries(store, 'other', collection, 'refund', 10)).toEqual([]);
  });

  it('takes any text', async () => {
    for (const text of ["'; drop", '%', '_____', 'a'.repeat(5_000), '\\', 'x '.repeat(100)])
      await find(collection, text);
  });
});

it('finds nothing where the collection cannot be searched', async () => {
  expect(await find(shelves, 'refund')).toEqual([]);
});

it('finds at once what was just written', async () => {
  const answer = () => ({ status: 200, headers: {}, body: '' });
  const entries = [{ key: 'new', data: { name: 'Brandnew', level: 1 }, place: '' }];
  await importEntries(store, {
    actor: actorOf('searched', null, 'me'),
    contract: 'test',
    collection: topics,
    entries,
    idempotency: null,
    dryRun: false,
    answer,
  });
  expect(await find(topics, 'brandnew')).toEqual(['Brandnew']);
});
