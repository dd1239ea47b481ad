import type { Category, Ticket } from '../core/ticket.ts';
import { countInStates } from './counts.ts';
import type { Fragment, Sql } from './database.ts';
import { type TicketRow, ticketColumns, toTicket } from './ticket-row.ts';

/** What a list shows; every part narrows it. */
export interface TicketFilter {
  /** Only tickets that this party takes part in; null: all of the account. */
  readonly party: string | null;
  /** The side that the party is on, both when absent. */
  readonly side?: 'issuer' | 'owner' | undefined;
  readonly kind?: string | undefined;
  readonly states?: readonly string[] | undefined;
  readonly category?: Category | undefined;
  readonly assignee?: string | undefined;
  readonly queue?: string | undefined;
  readonly priority?: number | undefined;
  readonly tag?: string | undefined;
  readonly customer?: string | undefined;
  readonly externalReference?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly updatedAfter?: Date | undefined;
  readonly updatedBefore?: Date | undefined;
  /** Tickets that are not final and have a timer that was due before this moment. */
  readonly dueBefore?: Date | undefined;
  /** Values of the kind's own fields, compared as text. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** A text search query, made by `toSearchQuery`. */
  readonly search?: string | undefined;
}

export type SortColumn = 'created' | 'updated' | 'due';

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Keyset: where the page before ended. `at` is null when the order is by creation, since ids carry it. */
export interface PageStart {
  readonly id: string;
  readonly at: string | null;
}

export interface Page {
  readonly tickets: Ticket[];
  /** Where the next page starts, null on the last one. */
  readonly next: PageStart | null;
}

/**
 * One page of tickets. A page costs what the first one costs: it starts at a key, it does not count rows off.
 * A party's tickets are on two sides; each side is read from its own index (ticket_issuer, ticket_owner) and the two
 * are merged.
 */
export async function listTickets(
  sql: Sql,
  account: string,
  filter: TicketFilter,
  sort: Sort,
  limit: number,
  start: PageStart | null,
): Promise<Page> {
  const where = conditions(sql, account, filter);
  const after = startCondition(sql, sort, start);
  const order = orderBy(sql, sort);
  const arms = sides(filter).map(
    (side) => sql`(
      select ${ticketColumns(sql)}, due_at from ticket
      where ${where} ${side ? onSide(sql, side, filter) : sql``} ${after}
      order by ${order} limit ${limit + 1})`,
  );
  const rows = await sql<(TicketRow & { due_at: Date | null })[]>`
    select * from (${arms.reduce((left, right) => sql`${left} union all ${right}`)}) as page
    order by ${order} limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? { id: last.id, at: sortValue(last, sort) } : null;
  return { tickets: page.map(toTicket), next };
}

/**
 * How many tickets a filter finds: counted, or the planner's estimate, which costs nothing. What only asks for a kind
 * or states is not counted but known.
 */
export async function countTickets(
  sql: Sql,
  account: string,
  filter: TicketFilter,
  how: 'exact' | 'estimate',
): Promise<number> {
  const sidesOf = sides(filter);
  const side =
    sidesOf.length === 2
      ? sql`and (issuer = ${filter.party} or owner = ${filter.party})`
      : sidesOf[0]
        ? sql`and ${sql(sidesOf[0])} = ${filter.party}`
        : sql``;
  if (how === 'exact') {
    if (asksOnlyForStates(filter)) return countInStates(sql, account, filter.kind, filter.states);
    const [row] = await sql<[{ n: number }]>`
      select count(*) as n from ticket where ${conditions(sql, account, filter)} ${side}`;
    return row.n;
  }
  const [plan] = await sql<[{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }]>`
    explain (format json) select 1 from ticket where ${conditions(sql, account, filter)} ${side}`;
  return plan['QUERY PLAN'][0].Plan['Plan Rows'];
}

function asksOnlyForStates({
  party,
  side: _,
  kind: _kind,
  states: _states,
  ...others
}: TicketFilter): boolean {
  return party === null && Object.values(others).every((other) => other === undefined);
}

function sides({ party, side }: TicketFilter): ('issuer' | 'owner' | null)[] {
  if (party === null) return [null];
  return side ? [side] : ['issuer', 'owner'];
}

/** The tickets of one side; of a list of both sides the owner's leaves out what the issuer's has already. */
function onSide(sql: Sql, side: 'issuer' | 'owner', { party, side: only }: TicketFilter): Fragment {
  if (side === 'issuer') return sql`and issuer = ${party}`;
  return only ? sql`and owner = ${party}` : sql`and owner = ${party} and issuer is distinct from ${party}`;
}

function conditions(sql: Sql, account: string, filter: TicketFilter): Fragment {
  const { states, fields = {} } = filter;
  const parts: (Fragment | false | undefined)[] = [
    sql`account = ${account}`,
    filter.kind !== undefined && sql`kind = ${filter.kind}`,
    // A single state can be read in order from ticket_state; `any` could not.
    states?.length === 1 && sql`state = ${states[0] ?? ''}`,
    states && states.length !== 1 && sql`state = any(${states as string[]}::text[])`,
    filter.category !== undefined && sql`category = ${filter.category}`,
    filter.assignee !== undefined && sql`assignee = ${filter.assignee}`,
    filter.queue !== undefined && sql`queue = ${filter.queue}`,
    filter.priority !== undefined && sql`priority = ${filter.priority}`,
    filter.tag !== undefined && sql`${filter.tag} = any(tags)`,
    filter.customer !== undefined && sql`customer = ${filter.customer}`,
    filter.externalReference !== undefined && sql`external_reference = ${filter.externalReference}`,
    filter.createdAfter && sql`created_at > ${filter.createdAfter}`,
    filter.createdBefore && sql`created_at < ${filter.createdBefore}`,
    filter.updatedAfter && sql`updated_at > ${filter.updatedAfter}`,
    filter.updatedBefore && sql`updated_at < ${filter.updatedBefore}`,
    filter.dueBefore && sql`due_at < ${filter.dueBefore} and category <> 'final'`,
    filter.search !== undefined && sql`search @@ ${filter.search}::text::tsquery`,
    ...Object.entries(fields).map(([name, value]) => sql`fields->>${name} = ${value}`),
  ];
  return parts.filter((part) => typeof part === 'object').reduce((left, right) => sql`${left} and ${right}`);
}

function sortColumn(sql: Sql, { column }: Sort): Fragment | null {
  if (column === 'updated') return sql`updated_at`;
  return column === 'due' ? sql`due_at` : null;
}

function startCondition(sql: Sql, sort: Sort, start: PageStart | null): Fragment {
  const notNull = sort.column === 'due' ? sql`and due_at is not null` : sql``;
  if (!start) return notNull;
  const sign = sort.descending ? sql`<` : sql`>`;
  const column = sortColumn(sql, sort);
  return column
    ? sql`${notNull} and (${column}, id) ${sign} (${start.at}::text::timestamptz, ${start.id}::uuid)`
    : sql`and id ${sign} ${start.id}::uuid`;
}

function orderBy(sql: Sql, sort: Sort): Fragment {
  const way = sort.descending ? sql`desc` : sql`asc`;
  const column = sortColumn(sql, sort);
  return column ? sql`${column} ${way}, id ${way}` : sql`id ${way}`;
}

function sortValue(row: TicketRow & { due_at: Date | null }, { column }: Sort): string | null {
  if (column === 'updated') return row.updated_at.toISOString();
  return column === 'due' ? (row.due_at?.toISOString() ?? null) : null;
}
