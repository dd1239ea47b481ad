import type { Catalogue, Collection, CollectionRegistry, Entry } from '../../core/collection.ts';
import type { FieldError } from '../../kernel/errors.ts';
import type { Sql } from '../database.ts';
import { type Referrer, referrersOf } from './hold.ts';
import { namesOneOf, type PlacedEntry } from './references.ts';
import { loadCatalogue } from './snapshot.ts';

/**
 * Faults by the collections' own rules: of the entries that were written, and of those that name them and would fall
 * out of their rules. Looked at in the transaction that wrote them.
 */
export async function ruleFaults(
  tx: Sql,
  account: string,
  collection: Collection,
  collections: CollectionRegistry,
  entries: readonly PlacedEntry[],
): Promise<FieldError[]> {
  const bound = referrersOf(collection, collections).filter((referrer) => referrer.collection.check);
  if (!collection.check && bound.length === 0) return [];
  const catalogue = await loadCatalogue(tx, account, collections);
  const own = entries.flatMap(({ key, data, place }) =>
    (collection.check?.({ key, data }, catalogue) ?? []).map(({ pointer, message }) => ({
      pointer: place + pointer,
      message,
    })),
  );
  return own.length > 0
    ? own
    : bound.flatMap((referrer) => faultsOfUsers(referrer, collection, catalogue, entries));
}

function faultsOfUsers(
  { collection, property }: Referrer,
  { name }: Collection,
  catalogue: Catalogue,
  entries: readonly PlacedEntry[],
): FieldError[] {
  const places = new Map(entries.map(({ key, place }) => [key, place]));
  const keys = new Set(places.keys());
  return catalogue
    .entries(collection.name)
    .filter(
      ({ key, data }) => namesOneOf(data, property, keys) && !(collection.name === name && keys.has(key)),
    )
    .flatMap((user) => {
      const [fault] = collection.check?.(user, catalogue) ?? [];
      if (!fault) return [];
      const named = [user.data[property]]
        .flat()
        .map(String)
        .find((key) => keys.has(key)) as string;
      const message = `would break the ${collection.one} ${user.key}, whose ${fault.pointer.slice(1)} ${fault.message}`;
      return [{ pointer: places.get(named) as string, message }];
    });
}

/** Some of the entries that name this one, as `collection/key`. Large collections are read through. */
export async function usersOf(
  tx: Sql,
  account: string,
  { collection, key }: Pick<Entry, 'collection' | 'key'>,
  collections: CollectionRegistry,
): Promise<string[]> {
  const target = collections.get(collection) as Collection;
  const referrers = referrersOf(target, collections);
  if (referrers.length === 0) return [];
  const catalogue = await loadCatalogue(tx, account, collections);
  const users: string[] = [];
  for (const { collection: other, property } of referrers) {
    const keys =
      other.size === 'large'
        ? await findUsers(tx, account, other, property, key)
        : catalogue
            .entries(other.name)
            .filter(({ data }) => namesOneOf(data, property, new Set([key])))
            .map((user) => user.key);
    users.push(
      ...keys.filter((user) => other !== target || user !== key).map((user) => `${other.name}/${user}`),
    );
  }
  return users.slice(0, MOST_USERS);
}

const MOST_USERS = 5;

async function findUsers(
  tx: Sql,
  account: string,
  { name }: Collection,
  property: string,
  key: string,
): Promise<string[]> {
  const rows = await tx<{ key: string }[]>`
    select key from entry
    where account = ${account} and collection = ${name} and (
      data->>${property} = ${key}
      or (jsonb_typeof(data->${property}) = 'array'
        and ${key} in (select jsonb_array_elements_text(data->${property})))
    )
    limit ${MOST_USERS + 1}`;
  return rows.map((row) => row.key);
}
