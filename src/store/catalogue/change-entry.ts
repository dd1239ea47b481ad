import { isDeepStrictEqual } from 'node:util';
import type { Collection, Entry, EntryData } from '../../core/collection.ts';
import type { Answer, IdempotencyKey, Written } from '../../kernel/answer.ts';
import { invalid, type Refusal, RefusalError, refuse } from '../../kernel/errors.ts';
import { inTransaction, type Sql } from '../database.ts';
import { recordAnswer } from '../idempotency.ts';
import { OvertakenError } from '../load.ts';
import type { Store } from '../store.ts';
import { findByAlias, lockEntry } from './find.ts';
import { holdCatalogue } from './hold.ts';
import { passKeys, takeKeys } from './number-keys.ts';
import { type NewEntry, putEntries } from './put-entries.ts';
import { type PlacedEntry, referenceFaults } from './references.ts';
import { ruleFaults, usersOf } from './rules.ts';
import { type EntryAuthor, tellChanges } from './tell.ts';
import { writeOnce } from './write-once.ts';

export type CatalogueParts = Pick<Store, 'sql' | 'clock' | 'collections' | 'directory'>;

export interface EntryRequest extends EntryAuthor {
  readonly collection: Collection;
  /** Null: the next number. */
  readonly key: string | null;
  /** The version that the caller has seen, null where it does not say. */
  readonly ifMatch: number | null;
  readonly idempotency: IdempotencyKey | null;
  /** The data that the entry shall have, in the shape of the collection's schema; null: it is deleted. */
  readonly change: ((present: Entry | null) => EntryData | Refusal) | null;
  /** Makes the answer; the idempotency record holds it. `entry` is null where it was deleted. */
  readonly answer: (entry: Entry | null, created: boolean) => Answer;
}

/**
 * Makes, replaces or deletes one entry, with the idempotency record, whole or not at all. The change is decided on the
 * entry as it is when nobody else writes it. What would leave it as it is writes nothing.
 */
export function changeEntry(parts: CatalogueParts, request: EntryRequest): Promise<Written | Refusal> {
  return writeOnce(parts, request, async () => {
    const answer = await inTransaction(parts.sql, (tx) => changeIn(tx, parts, request));
    parts.directory.forget(request.actor.account);
    return answer;
  });
}

async function changeIn(tx: Sql, parts: CatalogueParts, request: EntryRequest): Promise<Answer> {
  const { collections, clock } = parts;
  const { actor, collection, idempotency, change } = request;
  const { account } = actor;
  await holdCatalogue(tx, account, collection, collections, change ? 'write' : 'delete');
  const present = request.key === null ? null : await lockEntry(tx, account, collection, request.key);
  checkVersion(collection, present, request);
  const now = clock.now();
  let entry: Entry | null = null;
  if (change) {
    const data = change(present);
    if (isRefusal(data)) throw new RefusalError(data);
    entry =
      present && isDeepStrictEqual(data, present.data)
        ? present
        : await writeEntry(tx, parts, request, data, present, now);
  } else {
    if (!present) throw new RefusalError(refuse('entryNotFound'));
    await deleteEntry(tx, parts, request, present);
  }
  if (entry !== present) await tellChanges(tx, collection, request, [{ before: present, after: entry }], now);
  const answer = request.answer(entry, present === null);
  if (idempotency) await recordAnswer(tx, account, actor.id, idempotency, answer, now);
  return answer;
}

function isRefusal(value: EntryData | Refusal): value is Refusal {
  return value.ok === false && 'code' in value;
}

async function keyFor(
  tx: Sql,
  { actor, collection, key }: EntryRequest,
  present: Entry | null,
): Promise<string> {
  if (key === null) return (await takeKeys(tx, actor.account, collection, 1))[0] as string;
  if (!present) await passKeys(tx, actor.account, collection, [key]);
  return key;
}

function checkVersion({ one }: Collection, present: Entry | null, { ifMatch }: EntryRequest): void {
  if (ifMatch === null || ifMatch === present?.version) return;
  const message = present
    ? `The ${one} is at version ${present.version}, not ${ifMatch}.`
    : `There is no such ${one}, so it has no version ${ifMatch}.`;
  const data = present ? { version: present.version } : {};
  throw new RefusalError(refuse('versionMismatch', message, { data }));
}

async function writeEntry(
  tx: Sql,
  { collections }: CatalogueParts,
  request: EntryRequest,
  data: EntryData,
  present: Entry | null,
  now: Date,
): Promise<Entry> {
  const { actor, collection } = request;
  const { account } = actor;
  const entry = { key: await keyFor(tx, request, present), data };
  await refuseTakenAlias(tx, account, collection, entry);
  const [written] = await putEntries(tx, account, collection, [entry], now);
  // Without a row to lock, another writer may have made the entry just now.
  if (written?.version !== (present?.version ?? 0) + 1)
    throw new OvertakenError('The entry was made by another writer');
  const placed: PlacedEntry[] = [{ ...entry, place: '' }];
  const faults = [
    ...(await referenceFaults(tx, account, collection, collections, placed)),
    ...(await ruleFaults(tx, account, collection, collections, placed)),
  ];
  if (faults.length > 0) throw new RefusalError(invalid(faults));
  return written;
}

async function refuseTakenAlias(
  tx: Sql,
  account: string,
  collection: Collection,
  entry: NewEntry,
): Promise<void> {
  const alias = collection.alias?.(entry.data) ?? null;
  const holder = alias === null ? null : await findByAlias(tx, account, collection, alias);
  if (!holder || holder.key === entry.key) return;
  const message = `The ${collection.one} ${holder.key} is called ${alias} already.`;
  throw new RefusalError(refuse('entryExists', message, { data: { key: holder.key } }));
}

/** What came with the product comes back when the account's own entry goes. */
async function deleteEntry(
  tx: Sql,
  { collections }: CatalogueParts,
  { actor: { account }, collection }: EntryRequest,
  { key, version }: Entry,
): Promise<void> {
  const { name, one } = collection;
  if (version === 0) {
    const message = `The ${one} ${key} came with the product: it can be changed, but not deleted.`;
    throw new RefusalError(refuse('entryInUse', message));
  }
  await tx`delete from entry where account = ${account} and collection = ${name} and key = ${key}`;
  const back = collection.shipped?.find((entry) => entry.key === key);
  if (back) {
    const faults = await ruleFaults(tx, account, collection, collections, [{ ...back, place: '' }]);
    if (faults.length > 0) throw new RefusalError(invalid(faults));
    return;
  }
  const users = await usersOf(tx, account, { collection: name, key }, collections);
  if (users.length === 0) return;
  const message = `The ${one} ${key} is named by ${users.join(', ')}.`;
  throw new RefusalError(refuse('entryInUse', message, { data: { users } }));
}
