import type { TSchema } from 'typebox';
import type { FieldError } from '../kernel/errors.ts';

/** The properties of an entry that belong to its kind: plain JSON values in the shape of the collection's schema. */
export type EntryData = Readonly<Record<string, unknown>>;

/** An entry that comes with the product. It is there in every account until the account writes one of its own. */
export interface ShippedEntry {
  readonly key: string;
  readonly data: EntryData;
}

/**
 * One sort of reference data: what tickets of a kind name by key (their brand, their queue). A wing gives its
 * collections; the hall keeps them, serves them under `/api/v1/<name>` and hands them to the wing's rules.
 */
export interface Collection {
  /** A segment of paths, plural, such as `contact-reasons`; no two collections of a server have the same. */
  readonly name: string;
  /** For people: `Contact reasons`. */
  readonly label: string;
  /** One entry, within a sentence: `contact reason`. */
  readonly one: string;
  /** The kind of ticket that it belongs to. */
  readonly kind: string;
  /** `number`: keys are the digits of 1, 2, 3 …, and the next one is given where the client names none. */
  readonly keys: 'number' | 'text';
  /** `small`: all entries are in the catalogue, in memory; up to about ten thousand. `large`: any number, on disk. */
  readonly size: 'small' | 'large';
  /** The shape of an entry's data: an object, whose properties stand beside the entry's own on the wire. */
  readonly schema: TSchema;
  /** Permissions that let their bearers keep it, beside the one for all collections. */
  readonly keepers?: readonly string[];
  /** Properties whose value (or each of a list's values) is the key of an entry of the collection named. */
  readonly references?: Readonly<Record<string, string>>;
  /** The organisations that an entry names: each has to be a party of the account. */
  readonly parties?: (data: EntryData) => readonly NamedParty[];
  readonly shipped?: readonly ShippedEntry[];
  /**
   * Changes are events of the log, for whoever a wing lets hear of them (`PayloadFormat`); whoever hears may read the
   * collection. The native API tells of tickets only.
   */
  readonly isTold?: boolean;
  /** Text that a search finds the entry by; without it the collection cannot be searched. */
  readonly searchText?: (data: EntryData) => string;
  /** A second name, such as a customer's number elsewhere: at most one entry of the collection has it. */
  readonly alias?: (data: EntryData) => string | null;
  /**
   * Rules beyond the schema, such as those of a tree, for an entry that is going to be written.
   * @param catalogue the small collections as they will be with it
   * @returns faults with pointers into the data
   */
  readonly check?: (entry: Pick<Entry, 'key' | 'data'>, catalogue: Catalogue) => readonly FieldError[];
}

/** A party by its key, and where in the entry's data it is named. */
export interface NamedParty {
  readonly pointer: string;
  readonly key: string;
}

/** The collections of this server, by name. */
export type CollectionRegistry = ReadonlyMap<string, Collection>;

/** One piece of reference data. Tickets name it by its key, and keep the key when the entry is deleted. */
export interface Entry {
  readonly collection: string;
  /** Never changes. */
  readonly key: string;
  readonly data: EntryData;
  /** 1 at creation, one more with every write; the ETag. 0: it came with the product and was never written. */
  readonly version: number;
  /** Null for what came with the product. */
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

/** A synchronous look into the small collections of one account, and at its operators, as they stood at one moment. */
export interface Catalogue {
  /** Null where there is no such entry. */
  entry(collection: string, key: string): Entry | null;
  /** Every entry, in the order of their keys; of a large or an unknown collection none. */
  entries(collection: string): readonly Entry[];
  /** Those of the account's own people who take tickets as operators, by id, in the order of their ids. */
  readonly operators: ReadonlyMap<string, Operator>;
}

/** One of the account's own people to whom tickets may be given. */
export interface Operator {
  readonly id: string;
  readonly name: string;
}

const NOBODY: Catalogue['operators'] = new Map();
const NOTHING: readonly Entry[] = [];

/** A catalogue without entries, for code that needs none. */
export const emptyCatalogue: Catalogue = {
  entry: () => null,
  entries: () => NOTHING,
  operators: NOBODY,
};

/** A catalogue of these entries; each list is in the order of its keys already. */
export function catalogueOf(
  lists: ReadonlyMap<string, readonly Entry[]>,
  operators: Catalogue['operators'] = NOBODY,
): Catalogue {
  const byKey = new Map(
    [...lists].map(([name, entries]) => [name, new Map(entries.map((entry) => [entry.key, entry]))]),
  );
  return {
    entry: (collection, key) => byKey.get(collection)?.get(key) ?? null,
    entries: (collection) => lists.get(collection) ?? NOTHING,
    operators,
  };
}

/** The entry that came with the product, null where none has this key. */
export function shippedEntry({ name, shipped = [] }: Collection, key: string): Entry | null {
  const found = shipped.find((entry) => entry.key === key);
  return found ? toEntry(name, found) : null;
}

/** What came with the product, as entries. */
export function shippedEntries({ name, shipped = [] }: Collection): readonly Entry[] {
  return shipped.map((entry) => toEntry(name, entry));
}

function toEntry(collection: string, { key, data }: ShippedEntry): Entry {
  return { collection, key, data, version: 0, createdAt: null, updatedAt: null };
}

/** Orders keys as the collection's lists do: numbers by value, texts by their characters' codes. */
export function compareKeys({ keys }: Pick<Collection, 'keys'>, a: string, b: string): number {
  if (keys === 'number') return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
