import type { Ticket } from '../../core/ticket.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import { type TicketRow, ticketColumns, toTicket } from '../../store/ticket-row.ts';
import type { ExternalReference } from './fields.ts';

/** What a list of exceptions shows; every part narrows it. */
export interface ExceptionFilter {
  readonly authorizationNumber?: number | undefined;
  readonly requestType?: number | undefined;
  readonly serviceProviderId?: number | undefined;
  /** Names elsewhere, in every spelling that they may have; any one of them is enough. */
  readonly references?: readonly Partial<ExternalReference>[] | undefined;
  /** Those too that are closed. */
  readonly withClosed: boolean;
}

/**
 * Exceptions, newest first, from one that is older than number `after` on. Indexes: ticket_exception_item,
 * ticket_exception_provider, ticket_exception_request and ticket_exception_reference for what is asked for, else
 * ticket_exception_open or, with those that are closed, ticket_exception.
 * @param sql a handle that plans for values
 */
export async function listExceptions(
  sql: Sql,
  account: string,
  filter: ExceptionFilter,
  after: number | null,
  limit: number,
): Promise<Ticket[]> {
  const { references } = filter;
  const source = references === undefined ? sql`ticket` : named(sql, account, references);
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ${source}
    where ${conditions(sql, account, filter)} ${after === null ? sql`` : sql`and number < ${after}`}
    order by number desc limit ${limit}`;
  return rows.map(toTicket);
}

/** The newest exception that has one of these names elsewhere, null where none has. Index: ticket_exception_reference. */
export async function findByReference(
  sql: Sql,
  account: string,
  references: readonly Partial<ExternalReference>[],
): Promise<Ticket | null> {
  return (await listExceptions(sql, account, { references, withClosed: true }, null, 1))[0] ?? null;
}

/** The kind is written out, for an index that holds one kind is only asked by a statement that names it. */
function conditions(sql: Sql, account: string, filter: ExceptionFilter): Fragment {
  const { authorizationNumber, requestType, serviceProviderId, withClosed } = filter;
  const parts: (Fragment | false)[] = [
    sql`account = ${account} and kind = 'exception'`,
    !withClosed && sql`state = 'open'`,
    authorizationNumber !== undefined &&
      sql`(fields->>'authorizationNumber')::bigint = ${authorizationNumber}`,
    requestType !== undefined && sql`(fields->>'requestType')::bigint = ${requestType}`,
    requestType !== undefined && sql`fields->>'requestType' is not null`,
    serviceProviderId !== undefined && sql`(fields->>'serviceProviderId')::bigint = ${serviceProviderId}`,
    serviceProviderId !== undefined && sql`fields->>'serviceProviderId' is not null`,
  ];
  return parts.filter((part) => part !== false).reduce((left, right) => sql`${left} and ${right}`);
}

/**
 * The few exceptions that have one of these names, found first whatever else is asked for: the planner takes them for a
 * hundredth of all, and would rather walk through the list until it meets one.
 */
function named(sql: Sql, account: string, references: readonly Partial<ExternalReference>[]): Fragment {
  const patterns = references.map((reference) => JSON.stringify([reference]));
  return sql`(
    select * from ticket
    where account = ${account} and kind = 'exception'
      and fields->'references' @> any(${patterns}::text[]::jsonb[])
    offset 0) ticket`;
}
