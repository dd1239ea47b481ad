import { newIds } from '../kernel/id.ts';
import { asJson, type Fragment, type Sql } from '../store/database.ts';
import type { LogPosition } from '../store/log.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';

export type NewDelivery = Pick<Delivery, 'webhook' | 'ticket' | 'ticketKey' | 'position' | 'payload'>;

type Row = Omit<Delivery, 'position'> & LogPosition;

const columns = (sql: Sql): Fragment => sql`
  account, id, webhook, ticket, ticket_key as "ticketKey", xid::text, seq, payload, status, attempts,
  created_at as "createdAt", first_attempt_at as "firstAttemptAt", last_attempt_at as "lastAttemptAt",
  next_attempt_at as "nextAttemptAt", response_status as "responseStatus", response_body as "responseBody",
  duration_ms as "durationMs", error`;

function toDelivery({ xid, seq, ...row }: Row): Delivery {
  return { ...row, position: { xid, seq } };
}

/** Puts deliveries at the end of their tickets' lines, in their order. */
export async function insertDeliveries(
  tx: Sql,
  account: string,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<Delivery[]> {
  const ids = newIds(deliveries.length, now);
  const given = deliveries.map(({ position, ...delivery }, at) => ({
    ...delivery,
    ...position,
    id: ids[at],
    at,
  }));
  const rows = await tx<Row[]>`
    insert into webhook_delivery (account, id, webhook, ticket, ticket_key, xid, seq, payload, status, created_at, next_attempt_at)
    select ${account}, d.id, d.webhook, d.ticket, d."ticketKey", d.xid::xid8, d.seq, d.payload, 'waiting', ${now}, ${now}
    from json_to_recordset(${asJson(given)}::text::json) as d(
      id uuid, webhook uuid, ticket uuid, "ticketKey" text, xid text, seq bigint, payload text, at int
    )
    order by d.at
    returning ${columns(tx)}`;
  return rows.map(toDelivery);
}

/** The delivery that is next for a ticket's line, null where none waits. From webhook_delivery_line. */
export async function nextInLine(
  sql: Sql,
  account: string,
  webhook: string,
  ticket: string,
): Promise<Delivery | null> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from webhook_delivery
    where account = ${account} and webhook = ${webhook} and ticket = ${ticket} and status = 'waiting'
    order by ord limit 1`;
  return rows[0] ? toDelivery(rows[0]) : null;
}

export async function findDelivery(
  sql: Sql,
  account: string,
  webhook: string,
  id: string,
): Promise<Delivery | null> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from webhook_delivery
    where account = ${account} and webhook = ${webhook} and id = ${id}`;
  return rows[0] ? toDelivery(rows[0]) : null;
}

/** What an attempt came to. */
export interface AttemptRecord {
  readonly status: DeliveryStatus;
  /** False where nothing was sent. */
  readonly attempted: boolean;
  readonly at: Date;
  readonly nextAttemptAt: Date | null;
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
  readonly durationMs: number | null;
  readonly error: string | null;
}

/** Writes down what an attempt came to. A delivery that was erased meanwhile stays erased. */
export async function recordAttempt(
  tx: Sql,
  { account, id }: Pick<Delivery, 'account' | 'id'>,
  record: AttemptRecord,
): Promise<void> {
  await tx`
    update webhook_delivery set
      status = ${record.status},
      attempts = attempts + ${record.attempted ? 1 : 0},
      first_attempt_at = case when ${record.attempted} then coalesce(first_attempt_at, ${record.at}) else first_attempt_at end,
      last_attempt_at = case when ${record.attempted} then ${record.at} else last_attempt_at end,
      next_attempt_at = ${record.nextAttemptAt},
      response_status = ${record.responseStatus},
      response_body = ${record.responseBody},
      duration_ms = ${record.durationMs},
      error = ${record.error}
    where account = ${account} and id = ${id} and status = 'waiting'`;
}

export interface DeliveryQuery {
  readonly status?: DeliveryStatus | undefined;
  readonly ticket?: string | undefined;
  /** The `ord` after which, going back, the page begins. */
  readonly before: number | null;
  readonly limit: number;
}

/** A target's deliveries, newest first, each with its place. */
export async function listDeliveries(
  sql: Sql,
  account: string,
  webhook: string,
  { status, ticket, before, limit }: DeliveryQuery,
): Promise<{ readonly ord: number; readonly delivery: Delivery }[]> {
  const rows = await sql<(Row & { ord: number })[]>`
    select ${columns(sql)}, ord from webhook_delivery
    where account = ${account} and webhook = ${webhook}
      ${status ? sql`and status = ${status}` : sql``}
      ${ticket ? sql`and ticket = ${ticket}` : sql``}
      ${before === null ? sql`` : sql`and ord < ${before}`}
    order by ord desc limit ${limit}`;
  return rows.map(({ ord, ...row }) => ({ ord, delivery: toDelivery(row) }));
}

/** The tickets for which deliveries wait, one entry for each delivery. */
export async function listWaiting(sql: Sql, account: string, webhook: string): Promise<string[]> {
  const rows = await sql<{ ticket: string }[]>`
    select ticket from webhook_delivery
    where account = ${account} and webhook = ${webhook} and status = 'waiting' order by ord`;
  return rows.map(({ ticket }) => ticket);
}

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
const FAILED_KEPT_MS = 90 * DAY_MS;

/** Removes the account's deliveries that ended long ago; what failed is kept longer. The scan reads only the oldest blocks. */
export async function forgetOldDeliveries(sql: Sql, account: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS);
  const failedBefore = new Date(now.getTime() - FAILED_KEPT_MS);
  await sql`
    delete from webhook_delivery
    where account = ${account} and created_at < ${before} and status <> 'waiting'
      and (status <> 'failed' or created_at < ${failedBefore})`;
}
