import {
  type Collection,
  type CollectionRegistry,
  type EntryData,
  shippedEntry,
} from '../../core/collection.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { findParties } from '../accounts.ts';
import type { Sql } from '../database.ts';
import type { NewEntry } from './put-entries.ts';

/** An entry that was written, with the place of its data in the request. */
export interface PlacedEntry extends NewEntry {
  /** A JSON pointer, empty where the data are the whole body. */
  readonly place: string;
}

interface Reference {
  readonly pointer: string;
  readonly to: string;
  readonly key: string;
}

/** Faults for the keys that an entry names and that no entry or no party has. The entries are written already. */
export async function referenceFaults(
  tx: Sql,
  account: string,
  collection: Collection,
  collections: CollectionRegistry,
  entries: readonly PlacedEntry[],
): Promise<FieldError[]> {
  const references = entries.flatMap((entry) => referencesOf(collection, entry));
  const faults: FieldError[] = await partyFaults(tx, account, collection, entries);
  for (const [to, group] of Map.groupBy(references, (reference) => reference.to)) {
    const target = collections.get(to) as Collection;
    const missing = await unknownKeys(tx, account, target, [...new Set(group.map(({ key }) => key))]);
    const message = `must be the key of a ${target.one} that there is`;
    for (const { pointer, key } of group) if (missing.has(key)) faults.push({ pointer, message });
  }
  return faults;
}

async function partyFaults(
  tx: Sql,
  account: string,
  { parties }: Collection,
  entries: readonly PlacedEntry[],
): Promise<FieldError[]> {
  const named = entries.flatMap(({ data, place }) =>
    (parties?.(data) ?? []).map(({ pointer, key }) => ({ pointer: place + pointer, key })),
  );
  if (named.length === 0) return [];
  const keys = [...new Set(named.map(({ key }) => key))];
  const known = new Set(await findParties(tx, account, keys));
  return named
    .filter(({ key }) => !known.has(key))
    .map(({ pointer }) => ({ pointer, message: 'must be the key of a party that there is' }));
}

async function unknownKeys(
  tx: Sql,
  account: string,
  target: Collection,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx<{ key: string }[]>`
    select key from entry
    where account = ${account} and collection = ${target.name} and key = any(${keys as string[]}::text[])`;
  const known = new Set(rows.map(({ key }) => key));
  return new Set(keys.filter((key) => !known.has(key) && !shippedEntry(target, key)));
}

function referencesOf({ references = {} }: Collection, { data, place }: PlacedEntry): Reference[] {
  return Object.entries(references).flatMap(([property, to]) => {
    const pointer = `${place}/${property}`;
    const value = data[property];
    if (Array.isArray(value))
      return value.map((key, at) => ({ pointer: `${pointer}/${at}`, to, key: String(key) }));
    return value === undefined || value === null ? [] : [{ pointer, to, key: String(value) }];
  });
}

/** Whether an entry with these data names one of the keys in the property. */
export function namesOneOf(data: EntryData, property: string, keys: ReadonlySet<string>): boolean {
  return [data[property]].flat().some((value) => keys.has(String(value)));
}
