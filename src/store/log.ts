import type { EventActor, EventType, TicketEvent } from '../core/event.ts';
import type { Fragment, Sql } from './database.ts';

/** A place in an account's log. Transaction ids are text: they have 64 bits. */
export interface LogPosition {
  readonly xid: string;
  readonly seq: number;
}

export const LOG_START: LogPosition = { xid: '0', seq: 0 };

export interface LoggedEvent extends TicketEvent {
  readonly account: string;
  readonly position: LogPosition;
  /** The ticket's human key. */
  readonly key: string;
}

/** A row of `event` with its ticket's key. */
export interface EventRow {
  account: string;
  xid: string;
  seq: number;
  ticket: string;
  key: string;
  kind: string;
  type: EventType;
  name: string | null;
  from_state: string | null;
  to_state: string | null;
  version: number;
  actor: EventActor;
  contract: string;
  reason: string | null;
  data: Record<string, unknown>;
  at: Date;
}

export function toEvent(row: EventRow): LoggedEvent {
  return {
    account: row.account,
    position: { xid: row.xid, seq: row.seq },
    ticket: row.ticket,
    key: row.key,
    kind: row.kind,
    type: row.type,
    name: row.name,
    from: row.from_state,
    to: row.to_state,
    version: row.version,
    actor: row.actor,
    contract: row.contract,
    reason: row.reason,
    data: row.data,
    at: row.at,
  };
}

/** The columns of `event e` that `toEvent` reads; the key is the caller's. */
export const eventColumns = (sql: Sql): Fragment => sql`
  e.account, e.xid::text, e.seq, e.ticket, e.kind, e.type, e.name, e.from_state, e.to_state, e.version, e.actor,
  e.contract, e.reason, e.data, e.at`;

/**
 * What another party is not told: internal comments, and links that somebody else made, since they name tickets that the
 * party may not see.
 */
function hideInternal(sql: Sql, party: string): Fragment {
  return sql`
    and not (e.type = 'ticket.commented' and e.data->>'visibility' = 'internal')
    and not (e.type in ('ticket.linked', 'ticket.unlinked') and e.actor->>'party' is distinct from ${party})`;
}

/**
 * The events of the account's tickets after a position, in the order of commits. Only events of transactions older than every
 * running one are given, so nothing that commits later can come before what was read: no gaps, no repeats.
 *
 * An erased ticket's events are gone but for the one that says so; that one names its key and its parties itself. Those
 * of a party are found by event_erased.
 * @param party only events of tickets that this party takes part in, without what is internal unless it is the
 *   account's own party; null: all
 */
export async function readLog(
  sql: Sql,
  account: string,
  after: LogPosition,
  limit: number,
  party: string | null = null,
): Promise<LoggedEvent[]> {
  const page = sql`
    e.account = ${account} and (e.xid, e.seq) > (${after.xid}::text::xid8, ${after.seq}::bigint)
    and e.xid < pg_snapshot_xmin(pg_current_snapshot()) and e.type like 'ticket.%'`;
  const ofTickets = sql`
    select e.*, t.key as ticket_key from event e join ticket t on t.account = e.account and t.id = e.ticket
    where ${page} and (t.issuer = ${party} or t.owner = ${party})
      ${party === null || party === account ? sql`` : hideInternal(sql, party)}
    order by e.xid, e.seq limit ${limit}`;
  const ofErased = sql`
    select e.*, null::text as ticket_key from event e
    where ${page} and e.type = 'ticket.erased' and e.data->'parties' ? ${party}
    order by e.xid, e.seq limit ${limit}`;
  const all = sql`
    select e.*, t.key as ticket_key from event e left join ticket t on t.account = e.account and t.id = e.ticket
    where ${page} order by e.xid, e.seq limit ${limit}`;
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)}, coalesce(e.ticket_key, e.data->>'key', '') as key
    from (${party === null ? all : sql`(${ofTickets}) union all (${ofErased})`}) e
    order by e.xid, e.seq limit ${limit}`;
  return rows.map(toEvent);
}

/** The position after everything that is committed now; a reader that starts here sees only what comes. */
export async function logEnd(sql: Sql): Promise<LogPosition> {
  const [row] = await sql<[{ xid: string }]>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`;
  return { xid: row.xid, seq: 0 };
}

/** The position of the account's newest event that readers may see, null where there is none. One probe of the primary key. */
export async function newestPosition(sql: Sql, account: string): Promise<LogPosition | null> {
  const rows = await sql<LogPosition[]>`
    select xid::text, seq from event
    where account = ${account} and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid desc, seq desc limit 1`;
  return rows[0] ?? null;
}

/**
 * One ticket's events, oldest first, from the index event_ticket.
 * @param party the party that reads, null: the account's own people, who are told everything
 */
export async function readTimeline(
  sql: Sql,
  account: string,
  ticket: string,
  afterSeq: number,
  limit: number,
  party: string | null = null,
): Promise<LoggedEvent[]> {
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)}, t.key
    from event e join ticket t on t.account = e.account and t.id = e.ticket
    where e.account = ${account} and e.ticket = ${ticket} and e.seq > ${afterSeq}
      ${party === null || party === account ? sql`` : hideInternal(sql, party)}
    order by e.seq limit ${limit}`;
  return rows.map(toEvent);
}
