import { isDeepStrictEqual } from 'node:util';
import type { Collection, Entry, EntryData } from '../../core/collection.ts';
import type { EntryEventType, EventActor } from '../../core/event.ts';
import type { Actor } from '../../kernel/actor.ts';
import { namedId } from '../../kernel/id.ts';
import { asJson, type Sql } from '../database.ts';

/** Who writes entries, and through which contract. */
export interface EntryAuthor {
  readonly actor: Pick<Actor, 'account' | 'id' | 'name' | 'type' | 'party'>;
  readonly contract: string;
}

/** An entry before and after a write; null where there was none, or is none any more. */
export interface EntryChange {
  readonly before: Pick<Entry, 'key' | 'data' | 'version'> | null;
  readonly after: Pick<Entry, 'key' | 'data' | 'version'> | null;
}

/** What stands for an entry where events name a ticket. */
export function entryId({ name }: Collection, key: string): string {
  return namedId(`${name}/${key}`);
}

/** Writes the events of changed entries, in their order, where the collection's changes are told. */
export async function tellChanges(
  tx: Sql,
  collection: Collection,
  { actor, contract }: EntryAuthor,
  changes: readonly EntryChange[],
  now: Date,
): Promise<void> {
  if (!collection.isTold || changes.length === 0) return;
  const { account, id, name, type, party } = actor;
  const by: EventActor = { id, name, type, party, role: null };
  const events = changes.map((change, ord) => ({ ord, ...toRow(collection, change) }));
  await tx`
    insert into event (account, ticket, kind, type, version, actor, contract, data, at)
    select ${account}, e.ticket, ${collection.kind}, e.type, e.version, ${asJson(by)}::text::jsonb, ${contract}, e.data, ${now}
    from json_to_recordset(${asJson(events)}::text::json) as e(ord int, ticket uuid, type text, version int, data jsonb)
    order by e.ord`;
}

function toRow(collection: Collection, { before, after }: EntryChange) {
  const { key, version } = after ?? { key: before?.key ?? '', version: (before?.version ?? 0) + 1 };
  const type: EntryEventType = !before ? 'entry.created' : after ? 'entry.changed' : 'entry.deleted';
  const changed = before && after ? changedProperties(before.data, after.data) : undefined;
  return {
    ticket: entryId(collection, key),
    type,
    version,
    data: { collection: collection.name, key, ...(changed && { changed }) },
  };
}

function changedProperties(before: EntryData, after: EntryData): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}
