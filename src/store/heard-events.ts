import type { Sql } from './database.ts';
import { type EventRow, eventColumns, type LoggedEvent, type LogPosition, toEvent } from './log.ts';

/** An event with the parties that take part in its ticket. */
export interface HeardEvent extends LoggedEvent {
  readonly issuer: string | null;
  readonly owner: string | null;
}

type HeardRow = EventRow & { issuer: string | null; owner: string | null };

function toHeard(row: HeardRow): HeardEvent {
  return { ...toEvent(row), issuer: row.issuer, owner: row.owner };
}

/** The account's events after a position, in the order of commits and without gaps, as `readLog` gives them to those who hear all. */
export async function readHeardEvents(
  sql: Sql,
  account: string,
  after: LogPosition,
  limit: number,
): Promise<HeardEvent[]> {
  const rows = await sql<HeardRow[]>`
    select ${eventColumns(sql)}, coalesce(t.key, e.data->>'key', '') as key, t.issuer, t.owner
    from event e left join ticket t on t.account = e.account and t.id = e.ticket
    where e.account = ${account} and (e.xid, e.seq) > (${after.xid}::text::xid8, ${after.seq}::bigint)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.seq limit ${limit}`;
  return rows.map(toHeard);
}

/** Whether an event is a ticket's, and not of reference data. */
export function isOfTicket({ type }: Pick<HeardEvent, 'type'>): boolean {
  return type.startsWith('ticket.');
}

/** The event at a position, null where it has been erased. */
export async function findHeardEvent(
  sql: Sql,
  account: string,
  { xid, seq }: LogPosition,
): Promise<HeardEvent | null> {
  const rows = await sql<HeardRow[]>`
    select ${eventColumns(sql)}, coalesce(t.key, e.data->>'key', '') as key, t.issuer, t.owner
    from event e left join ticket t on t.account = e.account and t.id = e.ticket
    where e.account = ${account} and e.xid = ${xid}::text::xid8 and e.seq = ${seq}::bigint`;
  return rows[0] ? toHeard(rows[0]) : null;
}

/**
 * Whether a party is told of an event: one of a ticket that it takes part in, and nothing internal unless it is the account's
 * own party. `readLog` says the same in SQL. Of reference data everybody is told who wants to hear of it.
 */
export function isHeardBy(event: HeardEvent, party: string): boolean {
  const { account, type, issuer, owner, data, actor } = event;
  if (!isOfTicket(event)) return true;
  const parties = type === 'ticket.erased' ? data.parties : [issuer, owner];
  if (!Array.isArray(parties) || !parties.includes(party)) return false;
  if (party === account) return true;
  if (type === 'ticket.commented') return data.visibility !== 'internal';
  return (type !== 'ticket.linked' && type !== 'ticket.unlinked') || actor.party === party;
}
