import { type Collection, type Entry, shippedEntries, shippedEntry } from '../../core/collection.ts';
import type { Sql } from '../database.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';

/** The entry with this key, null where there is none. Index: entry's primary key. */
export async function findEntry(
  sql: Sql,
  account: string,
  collection: Collection,
  key: string,
): Promise<Entry | null> {
  const [found] = await findEntries(sql, account, collection, [key]);
  return found ?? null;
}

/** The entries with these keys, in no order; keys that are unknown are left out. */
export async function findEntries(
  sql: Sql,
  account: string,
  collection: Collection,
  keys: readonly string[],
): Promise<Entry[]> {
  if (keys.length === 0) return [];
  const rows = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from entry
    where account = ${account} and collection = ${collection.name} and key = any(${keys as string[]}::text[])`;
  const written = new Set(rows.map(({ key }) => key));
  const wanted = new Set(keys);
  const shipped = shippedEntries(collection).filter(({ key }) => wanted.has(key) && !written.has(key));
  return [...rows.map(toEntry), ...shipped];
}

/** The entry that has this second name, null where none has. Index: entry_alias. */
export async function findByAlias(
  sql: Sql,
  account: string,
  collection: Collection,
  alias: string,
): Promise<Entry | null> {
  const key = (await findAliases(sql, account, collection, [alias])).get(alias);
  return key === undefined ? null : findEntry(sql, account, collection, key);
}

/** The keys of the entries that have these second names, by name. */
export async function findAliases(
  sql: Sql,
  account: string,
  { name, alias, shipped = [] }: Collection,
  aliases: readonly string[],
): Promise<Map<string, string>> {
  if (!alias || aliases.length === 0) return new Map();
  const offered = new Map(shipped.map(({ key, data }) => [key, alias(data)]));
  const rows = await sql<{ key: string; alias: string | null }[]>`
    select key, alias from entry
    where account = ${account} and collection = ${name} and alias = any(${aliases as string[]}::text[])
    union all
    select key, alias from entry
    where account = ${account} and collection = ${name} and key = any(${[...offered.keys()]}::text[])`;
  const wanted = new Set<string | null>(aliases);
  for (const row of rows) offered.set(row.key, row.alias);
  const found = [...offered].filter((entry): entry is [string, string] => wanted.has(entry[1]));
  return new Map(found.map(([key, called]) => [called, key]));
}

/** The entry as it is, locked until the transaction ends where the account has written it. */
export async function lockEntry(
  tx: Sql,
  account: string,
  collection: Collection,
  key: string,
): Promise<Entry | null> {
  const rows = await tx<EntryRow[]>`
    select ${entryColumns(tx)} from entry
    where account = ${account} and collection = ${collection.name} and key = ${key}
    for update`;
  return rows[0] ? toEntry(rows[0]) : shippedEntry(collection, key);
}
