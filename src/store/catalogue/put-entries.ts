import type { Collection, Entry, EntryData } from '../../core/collection.ts';
import { asJson, type Sql } from '../database.ts';
import { wordsOf } from '../words-of.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';

export interface NewEntry {
  readonly key: string;
  readonly data: EntryData;
}

/** More rows do not make a statement faster. */
const TOGETHER = 1_000;

/**
 * Makes or replaces entries; what has these data already is left as it is.
 * @returns those that were written; a new one has version 1
 */
export async function putEntries(
  tx: Sql,
  account: string,
  collection: Collection,
  entries: readonly NewEntry[],
  now: Date,
): Promise<Entry[]> {
  const written: Entry[] = [];
  for (let first = 0; first < entries.length; first += TOGETHER) {
    const rows = entries.slice(first, first + TOGETHER).map((entry) => toRow(collection, entry));
    const put = await tx<EntryRow[]>`
      insert into entry (account, collection, key, number, alias, data, words, version, created_at, updated_at)
      select ${account}, ${collection.name}, key, number, alias, data, words, 1, ${now}, ${now}
      from jsonb_to_recordset(${asJson(rows)}::text::jsonb)
        as r(key text, number bigint, alias text, data jsonb, words text)
      order by key collate "C"
      on conflict (account, collection, key) do update
      set data = excluded.data, alias = excluded.alias, words = excluded.words, version = entry.version + 1,
        updated_at = excluded.updated_at
      where entry.data is distinct from excluded.data
      returning ${entryColumns(tx)}`;
    written.push(...put.map(toEntry));
  }
  return written;
}

function toRow(collection: Collection, { key, data }: NewEntry) {
  const { keys, size, alias, searchText } = collection;
  return {
    key,
    number: keys === 'number' ? Number(key) : null,
    alias: alias?.(data) ?? null,
    data,
    // Small collections are searched in memory.
    words: size === 'large' && searchText ? ` ${wordsOf(searchText(data)).join(' ')} ` : null,
  };
}
