import type { EventType } from '../../core/event.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import { LOG_START, type LogPosition, newestPosition } from '../../store/log.ts';
import { serviceWorkflow } from './workflow.ts';

/** What became of a ticket: the state that it entered, that something else changed, or that it is gone. */
export interface Happening {
  readonly what: string;
  readonly position: LogPosition;
  readonly ticket: string;
  /** Null where the ticket was erased. */
  readonly number: number | null;
  readonly at: Date;
}

export const UPDATED = 'updated';
export const ERASED = 'erased';
const STATES: ReadonlySet<string> = new Set(Object.keys(serviceWorkflow.states));

/** Events that one call looks through at most for those that are asked for. */
const LOOKED_THROUGH = 10_000;

export interface HappeningPage {
  readonly happenings: readonly Happening[];
  /** Where to read on; null while nothing at all has happened in the account. */
  readonly next: LogPosition | null;
}

/**
 * What happened to service tickets after a position, in the order of commits: nothing is left out, and nothing comes
 * twice. A call that looks through ten thousand events without finding enough gives what it found, and where to read on.
 * Index: event_service.
 * @param what only this; null: all
 */
export async function readHappenings(
  sql: Sql,
  account: string,
  after: LogPosition | null,
  limit: number,
  what: string | null,
): Promise<HappeningPage> {
  if (limit === 0) return { happenings: [], next: after };
  const from = after ?? LOG_START;
  // Taken before the page is read: what commits between the two is still after it.
  const newest = await newestPosition(sql, account);
  const rows = await sql<Row[]>`
    select e.xid::text, e.seq, e.ticket, e.type, e.to_state, e.at, t.number
    from (${eventsAfter(sql, account, from)} limit ${LOOKED_THROUGH}) e
      left join ticket t on t.account = ${account} and t.id = e.ticket
    where ${condition(sql, what)} order by e.xid, e.seq limit ${limit}`;
  const happenings = rows.map(toHappening);
  const last = happenings.at(-1)?.position ?? after;
  if (happenings.length === limit) return { happenings, next: last };
  const [boundary] = await sql<LogPosition[]>`
    select xid::text, seq from (${eventsAfter(sql, account, from)} offset ${LOOKED_THROUGH - 1} limit 1) as e`;
  return { happenings, next: boundary ?? later(newest, last) };
}

function eventsAfter(sql: Sql, account: string, { xid, seq }: LogPosition): Fragment {
  return sql`
    select * from event
    where account = ${account} and kind = 'service' and (xid, seq) > (${xid}::text::xid8, ${seq}::bigint)
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, seq`;
}

function condition(sql: Sql, what: string | null): Fragment {
  const entered = sql`(e.type in ('ticket.created', 'ticket.transitioned') and e.from_state is distinct from e.to_state)`;
  if (what === UPDATED) return sql`e.type = 'ticket.edited'`;
  if (what === ERASED) return sql`e.type = 'ticket.erased'`;
  if (what === null) return sql`(${entered} or e.type in ('ticket.edited', 'ticket.erased'))`;
  return STATES.has(what) ? sql`${entered} and e.to_state = ${what}` : sql`false`;
}

interface Row {
  readonly xid: string;
  readonly seq: number;
  readonly ticket: string;
  readonly type: EventType;
  readonly to_state: string | null;
  readonly at: Date;
  readonly number: number | null;
}

function toHappening({ xid, seq, ticket, type, to_state, at, number }: Row): Happening {
  const what = type === 'ticket.edited' ? UPDATED : (to_state ?? ERASED);
  return { what, position: { xid, seq }, ticket, number, at };
}

function later(a: LogPosition | null, b: LogPosition | null): LogPosition | null {
  if (!a || !b) return a ?? b;
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)];
  return x > y || (x === y && a.seq > b.seq) ? a : b;
}
