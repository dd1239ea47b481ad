import { describe, expect, it } from 'vitest';
import { collections, colors, shelves } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import type { Collection } from '../../core/collection.ts';
import { registerCollections } from '../../core/register-collections.ts';
import { inTransaction, type Sql } from '../database.ts';
import { holdCatalogue } from './hold.ts';
import { putEntries } from './put-entries.ts';
import { type CatalogueVersions, createSnapshots } from './snapshot.ts';

const stores = useStores(useDatabase());

/** A handle that notes which collections are read, and does something before an answer. */
function watched() {
  const { sql } = stores.shared;
  const seen: { read: string[]; before: () => Promise<unknown> } = { read: [], before: async () => {} };
  const tag = async (template: TemplateStringsArray, ...rest: unknown[]) => {
    const isRead = template.join('').includes('from entry');
    if (isRead) seen.read.push((rest[2] as string[]).join());
    const rows = await sql(template, ...(rest as never[]));
    if (isRead) await seen.before();
    return rows;
  };
  const handle = (first: TemplateStringsArray, ...rest: never[]) =>
    first.join('').includes('select') ? tag(first, ...rest) : sql(first, ...rest);
  return { seen, sql: handle as unknown as Sql };
}

/** Writes an entry as any node does, and tells the versions after it. */
async function put(
  account: string,
  collection: Collection,
  key: string,
  name: string,
): Promise<CatalogueVersions> {
  await inTransaction(stores.shared.sql, async (tx) => {
    await holdCatalogue(tx, account, collection, collections, 'write');
    await putEntries(tx, account, collection, [{ key, data: { name } }], new Date());
  });
  const rows = await stores.shared.sql<{ catalogue: CatalogueVersions }[]>`
    select catalogue from account where account = ${account}`;
  return rows[0]?.catalogue ?? {};
}

const all = 'colors,shelves,topics';

describe('snapshots', () => {
  it('ask the database once, however many ask at once, and then only for what has changed', async () => {
    const account = await stores.account('a');
    const { seen, sql } = watched();
    const snapshots = createSnapshots(sql, collections);
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => snapshots.at(account, {})));
    for (const other of others) expect(other).toBe(first);
    expect(await snapshots.at(account, {})).toBe(first);
    expect(seen.read).toEqual([all]);

    const versions = await put(account, colors, 'blue', 'Blue');
    const second = await snapshots.at(account, versions);
    expect(second.entries('colors').map(({ key }) => key)).toEqual(['black', 'blue', 'red']);
    expect(second.entries('shelves')).toBe(first?.entries('shelves'));
    expect(await snapshots.at(account, {})).toBe(second);
    expect(seen.read).toEqual([all, 'colors']);
  });

  it('read again what another one wrote just then, so that all collections are of one moment', async () => {
    const account = await stores.account('b');
    const { seen, sql } = watched();
    const snapshots = createSnapshots(sql, collections);
    await snapshots.at(account, {});
    const versions = await put(account, shelves, '1', 'A');
    seen.before = async () => {
      seen.before = async () => {};
      await put(account, colors, 'blue', 'Blue');
      await put(account, shelves, '1', 'B');
    };
    const catalogue = await snapshots.at(account, versions);
    expect(catalogue.entry('shelves', '1')?.data.name).toBe('B');
    expect(catalogue.entry('colors', 'blue')?.data.name).toBe('Blue');
    expect(seen.read).toEqual([all, 'shelves', 'colors,shelves']);
  });

  it('ask again after the database was away', async () => {
    const account = await stores.account('c');
    const { seen, sql } = watched();
    const snapshots = createSnapshots(sql, collections);
    const away = () => Promise.reject(new Error('away'));
    seen.before = away;
    await expect(snapshots.at(account, {})).rejects.toThrow('away');
    seen.before = async () => {};
    expect((await snapshots.at(account, {})).entries('colors').map(({ key }) => key)).toEqual([
      'black',
      'red',
    ]);
    const versions = await put(account, colors, 'blue', 'Blue');
    seen.before = away;
    await expect(snapshots.at(account, versions)).rejects.toThrow('away');
    seen.before = async () => {};
    expect((await snapshots.at(account, versions)).entry('colors', 'blue')).not.toBeNull();
  });

  it('ask nothing where no collection is small', async () => {
    const { seen, sql } = watched();
    const snapshots = createSnapshots(sql, registerCollections([]));
    expect((await snapshots.at('a', { colors: 7 })).entries('colors')).toEqual([]);
    expect(seen.read).toEqual([]);
  });

  it('hold no large collection', async () => {
    const account = await stores.account('d');
    const { sql } = stores.shared;
    await sql`
      insert into entry (account, collection, key, number, data, version, created_at, updated_at)
      values (${account}, 'people', '1', 1, '{"name":"Ann"}', 1, now(), now())`;
    const catalogue = await createSnapshots(sql, collections).at(account, {});
    expect(catalogue.entry('people', '1')).toBeNull();
    expect(catalogue.entries('people')).toEqual([]);
  });
});
