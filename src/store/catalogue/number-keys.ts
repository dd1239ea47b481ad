import type { Collection } from '../../core/collection.ts';
import type { Sql } from '../database.ts';

/** Reserves the next keys of a collection with number keys; other writers wait for the end of the transaction. */
export async function takeKeys(
  tx: Sql,
  account: string,
  collection: Collection,
  count: number,
): Promise<string[]> {
  if (count === 0) return [];
  const first = firstFree(collection);
  const [row] = await tx<[{ next: number }]>`
    insert into number_block as b (account, kind, next)
    values (${account}, ${blockOf(collection)}, ${first}::bigint + ${count}::bigint)
    on conflict (account, kind) do update set next = greatest(b.next, ${first}::bigint) + ${count}::bigint
    returning next`;
  return Array.from({ length: count }, (_, index) => String(row.next - count + index));
}

/** Keys that were given by the client are never given again. */
export async function passKeys(
  tx: Sql,
  account: string,
  collection: Collection,
  keys: readonly string[],
): Promise<void> {
  if (collection.keys !== 'number' || keys.length === 0) return;
  const next = keys.reduce((most, key) => Math.max(most, Number(key)), 0) + 1;
  await tx`
    insert into number_block as b (account, kind, next) values (${account}, ${blockOf(collection)}, ${next}::bigint)
    on conflict (account, kind) do update set next = ${next}::bigint where b.next < ${next}::bigint`;
}

/** No kind of ticket has a slash in its name. */
function blockOf({ name }: Collection): string {
  return `entry/${name}`;
}

function firstFree({ shipped = [] }: Collection): number {
  return Math.max(...shipped.map(({ key }) => Number(key)), 0) + 1;
}
