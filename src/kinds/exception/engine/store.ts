import { asJson, type Sql } from '../../../store/database.ts';
import type { EventType, WorkItemEvent } from '../events.ts';
import type { Fact, KnownException, RuleMarks, WorkItem } from '../work-item.ts';

/** A work item as stored. */
export interface StoredItem extends WorkItem {
  /** By the key of the rule: when its trigger is due, in milliseconds since the epoch. */
  readonly pending: Readonly<Record<string, number>>;
  /** The mark of the rules that its triggers were derived by. */
  readonly derivedBy: string;
}

interface ItemRow {
  authorizationNumber: number;
  facts: Record<string, Fact>;
  rules: Record<string, RuleMarks>;
  exceptions: Record<string, KnownException>;
  pending: Record<string, number>;
  derivedBy: string;
}

const itemColumns = (sql: Sql) => sql`
  authorization_number as "authorizationNumber", facts, rules, exceptions, pending, derived_by as "derivedBy"`;

/** One work item, null where no event has told of it. */
export async function findItem(
  sql: Sql,
  account: string,
  authorizationNumber: number,
): Promise<StoredItem | null> {
  const rows = await sql<ItemRow[]>`
    select ${itemColumns(sql)} from work_item
    where account = ${account} and authorization_number = ${authorizationNumber}`;
  return rows[0] ?? null;
}

/** Many work items, in no order; those that are unknown are left out. */
export async function findItems(
  sql: Sql,
  account: string,
  numbers: readonly number[],
): Promise<StoredItem[]> {
  if (numbers.length === 0) return [];
  return sql<ItemRow[]>`
    select ${itemColumns(sql)} from work_item
    where account = ${account} and authorization_number = any(${numbers.map(String)}::bigint[])`;
}

/**
 * Work items, locked until the transaction ends, in the order of their numbers. Those that are not there yet are left out.
 * @param others what becomes of those that somebody else holds
 */
export async function lockItems(
  tx: Sql,
  account: string,
  numbers: readonly number[],
  others: 'wait' | 'skip',
): Promise<StoredItem[]> {
  if (numbers.length === 0) return [];
  return tx<ItemRow[]>`
    select ${itemColumns(tx)} from work_item
    where account = ${account} and authorization_number = any(${numbers.map(String)}::bigint[])
    order by authorization_number
    for no key update ${others === 'skip' ? tx`skip locked` : tx``}`;
}

/** The next work items after a number, locked. */
export async function lockItemsAfter(
  tx: Sql,
  account: string,
  after: number,
  limit: number,
): Promise<StoredItem[]> {
  return tx<ItemRow[]>`
    select ${itemColumns(tx)} from work_item
    where account = ${account} and authorization_number > ${after}
    order by authorization_number limit ${limit} for no key update`;
}

/**
 * Keeps events that were not known yet.
 * @param events in the order of their ids, so that two transactions with some of the same do not deadlock
 * @returns the ids of those that are new
 */
export async function insertEvents(
  tx: Sql,
  account: string,
  events: readonly WorkItemEvent[],
  now: Date,
): Promise<Set<string>> {
  const rows = events.map(({ id, type, occurredAt, authorizationNumber, ...body }) => ({
    id,
    type,
    occurred_at: new Date(occurredAt),
    authorization_number: authorizationNumber,
    body,
  }));
  const written = await tx<{ id: string }[]>`
    insert into work_item_event (account, id, authorization_number, type, occurred_at, received_at, body)
    select ${account}, id, authorization_number, type, occurred_at, ${now}, body
    from json_to_recordset(${asJson(rows)}::text::json)
      as e(id text, type text, occurred_at timestamptz, authorization_number bigint, body jsonb)
    on conflict do nothing
    returning id`;
  return new Set(written.map(({ id }) => id));
}

/** All events of these work items, in no order. Index: work_item_event_item. */
export async function eventsOfItems(
  sql: Sql,
  account: string,
  numbers: readonly number[],
): Promise<WorkItemEvent[]> {
  if (numbers.length === 0) return [];
  const rows = await sql<
    { id: string; type: EventType; occurredAt: Date; authorizationNumber: number; body: { data: object } }[]
  >`
    select id, type, occurred_at as "occurredAt", authorization_number as "authorizationNumber", body
    from work_item_event
    where account = ${account} and authorization_number = any(${numbers.map(String)}::bigint[])`;
  return rows.map(({ body, occurredAt, ...row }) => ({
    ...row,
    ...body,
    occurredAt: occurredAt.getTime(),
    data: body.data as Readonly<Record<string, unknown>>,
  }));
}

/** The numbers of the next work items. */
export async function itemNumbersAfter(
  sql: Sql,
  account: string,
  after: number | null,
  limit: number,
): Promise<number[]> {
  const rows = await sql<{ number: number }[]>`
    select authorization_number as number from work_item
    where account = ${account} and authorization_number > ${after ?? -1}
    order by authorization_number limit ${limit}`;
  return rows.map(({ number }) => number);
}

export interface ItemException {
  readonly authorizationNumber: number;
  readonly number: number;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

/** The exceptions of a type on these work items. Index: ticket_exception_item. */
export async function exceptionsOfItems(
  sql: Sql,
  account: string,
  numbers: readonly number[],
  type: string,
): Promise<ItemException[]> {
  if (numbers.length === 0) return [];
  return sql<ItemException[]>`
    select (fields->>'authorizationNumber')::bigint as "authorizationNumber", number, created_at as "openedAt",
      closed_at as "closedAt"
    from ticket
    where account = ${account} and kind = 'exception'
      and (fields->>'authorizationNumber')::bigint = any(${numbers.map(String)}::bigint[])
      and fields->>'type' = ${type}`;
}

/** Writes work items that are there and locked. */
export async function updateItems(
  tx: Sql,
  account: string,
  items: readonly StoredItem[],
  now: Date,
): Promise<void> {
  if (items.length === 0) return;
  const numbers = items.map(({ authorizationNumber }) => String(authorizationNumber));
  await tx`
    update work_item set facts = i.facts, rules = i.rules, exceptions = i.exceptions, pending = i.pending,
      derived_by = i.derived_by, updated_at = ${now}
    from json_to_recordset(${asJson(items.map(toRow))}::text::json) as i(
      number bigint, facts jsonb, rules jsonb, exceptions jsonb, pending jsonb, derived_by text
    )
    where work_item.account = ${account} and work_item.authorization_number = i.number
      and work_item.authorization_number = any(${numbers}::bigint[])`;
}

/**
 * Writes work items that are new.
 * @param items in the order of their numbers
 * @returns how many were written; fewer, where others made some of them at the same moment
 */
export async function insertItems(
  tx: Sql,
  account: string,
  items: readonly StoredItem[],
  now: Date,
): Promise<number> {
  if (items.length === 0) return 0;
  const written = await tx`
    insert into work_item (
      account, authorization_number, facts, rules, exceptions, pending, derived_by, created_at, updated_at
    )
    select ${account}, number, facts, rules, exceptions, pending, derived_by, ${now}, ${now}
    from json_to_recordset(${asJson(items.map(toRow))}::text::json) as i(
      number bigint, facts jsonb, rules jsonb, exceptions jsonb, pending jsonb, derived_by text
    )
    on conflict do nothing`;
  return written.count;
}

function toRow({ authorizationNumber, facts, rules, exceptions, pending, derivedBy }: StoredItem) {
  return { number: authorizationNumber, facts, rules, exceptions, pending, derived_by: derivedBy };
}

/** How far an account's triggers have been derived anew. */
export interface Derivation {
  readonly derivedBy: string;
  /** The last work item that is done; null: all of them. */
  readonly position: number | null;
}

export async function findDerivation(sql: Sql, account: string): Promise<Derivation | null> {
  const rows = await sql<Derivation[]>`
    select derived_by as "derivedBy", position from exception_derivation where account = ${account}`;
  return rows[0] ?? null;
}

export async function writeDerivation(
  tx: Sql,
  account: string,
  { derivedBy, position }: Derivation,
): Promise<void> {
  await tx`
    insert into exception_derivation (account, derived_by, position)
    values (${account}, ${derivedBy}, ${position})
    on conflict (account) do update set derived_by = excluded.derived_by, position = excluded.position`;
}
