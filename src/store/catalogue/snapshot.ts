import {
  type Catalogue,
  type Collection,
  type CollectionRegistry,
  catalogueOf,
  compareKeys,
  type Entry,
  emptyCatalogue,
  shippedEntries,
} from '../../core/collection.ts';
import type { Sql } from '../database.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';

/** How often each small collection of an account was written, by name; 0 where it is missing. */
export type CatalogueVersions = Readonly<Record<string, number>>;

/** The small collections of the accounts, in memory. */
export interface Snapshots {
  /**
   * The account's catalogue at these versions, or at later ones. Without a query where it is in memory, else with one
   * that reads what has changed.
   * @param versions those on the account's row
   */
  at(account: string, versions: CatalogueVersions): Promise<Catalogue>;
}

interface Snapshot {
  readonly versions: CatalogueVersions;
  readonly lists: ReadonlyMap<string, readonly Entry[]>;
  readonly catalogue: Catalogue;
}

/** When somebody writes again and again just while it is read, the last reading has to do until the next look. */
const MOST_READINGS = 5;

export function createSnapshots(sql: Sql, collections: CollectionRegistry): Snapshots {
  const small = smallOf(collections);
  const nothing = Promise.resolve(emptyCatalogue);
  const known = new Map<string, { versions: CatalogueVersions; snapshot: Promise<Snapshot> }>();

  /** The names of the collections that are not as these versions say. */
  function changed(have: CatalogueVersions, wanted: CatalogueVersions): string[] {
    return small.map(({ name }) => name).filter((name) => (have[name] ?? 0) < (wanted[name] ?? 0));
  }

  async function read(
    account: string,
    before: Snapshot | null,
    wanted: CatalogueVersions,
  ): Promise<Snapshot> {
    const stale = new Set(before ? changed(before.versions, wanted) : small.map(({ name }) => name));
    let versions = wanted;
    for (let readings = 1; ; readings += 1) {
      const read = await readLists(
        sql,
        account,
        small.filter(({ name }) => stale.has(name)),
      );
      const now = await readVersions(sql, account);
      const moved = changed(versions, now);
      versions = now;
      for (const name of moved) stale.add(name);
      if (moved.length > 0 && readings < MOST_READINGS) continue;
      const lists = new Map([...(before?.lists ?? []), ...read]);
      return { versions, lists, catalogue: catalogueOf(lists) };
    }
  }

  return {
    async at(account, versions) {
      if (small.length === 0) return nothing;
      const last = known.get(account);
      if (last && changed(last.versions, versions).length === 0) return (await last.snapshot).catalogue;
      const before = last ? last.snapshot.catch(() => null) : null;
      const snapshot = Promise.resolve(before).then((present) => read(account, present, versions));
      const loading = { versions, snapshot };
      known.set(account, loading);
      snapshot.then(
        (read) => {
          if (known.get(account) === loading) known.set(account, { versions: read.versions, snapshot });
        },
        () => {
          if (known.get(account) === loading) known.delete(account);
        },
      );
      return (await snapshot).catalogue;
    },
  };
}

/** All small collections of an account, what came with the product among them. */
export async function loadCatalogue(
  sql: Sql,
  account: string,
  collections: CollectionRegistry,
): Promise<Catalogue> {
  return catalogueOf(await readLists(sql, account, smallOf(collections)));
}

function smallOf(collections: CollectionRegistry): Collection[] {
  return [...collections.values()].filter(({ size }) => size === 'small');
}

async function readVersions(sql: Sql, account: string): Promise<CatalogueVersions> {
  const rows = await sql<{ catalogue: CatalogueVersions }[]>`
    select catalogue from account where account = ${account}`;
  return rows[0]?.catalogue ?? {};
}

/** The entries of these collections, by name. Index: entry's primary key. */
async function readLists(
  sql: Sql,
  account: string,
  collections: readonly Collection[],
): Promise<Map<string, readonly Entry[]>> {
  const names = collections.map(({ name }) => name);
  const rows = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from entry
    where account = ${account} and collection = any(${names}::text[])
    order by collection, number, key`;
  const written = Map.groupBy(rows.map(toEntry), ({ collection }) => collection);
  return new Map(collections.map((one) => [one.name, withShipped(one, written.get(one.name) ?? [])]));
}

function withShipped(collection: Collection, own: readonly Entry[]): readonly Entry[] {
  const keys = new Set(own.map(({ key }) => key));
  const shipped = shippedEntries(collection).filter(({ key }) => !keys.has(key));
  if (shipped.length === 0) return own;
  return [...own, ...shipped].sort((a, b) => compareKeys(collection, a.key, b.key));
}
