import type { Ticket } from '../../core/ticket.ts';
import { countByState } from '../../store/counts.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import type { TicketRow } from '../../store/ticket-row.ts';
import { fieldsOf } from './fields.ts';
import { serviceKind } from './kind.ts';
import type { ServiceState } from './workflow.ts';

/** What a list of service tickets shows; every part narrows it. */
export interface ServiceFilter {
  readonly states: readonly ServiceState[];
  readonly number?: number | undefined;
  /** Whether a provider closed it. */
  readonly externallyProcessed?: boolean | undefined;
}

/** The part of a ticket that is shown: a list reads no more of a row. */
export type ShownTicket = Pick<
  Ticket,
  'id' | 'number' | 'state' | 'customer' | 'assignee' | 'externalReference' | 'fields' | 'createdAt'
>;

type ShownRow = Pick<
  TicketRow,
  'id' | 'number' | 'state' | 'customer' | 'assignee' | 'external_reference' | 'fields' | 'created_at'
>;

const shownColumns = (sql: Sql): Fragment => sql`
  id, number, state, customer, assignee, external_reference, fields, created_at`;

function toShown({ external_reference, created_at, ...row }: ShownRow): ShownTicket {
  return { ...row, externalReference: external_reference, createdAt: created_at };
}

export interface ServicePage {
  readonly tickets: ShownTicket[];
  /** How many tickets the filter finds. */
  readonly total: number;
}

/** From here on the rows before a page are counted off in the index alone, from the nearer end. */
const DEEP = 1000;

/**
 * One page of a waiting line, the oldest ticket first, and how many stand in it. The total costs nothing, but for
 * `externallyProcessed`, where as many entries of an index are counted as there are such tickets. The first page costs the
 * same however long the line is; an offset costs what it skips, at most half of the line. The indexes are the same for all
 * values, so the statements keep their plans: planning a page costs twice as much as reading it.
 */
export async function listServiceTickets(
  sql: Sql,
  account: string,
  filter: ServiceFilter,
  limit: number,
  offset: number,
): Promise<ServicePage> {
  if (filter.number !== undefined) return pageOfOne(sql, account, filter, limit, offset);
  if (offset < DEEP) {
    const [total, tickets] = await Promise.all([
      countServiceTickets(sql, account, filter),
      limit === 0 ? [] : readPage(sql, account, filter, limit, offset),
    ]);
    return { tickets, total };
  }
  const total = await countServiceTickets(sql, account, filter);
  const isEmpty = offset >= total || limit === 0;
  const tickets = isEmpty ? [] : readDeep(sql, account, filter, limit, offset, total);
  return { tickets: await tickets, total };
}

/** Index: ticket_number. */
async function pageOfOne(
  sql: Sql,
  account: string,
  { states, number, externallyProcessed }: ServiceFilter,
  limit: number,
  offset: number,
): Promise<ServicePage> {
  const rows = await sql<ShownRow[]>`
    select ${shownColumns(sql)} from ticket
    where account = ${account} and number = ${number ?? 0} and kind = 'service'`;
  const found = rows
    .map(toShown)
    .filter(
      (ticket) =>
        states.includes(ticket.state as ServiceState) &&
        (externallyProcessed ?? fieldsOf(ticket).externallyProcessed) ===
          fieldsOf(ticket).externallyProcessed,
    );
  return { tickets: found.slice(offset, offset + limit), total: found.length };
}

async function countServiceTickets(
  sql: Sql,
  account: string,
  { states, externallyProcessed }: ServiceFilter,
): Promise<number> {
  const all = async () => {
    const counts = await countByState(sql, account, serviceKind.name);
    return states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
  };
  if (externallyProcessed === undefined) return all();
  // Only what is closed can have been closed by a provider.
  const external = states.includes('closed') ? countExternal(sql, account) : 0;
  return externallyProcessed ? external : (await all()) - (await external);
}

/** Index: ticket_service_external, which holds no others. */
async function countExternal(sql: Sql, account: string): Promise<number> {
  const [row] = await sql<[{ count: number }]>`
    select count(*) as count from ticket where account = ${account} and ${isExternal(sql)}`;
  return row.count;
}

async function readPage(
  sql: Sql,
  account: string,
  filter: ServiceFilter,
  limit: number,
  offset: number,
): Promise<ShownTicket[]> {
  const rows = await sql<ShownRow[]>`
    select * from (${line(sql, account, filter, shownColumns(sql), sql`asc`, offset + limit)}) as line
    order by id limit ${limit} offset ${offset}`;
  return rows.map(toShown);
}

/** The ids of the page are found first, in the index alone, so that what is skipped is not read. */
async function readDeep(
  sql: Sql,
  account: string,
  filter: ServiceFilter,
  limit: number,
  offset: number,
  total: number,
): Promise<ShownTicket[]> {
  const size = Math.min(limit, total - offset);
  const behind = total - offset - size;
  const [skipped, way] = behind < offset ? [behind, sql`desc`] : [offset, sql`asc`];
  const rows = await sql<ShownRow[]>`
    with page as materialized (
      select id from (${line(sql, account, filter, sql`id`, way, skipped + size)}) as line
      order by id ${way} limit ${size} offset ${skipped}
    )
    select ${shownColumns(sql)} from ticket
    where account = ${account} and id = any(array(select id from page)) order by id`;
  return rows.map(toShown);
}

/**
 * The first `count` tickets from either end, and of several states the first of each, from ticket_state or, where a
 * provider closed them, ticket_service_external. The kind is written out, for an index that holds one kind is only asked by
 * a statement that names it.
 */
function line(
  sql: Sql,
  account: string,
  filter: ServiceFilter,
  columns: Fragment,
  way: Fragment,
  count: number,
): Fragment {
  const { states, externallyProcessed } = filter;
  if (externallyProcessed) {
    return sql`
      select ${columns} from ticket
      where account = ${account} and ${isExternal(sql)} and state = any(${states as string[]}::text[])
      order by id ${way} limit ${count}`;
  }
  const others =
    externallyProcessed === false ? sql`and fields->>'externallyProcessed' is distinct from 'true'` : sql``;
  // Of `state = x` and an order by id alone the planner thinks that the primary key would do as well, and reads all older
  // tickets that are not x before the first one that is. An order by state comes from ticket_state only.
  return states
    .map(
      (state) => sql`(
        select ${columns} from ticket
        where account = ${account} and kind = 'service' and state between ${state} and ${state} ${others}
        order by state ${way}, id ${way} limit ${count})`,
    )
    .reduce((left, right) => sql`${left} union all ${right}`);
}

function isExternal(sql: Sql): Fragment {
  return sql`kind = 'service' and fields->>'externallyProcessed' = 'true'`;
}
