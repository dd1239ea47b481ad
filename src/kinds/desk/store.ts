import type { Ticket } from '../../core/ticket.ts';
import { countByState } from '../../store/counts.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import { toSearchQuery } from '../../store/search.ts';
import { type TicketRow, ticketColumns, toTicket } from '../../store/ticket-row.ts';
import type { DeskFilter } from './filter.ts';
import { DESK_STATES, type DeskState } from './workflow.ts';

/** A total beyond this many is not counted out. */
const MOST_COUNTED = 100_000;
/** The same for a search: each of its tickets has to be looked at. */
const MOST_FOUND = 1_000;
/** A word in a tsquery. */
const LEXEME = /'(?:\\.|[^'\\])*'/g;
/** Words are of letters and digits, so no ticket has this one. */
const UNKNOWN_LEXEME = "'-'";

export interface DeskPage {
  readonly tickets: readonly Ticket[];
  readonly total: number;
}

/** The ids of tickets by number; numbers that are unknown are left out. Index: ticket_number. */
export async function findIds(
  sql: Sql,
  account: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<{ number: number; id: string }[]>`
    select number, id from ticket
    where account = ${account} and kind = 'desk' and number = any(${numbers.map(String)}::bigint[])`;
  return new Map(rows.map(({ number, id }) => [number, id]));
}

/**
 * The numbers of tickets in any of the states, oldest first, that come after `after`: at most `limit`. Index: ticket_state,
 * each state read in order, or that of a group or brand.
 */
export async function numbersAfter(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  after: string | null,
  limit: number,
): Promise<{ id: string; number: number }[]> {
  const later = after === null ? sql`` : sql`and id > ${after}::uuid`;
  const arms = statesOf(filter).map(
    (state) => sql`(
      select id, number from ticket where ${inState(sql, account, state)} ${conditions(sql, filter, null)} ${later}
      order by id limit ${limit})`,
  );
  return sql<{ id: string; number: number }[]>`
    select id, number from (${union(sql, arms)}) page order by id limit ${limit}`;
}

/**
 * A page of a list, newest first, and how many tickets the list has. What only asks for states is counted without
 * looking at tickets; the rest up to a limit, from where on `total` says how many there are at least: always more than
 * the page shows as long as more follow.
 * @param sql a handle that plans for values
 */
export async function readPage(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  start: number,
  limit: number,
): Promise<DeskPage> {
  if (filter.states?.length === 0) return { tickets: [], total: 0 };
  if (filter.text !== undefined) return searchPage(sql, account, filter, start, limit);
  const [tickets, total] = await Promise.all([
    pageInOrder(sql, account, filter, null, start, limit + 1),
    asksOnlyForStates(filter) ? countStates(sql, account, filter) : countSome(sql, account, filter),
  ]);
  return cut(tickets, total, start, limit);
}

async function searchPage(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  start: number,
  limit: number,
): Promise<DeskPage> {
  const search = await toSearchQuery(sql, account, filter.text ?? '');
  if (search === null) return { tickets: [], total: 0 };
  if (await isCommon(sql, account, filter, search)) {
    const walked = await pageInOrder(sql, account, filter, search, start, limit + 1);
    return cut(walked, walked.length > limit ? MOST_FOUND : 0, start, limit);
  }
  const { count, ids } = await foundBy(sql, account, filter, search, start, limit + 1);
  // Few are sorted; where there are many, the page is soon full if tickets are looked at from the newest on.
  const tickets =
    count > MOST_FOUND
      ? await pageInOrder(sql, account, filter, search, start, limit + 1)
      : await loadNewest(sql, account, ids);
  return cut(tickets, Math.min(count, MOST_FOUND), start, limit);
}

/**
 * Whether the planner's statistics say that far more tickets than are counted have the words: then finding them all by
 * the index takes a hundred times as long as walking from the newest one until the page is full.
 * @param many from how many tickets on it is worth walking
 */
export async function isCommon(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  search: string,
  many = 5 * MOST_FOUND,
): Promise<boolean> {
  // There are statistics on whole words only; beginnings are always taken for rare.
  const wholeWords = search.replaceAll(':*', '');
  const expected = await expectedToFind(sql, account, filter, wholeWords);
  if (expected <= many) return false;
  // Of words that the planner does not know it expects a share of all tickets, half of the rarest known word's at most.
  const ofUnknown = await expectedToFind(sql, account, filter, wholeWords.replaceAll(LEXEME, UNKNOWN_LEXEME));
  return expected > 1.5 * ofUnknown;
}

/** How many tickets the planner expects to have the words. */
async function expectedToFind(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  search: string,
): Promise<number> {
  const [plan] = await sql<[{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }]>`
    explain (format json) select 1 from ticket
    where ${ofDesk(sql, account)} ${stateCondition(sql, filter)} ${conditions(sql, filter, search)}`;
  return plan['QUERY PLAN'][0].Plan['Plan Rows'];
}

function cut(tickets: readonly Ticket[], counted: number, start: number, limit: number): DeskPage {
  const shown = tickets.slice(0, limit);
  const seen = start + tickets.length;
  return { tickets: shown, total: tickets.length > 0 ? Math.max(counted, seen) : counted };
}

/**
 * Only the ids are counted off, from indexes that hold them: 0.2 µs for each ticket that is passed over.
 * Indexes: ticket_state, each state read in order and merged, or what the filter names.
 */
async function pageInOrder(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  search: string | null,
  start: number,
  limit: number,
): Promise<Ticket[]> {
  // A word may be in no ticket of a large status: one walk through all of them finds it sooner than one for each.
  const arms =
    search !== null || isKeyed(filter)
      ? [
          sql`(
          select id from ticket
          where ${ofDesk(sql, account)} ${stateCondition(sql, filter)} ${conditions(sql, filter, search)}
          order by id desc limit ${start + limit})`,
        ]
      : statesOf(filter).map(
          (state) => sql`(
          select id from ticket where ${inState(sql, account, state)} ${conditions(sql, filter, null)}
          order by id desc limit ${start + limit})`,
        );
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and id = any(array(
      select id from (${union(sql, arms)}) page order by id desc offset ${start} limit ${limit}
    ))
    order by id desc`;
  return rows.map(toTicket);
}

interface Found {
  /** At most one more than are counted. */
  readonly count: number;
  /** Those of the page, the newest first. */
  readonly ids: readonly string[];
}

/** What a search finds. Ids carry the moment of creation. Index: ticket_search. */
async function foundBy(
  sql: Sql,
  account: string,
  filter: DeskFilter,
  search: string,
  start: number,
  limit: number,
): Promise<Found> {
  const [found] = await sql<[Found]>`
    with found as materialized (
      select id from ticket
      where ${ofDesk(sql, account)} ${stateCondition(sql, filter)} ${conditions(sql, filter, search)}
      limit ${MOST_FOUND + 1}
    )
    select (select count(*) from found) as count,
      array(select id from found order by id desc offset ${start} limit ${limit}) as ids`;
  return found;
}

async function loadNewest(sql: Sql, account: string, ids: readonly string[]): Promise<Ticket[]> {
  if (ids.length === 0) return [];
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and id = any(${ids as string[]}::uuid[]) order by id desc`;
  return rows.map(toTicket);
}

async function countStates(sql: Sql, account: string, filter: DeskFilter): Promise<number> {
  const counts = await countByState(sql, account, 'desk');
  return statesOf(filter).reduce((total, state) => total + (counts.get(state) ?? 0), 0);
}

async function countSome(sql: Sql, account: string, filter: DeskFilter): Promise<number> {
  const [row] = await sql<[{ n: number }]>`
    select count(*) as n from (
      select 1 from ticket
      where ${ofDesk(sql, account)} ${stateCondition(sql, filter)} ${conditions(sql, filter, null)}
      limit ${MOST_COUNTED}
    ) found`;
  return row.n;
}

/** Each once: a ticket is read and counted by its status. */
function statesOf({ states = DESK_STATES }: DeskFilter): readonly DeskState[] {
  return [...new Set(states)];
}

function asksOnlyForStates({ states: _, ...others }: DeskFilter): boolean {
  return Object.values(others).every((value) => value === undefined);
}

/** Whether an index of its own leads to what the filter names, so that states need not be read one by one. */
function isKeyed({ number, brand, queue, assignee, customer, externalReference }: DeskFilter): boolean {
  return [number, brand, queue ?? undefined, assignee, customer, externalReference].some(
    (value) => value !== undefined,
  );
}

function ofDesk(sql: Sql, account: string): Fragment {
  return sql`account = ${account} and kind = 'desk'`;
}

function inState(sql: Sql, account: string, state: DeskState): Fragment {
  return sql`${ofDesk(sql, account)} and state = ${state}`;
}

function stateCondition(sql: Sql, { states }: DeskFilter): Fragment {
  if (!states) return sql``;
  return states.length === 1
    ? sql`and state = ${states[0] ?? ''}`
    : sql`and state = any(${states as DeskState[]}::text[])`;
}

/** Everything but account, kind and states. */
function conditions(sql: Sql, filter: DeskFilter, search: string | null): Fragment {
  const { queue } = filter;
  const field = (name: string, value: string | number | undefined) =>
    value !== undefined && sql`and fields->>${name} = ${String(value)}`;
  const parts: (Fragment | false)[] = [
    filter.number !== undefined && sql`and number = ${filter.number}`,
    filter.priority !== undefined && sql`and priority = ${filter.priority}`,
    queue !== undefined && (queue === null ? sql`and queue is null` : sql`and queue = ${queue}`),
    filter.assignee !== undefined && sql`and assignee = ${filter.assignee}`,
    filter.customer !== undefined && sql`and customer = ${filter.customer}`,
    filter.externalReference !== undefined && sql`and external_reference = ${filter.externalReference}`,
    ...(filter.tags ?? []).map((tag) => sql`and ${tag} = any(tags)`),
    // Written out, as the index ticket_desk_brand has it.
    filter.brand !== undefined && sql`and fields->>'brand' = ${String(filter.brand)}`,
    field('channel', filter.channel),
    field('form', filter.form),
    field('direction', filter.direction),
    field('from', filter.from),
    field('to', filter.to),
    search !== null && sql`and search @@ ${search}::text::tsquery`,
  ];
  return parts
    .filter((part) => typeof part === 'object')
    .reduce((left, right) => sql`${left} ${right}`, sql``);
}

function union(sql: Sql, arms: readonly Fragment[]): Fragment {
  return arms.reduce((left, right) => sql`${left} union all ${right}`);
}
