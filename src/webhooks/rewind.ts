import type { Sql } from '../store/database.ts';
import type { LogPosition } from '../store/log.ts';
import type { Target } from './target.ts';

/** A snapshot in which nothing has happened yet. */
const BEFORE_ALL = '1:1:';

/**
 * Puts a target back to the first event that is not older than a moment. What waits of those events is taken away, since it
 * will be read again.
 * @returns the tickets of what was taken away
 */
export async function rewind(tx: Sql, { account, id }: Target, since: Date): Promise<string[]> {
  const first = await firstEventSince(tx, account, since);
  if (!first) return [];
  const moved = await tx`
    update webhook
    set xid = ${first.xid}::text::xid8, seq = ${first.seq - 1}::bigint, since = ${BEFORE_ALL}::text::pg_snapshot,
      not_before = ${since}
    where account = ${account} and id = ${id} and (xid, seq) >= (${first.xid}::text::xid8, ${first.seq}::bigint)`;
  if (moved.count === 0) return [];
  const gone = await tx<{ ticket: string }[]>`
    delete from webhook_delivery
    where account = ${account} and webhook = ${id} and status = 'waiting'
      and (xid, seq) >= (${first.xid}::text::xid8, ${first.seq}::bigint)
    returning ticket`;
  return gone.map(({ ticket }) => ticket);
}

/**
 * Found from the beginning of the log: `at` is the clock of whoever wrote, and stands in no order. A million events before it
 * take about a second.
 */
async function firstEventSince(tx: Sql, account: string, since: Date): Promise<LogPosition | null> {
  const rows = await tx<LogPosition[]>`
    select xid::text, seq from event where account = ${account} and at >= ${since} order by xid, seq limit 1`;
  return rows[0] ?? null;
}
