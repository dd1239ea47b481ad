import {
  type Catalogue,
  type CollectionRegistry,
  catalogueOf,
  compareKeys,
  type Entry,
  emptyCatalogue,
  shippedEntries,
} from '../../core/collection.ts';
import type { Sql } from '../database.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';

/** The small collections of the accounts, in memory. */
export interface Snapshots {
  /**
   * The account's catalogue at this version of it, or at a later one. Without a query where it is in memory.
   * @param version the number on the account's row
   */
  at(account: string, version: number): Promise<Catalogue>;
}

export function createSnapshots(sql: Sql, collections: CollectionRegistry): Snapshots {
  const small = [...collections.values()].filter(({ size }) => size === 'small').map(({ name }) => name);
  const nothing = Promise.resolve(emptyCatalogue);
  const known = new Map<string, { version: number; catalogue: Promise<Catalogue> }>();

  return {
    at(account, version) {
      if (small.length === 0) return nothing;
      const last = known.get(account);
      if (last && last.version >= version) return last.catalogue;
      const catalogue = loadCatalogue(sql, account, collections);
      const loading = { version, catalogue };
      known.set(account, loading);
      catalogue.catch(() => {
        if (known.get(account) === loading) known.delete(account);
      });
      return catalogue;
    },
  };
}

/** All small collections of an account, what came with the product among them. Index: entry's primary key. */
export async function loadCatalogue(
  sql: Sql,
  account: string,
  collections: CollectionRegistry,
): Promise<Catalogue> {
  const small = [...collections.values()].filter(({ size }) => size === 'small');
  const names = small.map(({ name }) => name);
  const rows = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from entry
    where account = ${account} and collection = any(${names}::text[])
    order by collection, number, key`;
  const written = Map.groupBy(rows.map(toEntry), ({ collection }) => collection);
  return catalogueOf(
    new Map(
      small.map((collection) => {
        const own = written.get(collection.name) ?? [];
        const shipped = shippedEntries(collection).filter(
          ({ key }) => !own.some((entry) => entry.key === key),
        );
        if (shipped.length === 0) return [collection.name, own];
        const byKey = (a: Entry, b: Entry) => compareKeys(collection, a.key, b.key);
        return [collection.name, [...own, ...shipped].sort(byKey)];
      }),
    ),
  );
}
