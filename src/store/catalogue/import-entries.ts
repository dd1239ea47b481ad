import type { Collection, Entry, EntryData } from '../../core/collection.ts';
import type { Answer, IdempotencyKey, Written } from '../../kernel/answer.ts';
import { type FieldError, invalid, type Refusal, RefusalError } from '../../kernel/errors.ts';
import { inTransaction, type Sql } from '../database.ts';
import { recordAnswer } from '../idempotency.ts';
import type { CatalogueParts } from './change-entry.ts';
import { findAliases, findEntries } from './find.ts';
import { holdCatalogue } from './hold.ts';
import { passKeys, takeKeys } from './number-keys.ts';
import { putEntries } from './put-entries.ts';
import { type PlacedEntry, referenceFaults } from './references.ts';
import { ruleFaults } from './rules.ts';
import { type EntryAuthor, tellChanges } from './tell.ts';
import { writeOnce } from './write-once.ts';

export interface ImportedEntry {
  /** Null: the next number. */
  readonly key: string | null;
  readonly data: EntryData;
  /** A JSON pointer to it in the request. */
  readonly place: string;
}

/** What an import came to. */
export interface ImportCounts {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface ImportRequest extends EntryAuthor {
  readonly collection: Collection;
  /** No key twice; the data have the shape of the collection's schema. */
  readonly entries: readonly ImportedEntry[];
  readonly idempotency: IdempotencyKey | null;
  /** Everything is tried, and nothing stays. */
  readonly dryRun: boolean;
  readonly answer: (counts: ImportCounts) => Answer;
}

/** Carries the outcome out of a transaction that shall leave nothing. */
class DryRunDone extends Error {
  override readonly name = 'DryRunDone';
  readonly counts: ImportCounts;

  constructor(counts: ImportCounts) {
    super('The dry run is done.');
    this.counts = counts;
  }
}

/**
 * Makes or replaces many entries at once, all of them or none. They may name one another. Entries that are not among
 * them stay as they are.
 */
export function importEntries(parts: CatalogueParts, request: ImportRequest): Promise<Written | Refusal> {
  return writeOnce(parts, request.dryRun ? { ...request, idempotency: null } : request, async () => {
    try {
      const answer = await inTransaction(parts.sql, (tx) => importIn(tx, parts, request));
      parts.directory.forget(request.actor.account);
      return answer;
    } catch (error) {
      if (error instanceof DryRunDone) return request.answer(error.counts);
      throw error;
    }
  });
}

async function importIn(tx: Sql, parts: CatalogueParts, request: ImportRequest): Promise<Answer> {
  const { actor, collection, idempotency, dryRun } = request;
  const { account } = actor;
  const now = parts.clock.now();
  await holdCatalogue(tx, account, collection, parts.collections, 'write');
  const entries = await withKeys(tx, account, collection, request.entries);
  await refuseTakenAliases(tx, account, collection, entries);
  const before = collection.isTold ? await presentOf(tx, account, collection, entries) : new Map();
  const written = await putEntries(tx, account, collection, entries, now);
  const faults = [
    ...(await referenceFaults(tx, account, collection, parts.collections, entries)),
    ...(await ruleFaults(tx, account, collection, parts.collections, entries)),
  ];
  if (faults.length > 0) throw new RefusalError(invalid(faults));
  const created = written.filter(({ version }) => version === 1).length;
  const counts = {
    rows: entries.length,
    created,
    updated: written.length - created,
    unchanged: entries.length - written.length,
  };
  if (dryRun) throw new DryRunDone(counts);
  const changes = written.map((after) => ({ before: before.get(after.key) ?? null, after }));
  await tellChanges(tx, collection, request, changes, now);
  const answer = request.answer(counts);
  if (idempotency) await recordAnswer(tx, account, actor.id, idempotency, answer, now);
  return answer;
}

async function presentOf(
  tx: Sql,
  account: string,
  collection: Collection,
  entries: readonly PlacedEntry[],
): Promise<ReadonlyMap<string, Entry>> {
  const keys = entries.map(({ key }) => key);
  return new Map((await findEntries(tx, account, collection, keys)).map((entry) => [entry.key, entry]));
}

async function withKeys(
  tx: Sql,
  account: string,
  collection: Collection,
  entries: readonly ImportedEntry[],
): Promise<PlacedEntry[]> {
  const given = entries.map(({ key }) => key).filter((key) => key !== null);
  await passKeys(tx, account, collection, given);
  const next = await takeKeys(tx, account, collection, entries.length - given.length);
  return entries.map((entry) => ({ ...entry, key: entry.key ?? (next.shift() as string) }));
}

/** No entry may have a second name that another one has, or has had until now. */
async function refuseTakenAliases(
  tx: Sql,
  account: string,
  collection: Collection,
  entries: readonly PlacedEntry[],
): Promise<void> {
  const { alias, one } = collection;
  if (!alias) return;
  const aliases = entries.map(({ data }) => alias(data)).filter((called) => called !== null);
  const holders = await findAliases(tx, account, collection, aliases);
  const faults: FieldError[] = [];
  for (const { key, data, place } of entries) {
    const called = alias(data);
    if (called === null) continue;
    const holder = holders.get(called) ?? key;
    if (holder !== key)
      faults.push({ pointer: place, message: `the ${one} ${holder} is called ${called} already` });
    holders.set(called, holder);
  }
  if (faults.length > 0) throw new RefusalError(invalid(faults));
}
