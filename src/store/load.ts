import type { Ticket } from '../core/ticket.ts';
import type { Sql } from './database.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from './ticket-row.ts';

/** How a caller names a ticket: by UUID, by human key, or by its number within a kind. */
export type TicketRef =
  | { readonly id: string }
  | { readonly key: string }
  | { readonly kind: string; readonly number: number };

const KEY_NUMBER = /-(\d{1,15})$/;

/** One ticket of the account, null where there is none. Every form is one probe of a unique index. */
export async function loadTicket(sql: Sql, account: string, ref: TicketRef): Promise<Ticket | null> {
  const rows = await selectOne(sql, account, ref);
  return rows[0] ? toTicket(rows[0]) : null;
}

async function selectOne(sql: Sql, account: string, ref: TicketRef): Promise<TicketRow[]> {
  if ('id' in ref) {
    return sql<TicketRow[]>`
      select ${sql(TICKET_COLUMNS)} from ticket where account = ${account} and id = ${ref.id}`;
  }
  if ('key' in ref) {
    // The key ends with the number, so the index on numbers (ticket_number) finds keys as well.
    const number = KEY_NUMBER.exec(ref.key)?.[1];
    if (!number) return [];
    return sql<TicketRow[]>`
      select ${sql(TICKET_COLUMNS)} from ticket
      where account = ${account} and number = ${Number(number)} and key = ${ref.key}`;
  }
  return sql<TicketRow[]>`
    select ${sql(TICKET_COLUMNS)} from ticket
    where account = ${account} and number = ${ref.number} and kind = ${ref.kind}`;
}

/** Many tickets of the account by id, in no order; ids that are unknown are left out. */
export async function loadTickets(sql: Sql, account: string, ids: readonly string[]): Promise<Ticket[]> {
  if (ids.length === 0) return [];
  const rows = await sql<TicketRow[]>`
    select ${sql(TICKET_COLUMNS)} from ticket where account = ${account} and id = any(${ids as string[]}::uuid[])`;
  return rows.map(toTicket);
}

/** Many tickets of the account by human key, in no order; keys that are unknown are left out. */
export async function loadTicketsByKey(
  sql: Sql,
  account: string,
  keys: readonly string[],
): Promise<Ticket[]> {
  const numbers = keys.map((key) => KEY_NUMBER.exec(key)?.[1]).filter((text) => text !== undefined);
  if (numbers.length === 0) return [];
  const rows = await sql<TicketRow[]>`
    select ${sql(TICKET_COLUMNS)} from ticket
    where account = ${account} and number = any(${numbers}::bigint[]) and key = any(${keys as string[]}::text[])`;
  return rows.map(toTicket);
}

/** The ticket of a kind that holds a unique key, null where the key is free. */
export async function loadByUniqueKey(
  sql: Sql,
  account: string,
  kind: string,
  uniqueKey: string,
): Promise<Ticket | null> {
  const rows = await sql<TicketRow[]>`
    select ${sql(TICKET_COLUMNS)} from ticket
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
 * Tickets of the account by id or human key, locked until the transaction ends. They are locked in the order of their
 * ids, so that two transactions that lock some of the same ones wait for each other and do not deadlock.
 */
export async function lockTickets(
  tx: Sql,
  account: string,
  ids: readonly string[],
  keys: readonly string[],
): Promise<Ticket[]> {
  if (ids.length + keys.length === 0) return [];
  const numbers = keys.map((key) => KEY_NUMBER.exec(key)?.[1]).filter((text) => text !== undefined);
  const rows = await tx<TicketRow[]>`
    select ${tx(TICKET_COLUMNS)} from ticket
    where account = ${account} and id in (
      select id from ticket where account = ${account} and id = any(${ids as string[]}::uuid[])
      union all
      select id from ticket
      where account = ${account} and number = any(${numbers}::bigint[]) and key = any(${keys as string[]}::text[])
    )
    order by id for no key update`;
  return rows.map(toTicket);
}
