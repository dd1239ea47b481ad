import type { Ticket } from '../../core/ticket.ts';
import { countInStates } from '../../store/counts.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import { type TicketRow, ticketColumns, toTicket } from '../../store/ticket-row.ts';
import { numberOfPriority, numberOfSeverity } from './severities.ts';

/** A condition on one attribute: any of the values will do. */
export type Condition =
  | { readonly on: 'key' | 'severity' | 'priority' | 'externalReference'; readonly values: readonly string[] }
  | { readonly on: 'field'; readonly name: FilterField; readonly values: readonly string[] }
  | { readonly on: 'party'; readonly values: readonly string[] }
  | { readonly on: 'createdAt' | 'updatedAt'; readonly than: Than; readonly at: Date };

export type Than = 'at' | 'after' | 'from' | 'before' | 'until';
/** The wing's own fields that a list may be narrowed by. */
export type FilterField = 'troubleType' | 'troubleDescription' | 'name';

export interface TroubleFilter {
  /** Only tickets that this party takes part in; null: all of the account. */
  readonly party: string | null;
  /** Undefined: in any state. */
  readonly states?: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface TroubleOrder {
  readonly by: 'created' | 'updated';
  readonly descending: boolean;
}

/** Where a page begins: after so many tickets, or at a ticket that was on another page. */
export type TroubleStart =
  | { readonly offset: number }
  | { readonly id: string; readonly at: string | null; readonly way: 'after' | 'before' };

export interface TroublePage {
  readonly tickets: readonly Ticket[];
  /** Whether there are tickets on the far side of the page, seen from where it begins. */
  readonly more: boolean;
}

/** A total beyond this many is not counted out. */
const MOST_COUNTED = 10_000;

/**
 * One page. A party's tickets are on two sides: each is read from an index of its own (ticket_issuer, ticket_owner) or
 * from that of what the filter names, and the two are merged. Only ids are counted off.
 * @param sql a handle that plans for values
 */
export async function listTroubleTickets(
  sql: Sql,
  account: string,
  filter: TroubleFilter,
  order: TroubleOrder,
  start: TroubleStart,
  limit: number,
): Promise<TroublePage> {
  if (filter.states?.length === 0) return { tickets: [], more: false };
  const backwards = 'way' in start && start.way === 'before';
  const descending = order.descending !== backwards;
  const column = order.by === 'updated' ? sql`updated_at, id` : sql`id`;
  const way = descending ? sql`desc` : sql`asc`;
  const ordered =
    order.by === 'updated' ? sql`order by updated_at ${way}, id ${way}` : sql`order by id ${way}`;
  const offset = 'offset' in start ? start.offset : 0;
  const where = sql`${conditionsOf(sql, account, filter)} ${afterStart(sql, order, descending, start)}`;
  const arms = sidesOf(sql, filter).map(
    (side) =>
      sql`(select ${column} from ticket where ${where} ${side} ${ordered} limit ${offset + limit + 1})`,
  );
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and id = any(array(
      select id from (${arms.reduce((left, right) => sql`${left} union all ${right}`)}) page
      ${ordered} offset ${offset} limit ${limit + 1}
    ))
    ${ordered}`;
  const tickets = rows.slice(0, limit).map(toTicket);
  return { tickets: backwards ? tickets.reverse() : tickets, more: rows.length > limit };
}

/**
 * How many tickets a filter finds: exact where only states narrow the account's tickets, which costs nothing, and else up
 * to a limit, from where on it says how many there are at least.
 */
export async function countTroubleTickets(sql: Sql, account: string, filter: TroubleFilter): Promise<number> {
  const { party, states, conditions } = filter;
  if (states?.length === 0) return 0;
  if (party === null && conditions.length === 0) return countInStates(sql, account, 'trouble', states);
  const arms = sidesOf(sql, filter).map(
    (side) =>
      sql`(select 1 from ticket where ${conditionsOf(sql, account, filter)} ${side} limit ${MOST_COUNTED})`,
  );
  const [row] = await sql<[{ n: number }]>`
    select count(*) as n from (${arms.reduce((left, right) => sql`${left} union all ${right}`)}) found`;
  return row.n;
}

function sidesOf(sql: Sql, { party }: TroubleFilter): Fragment[] {
  if (party === null) return [sql``];
  return [
    sql`and issuer = ${party}`,
    // Nobody is on both sides of one ticket.
    sql`and owner = ${party}`,
  ];
}

/** The kind is written out, for an index that holds one kind is only asked by a statement that names it. */
function conditionsOf(sql: Sql, account: string, { states, conditions }: TroubleFilter): Fragment {
  const inStates =
    states === undefined
      ? sql``
      : states.length === 1
        ? sql`and state = ${states[0] ?? ''}`
        : sql`and state = any(${states as string[]}::text[])`;
  return conditions
    .map((condition) => conditionOf(sql, condition))
    .reduce(
      (left, right) => sql`${left} and ${right}`,
      sql`account = ${account} and kind = 'trouble' ${inStates}`,
    );
}

function conditionOf(sql: Sql, condition: Condition): Fragment {
  if ('at' in condition) return momentOf(sql, condition);
  const values = condition.values as string[];
  switch (condition.on) {
    case 'field':
      return sql`fields->>${condition.name} = any(${values}::text[])`;
    case 'externalReference':
      return sql`external_reference = any(${values}::text[])`;
    case 'key': {
      const numbers = values.flatMap((value) => /-(\d{1,15})$/.exec(value)?.[1] ?? []);
      return sql`number = any(${numbers}::bigint[]) and key = any(${values}::text[])`;
    }
    case 'severity':
      return sql`(fields->>'severity' = any(${values}::text[])
        or fields->>'severity' is null and priority = any(${numbersOf(values, numberOfSeverity)}::text[]::smallint[]))`;
    case 'priority':
      return sql`(fields->>'priorityName' = any(${values}::text[])
        or fields->>'priorityName' is null and priority = any(${numbersOf(values, numberOfPriority)}::text[]::smallint[]))`;
    case 'party':
      return sql`(issuer = any(${values}::text[]) or owner = any(${values}::text[]))`;
  }
}

function numbersOf(values: readonly string[], numberOf: (value: string) => number | null): string[] {
  return values
    .map(numberOf)
    .filter((number) => number !== null)
    .map(String);
}

function momentOf(sql: Sql, { on, than, at }: Extract<Condition, { at: Date }>): Fragment {
  const column = on === 'createdAt' ? sql`created_at` : sql`updated_at`;
  switch (than) {
    case 'at':
      return sql`${column} = ${at}`;
    case 'after':
      return sql`${column} > ${at}`;
    case 'from':
      return sql`${column} >= ${at}`;
    case 'before':
      return sql`${column} < ${at}`;
    case 'until':
      return sql`${column} <= ${at}`;
  }
}

function afterStart(sql: Sql, { by }: TroubleOrder, descending: boolean, start: TroubleStart): Fragment {
  if ('offset' in start) return sql``;
  const sign = descending ? sql`<` : sql`>`;
  return by === 'updated'
    ? sql`and (updated_at, id) ${sign} (${start.at}::text::timestamptz, ${start.id}::uuid)`
    : sql`and id ${sign} ${start.id}::uuid`;
}
