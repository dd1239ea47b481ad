import type { Collection, CollectionRegistry } from '../../core/collection.ts';
import type { Sql } from '../database.ts';

/**
 * Takes the locks that a write to a collection needs, before anything is read. Writers of an account's small
 * collections come one after the other, and tell all nodes by a number on the account's row. Writers of large ones go
 * side by side, but none names an entry while another one deletes it. A commit of tickets takes none of these locks.
 */
export async function holdCatalogue(
  tx: Sql,
  account: string,
  collection: Collection,
  collections: CollectionRegistry,
  purpose: 'write' | 'delete',
): Promise<void> {
  if (collection.size === 'small') {
    await tx`
      update account set catalogue = catalogue
        || jsonb_build_object(${collection.name}::text, coalesce((catalogue->>${collection.name})::bigint, 0) + 1)
      where account = ${account}`;
  } else if (purpose === 'delete' && referrersOf(collection, collections).length > 0) {
    await tx`select from account where account = ${account} for no key update`;
  } else if (collection.references) {
    await tx`select from account where account = ${account} for share`;
  }
}

/** A property of a collection that names entries of another one. */
export interface Referrer {
  readonly collection: Collection;
  readonly property: string;
}

/** The properties that name entries of the collection. */
export function referrersOf({ name }: Collection, collections: CollectionRegistry): Referrer[] {
  return [...collections.values()].flatMap((collection) =>
    Object.entries(collection.references ?? {})
      .filter(([, to]) => to === name)
      .map(([property]) => ({ collection, property })),
  );
}
