import type { Ticket } from '../core/ticket.ts';
import type { Fragment, Sql } from './database.ts';
import { type TicketRow, ticketColumns, toTicket } from './ticket-row.ts';

/** How a caller names a ticket: by UUID, by human key, or by its number within a kind. */
export type TicketRef =
  | { readonly id: string }
  | { readonly key: string }
  | { readonly kind: string; readonly number: number };

/** A key that has another form is no ticket's, and could not even be asked for where it holds a NUL. */
const KEY_NUMBER = /^[^\0]*-(\d{1,15})$/;

/** One ticket of the account, null where there is none. Every form is one probe of a unique index. */
export async function loadTicket(sql: Sql, account: string, ref: TicketRef): Promise<Ticket | null> {
  const rows = await selectOne(sql, account, ref);
  return rows[0] ? toTicket(rows[0]) : null;
}

async function selectOne(sql: Sql, account: string, ref: TicketRef): Promise<TicketRow[]> {
  if ('id' in ref) {
    return sql<TicketRow[]>`
      select ${ticketColumns(sql)} from ticket where account = ${account} and id = ${ref.id}`;
  }
  if ('key' in ref) {
    // The key ends with the number, so the index on numbers (ticket_number) finds keys as well.
    const number = numberOf(ref);
    if (number === null) return [];
    return sql<TicketRow[]>`
      select ${ticketColumns(sql)} from ticket
      where account = ${account} and number = ${number} and key = ${ref.key}`;
  }
  return sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and number = ${ref.number} and kind = ${ref.kind}`;
}

/** Many tickets of the account by id, in no order; ids that are unknown are left out. */
export async function loadTickets(sql: Sql, account: string, ids: readonly string[]): Promise<Ticket[]> {
  if (ids.length === 0) return [];
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket where account = ${account} and id = any(${ids as string[]}::uuid[])`;
  return rows.map(toTicket);
}

/** Tickets of the account that have these numbers in any kind, in no order. */
export async function loadByNumbers(
  sql: Sql,
  account: string,
  numbers: readonly number[],
): Promise<Ticket[]> {
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and number = any(${numbers.map(String)}::bigint[])`;
  return rows.map(toTicket);
}

/** The number that the reference holds, null where it has none. A key ends with the ticket's number. */
export function numberOf(ref: TicketRef): number | null {
  if ('id' in ref) return null;
  if ('number' in ref) return ref.number;
  const digits = KEY_NUMBER.exec(ref.key)?.[1];
  return digits ? Number(digits) : null;
}

/** The ticket of a kind that holds a unique key, null where the key is free. */
export async function loadByUniqueKey(
  sql: Sql,
  account: string,
  kind: string,
  uniqueKey: string,
): Promise<Ticket | null> {
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where account = ${account} and kind = ${kind} and unique_key = ${uniqueKey}`;
  return rows[0] ? toTicket(rows[0]) : null;
}

/** Which ticket of a kind holds each unique key; keys that are free are left out. */
export async function loadByUniqueKeys(
  sql: Sql,
  account: string,
  kind: string,
  uniqueKeys: readonly string[],
): Promise<Map<string, { readonly id: string; readonly key: string }>> {
  const rows = await sql<{ id: string; key: string; uniqueKey: string }[]>`
    select id, key, unique_key as "uniqueKey" from ticket
    where account = ${account} and kind = ${kind} and unique_key = any(${uniqueKeys as string[]}::text[])`;
  return new Map(rows.map(({ id, key, uniqueKey }) => [uniqueKey, { id, key }]));
}

/**
 * The id that each reference names, null where there is no such ticket or a refusal stands in its place. An id is taken
 * as it is.
 */
export async function idsOfRefs(
  sql: Sql,
  account: string,
  refs: readonly (TicketRef | { readonly ok: false })[],
): Promise<(string | null)[]> {
  const numbers = new Set<number>();
  for (const ref of refs) {
    const number = 'ok' in ref ? null : numberOf(ref);
    if (number !== null) numbers.add(number);
  }
  const ids = new Map<string, string>();
  if (numbers.size > 0) {
    const rows = await sql<{ id: string; key: string; kind: string; number: number }[]>`
      select id, key, kind, number from ticket
      where account = ${account} and number = any(${[...numbers].map(String)}::bigint[])`;
    for (const { id, key, kind, number } of rows) {
      ids.set(`key ${key}`, id);
      ids.set(`number ${number} ${kind}`, id);
    }
  }
  return refs.map((ref) => {
    if ('ok' in ref) return null;
    if ('id' in ref) return ref.id.toLowerCase();
    return ids.get('key' in ref ? `key ${ref.key}` : `number ${ref.number} ${ref.kind}`) ?? null;
  });
}

/**
 * Tickets of the account by id, locked so that nobody can change them or link to them until the transaction ends. Those
 * that changed meanwhile are given as they are now: what the transaction writes replaces their events.
 */
export async function lockToErase(
  tx: Sql,
  account: string,
  ids: readonly string[],
): Promise<Map<string, Ticket>> {
  if (ids.length === 0) return new Map();
  const rows = await tx<TicketRow[]>`
    select ${ticketColumns(tx)} from ticket
    where account = ${account} and id = any(${ids as string[]}::uuid[])
    order by id for update`;
  return new Map(rows.map((row) => [row.id, toTicket(row)]));
}

/**
 * A ticket changed while it was being locked. The transaction has a smaller id than the one that changed the ticket, so
 * what it writes would come before that change in the log; a new transaction does not. The code is the SQLSTATE of a
 * serialization failure, which asks for just that.
 */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  readonly code = '40001';
}

/**
 * Tickets of the account by id or human key, locked until the transaction ends. They are locked in the order of their
 * ids, so that two transactions that lock some of the same ones wait for each other and do not deadlock. It has to be
 * the first statement of the transaction that writes or locks.
 * @throws OvertakenError when the transaction has to be begun anew
 */
export async function lockTickets(
  tx: Sql,
  account: string,
  ids: readonly string[],
  keys: readonly string[],
): Promise<Ticket[]> {
  // A locking statement reads a changed row again, so it had better ask for nothing but the row itself.
  const all = [...ids, ...(await idsOfKeys(tx, account, keys))];
  if (all.length === 0) return [];
  const rows = await tx<(TicketRow & { seen: number })[]>`
    select ${ticketColumns(tx)}, ${seenVersion(tx, 'ticket')} as seen from ticket
    where account = ${account} and id = any(${all}::uuid[])
    order by id for no key update`;
  if (rows.some(({ version, seen }) => version !== seen)) {
    throw new OvertakenError('A ticket changed while it was being locked');
  }
  return rows.map(toTicket);
}

/**
 * One ticket, locked until the transaction ends; `held` where somebody else has it, null where there is none.
 * @throws OvertakenError as `lockTickets`
 */
export async function lockIfFree(tx: Sql, account: string, id: string): Promise<Ticket | 'held' | null> {
  const rows = await tx<(TicketRow & { seen: number })[]>`
    select ${ticketColumns(tx)}, ${seenVersion(tx, 'ticket')} as seen from ticket
    where account = ${account} and id = ${id} for no key update skip locked`;
  const [row] = rows;
  if (!row) return (await loadTicket(tx, account, { id })) && 'held';
  if (row.version !== row.seen) throw new OvertakenError('The ticket changed while it was being locked');
  return toTicket(row);
}

/**
 * Tickets of the account by id, locked until the transaction ends, in a transaction that has locked or written other things
 * before.
 * @throws OvertakenError where the last event of one of them has been written by a younger transaction: what this one writes
 *   would come before it in the log
 */
export async function lockUnovertaken(tx: Sql, account: string, ids: readonly string[]): Promise<Ticket[]> {
  const rows = await tx<(TicketRow & { seen: number; overtaken: boolean | null })[]>`
    select ${ticketColumns(tx)}, ${seenVersion(tx, 'ticket')} as seen, (
      select e.xid > pg_current_xact_id() from event e
      where e.account = ticket.account and e.ticket = ticket.id order by e.seq desc limit 1
    ) as overtaken
    from ticket
    where account = ${account} and id = any(${ids as string[]}::uuid[])
    order by id for no key update`;
  if (rows.some(({ version, seen, overtaken }) => version !== seen || overtaken)) {
    throw new OvertakenError('A ticket was changed by a younger transaction');
  }
  return rows.map(toTicket);
}

async function idsOfKeys(sql: Sql, account: string, keys: readonly string[]): Promise<string[]> {
  const wellFormed = keys.filter((key) => KEY_NUMBER.test(key));
  if (wellFormed.length === 0) return [];
  const rows = await sql<{ id: string }[]>`
    select id from ticket
    where account = ${account} and number = any(${wellFormed.map((key) => numberOf({ key }) ?? 0)}::bigint[])
      and key = any(${wellFormed}::text[])`;
  return rows.map(({ id }) => id);
}

/**
 * The version of a row of table `ticket` at the moment when the statement began. A statement that locks rows goes on
 * with a row's newest version, so the two differ where somebody changed the ticket in between.
 */
export function seenVersion(tx: Sql, ticket: string): Fragment {
  return tx`(select seen.version from ticket seen where seen.account = ${tx(ticket)}.account and seen.id = ${tx(ticket)}.id)`;
}
