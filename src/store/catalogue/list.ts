import type { Collection, Entry } from '../../core/collection.ts';
import { asJson, type Sql } from '../database.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';

export interface EntryPage {
  readonly entries: readonly Entry[];
  /** The key after which the next page starts, null on the last one. */
  readonly next: string | null;
}

/**
 * One page of a collection in the order of its keys, what came with the product among it. A page far down costs what
 * the first one costs. Index: entry's primary key, or entry_number.
 * @param after the key that the page before ended with, null for the first page
 */
export async function listEntries(
  sql: Sql,
  account: string,
  collection: Collection,
  limit: number,
  after: string | null,
): Promise<EntryPage> {
  const { name, keys, shipped = [] } = collection;
  const order = keys === 'number' ? sql`number` : sql`key`;
  const start = keys === 'number' ? sql`${after}::text::bigint` : sql`${after}::text`;
  const further = after === null ? sql`` : sql`and ${order} > ${start}`;
  const offered = shipped.map(({ key, data }) => ({
    key,
    number: keys === 'number' ? Number(key) : null,
    data,
  }));
  const rows = await sql<EntryRow[]>`
    select * from (
      (
        select ${entryColumns(sql)}, number from entry
        where account = ${account} and collection = ${name} ${further}
        order by ${order} limit ${limit + 1}
      )
      union all
      select ${name}::text, key, data, 0, null, null, number
      from (
        select key collate "C" as key, number, data
        from jsonb_to_recordset(${asJson(offered)}::text::jsonb) as r(key text, number bigint, data jsonb)
      ) as offered
      where not exists (
        select from entry where entry.account = ${account} and entry.collection = ${name} and entry.key = offered.key
      ) ${further}
    ) as page
    order by ${order} limit ${limit + 1}`;
  const page = rows.slice(0, limit).map(toEntry);
  return { entries: page, next: rows.length > limit ? (page.at(-1)?.key ?? null) : null };
}
