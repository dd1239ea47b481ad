import type { Entry, EntryData } from '../../core/collection.ts';
import type { Fragment, Sql } from '../database.ts';

export interface EntryRow {
  readonly collection: string;
  readonly key: string;
  readonly data: EntryData;
  readonly version: number;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

export function entryColumns(sql: Sql): Fragment {
  return sql`collection, key, data, version, created_at, updated_at`;
}

export function toEntry({ collection, key, data, version, created_at, updated_at }: EntryRow): Entry {
  return { collection, key, data, version, createdAt: created_at, updatedAt: updated_at };
}
