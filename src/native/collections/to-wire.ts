import type { Collection, Entry } from '../../core/collection.ts';

/** An entry as clients see it. */
export function toWireEntry(
  { shipped = [] }: Collection,
  { key, data, version, createdAt, updatedAt }: Entry,
): Record<string, unknown> {
  return { key, ...data, version, shipped: shipped.some((entry) => entry.key === key), createdAt, updatedAt };
}

/** The path of an entry. */
export function entryPath(base: string, { name }: Collection, key: string): string {
  return `${base}/${name}/${encodeURIComponent(key)}`;
}
