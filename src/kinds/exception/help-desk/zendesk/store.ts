import type { Sql } from '../../../../store/database.ts';
import type { LogPosition } from '../../../../store/log.ts';

/** Events that one step reads at most. */
const STEP = 2_000;

/** Something that Zendesk has to be told of. */
export interface Occasion {
  /** The exception. */
  readonly ticket: string;
  readonly name: 'open' | 'retry' | 'settle';
}

/** A part of the log: what in it has to do with Zendesk, in its order. */
export interface LogPart {
  readonly occasions: readonly Occasion[];
  /** How many events were read, and the position of the last one. */
  readonly count: number;
  readonly end: LogPosition;
}

interface Row extends LogPosition {
  readonly ticket: string;
  readonly name: string;
  readonly isOccasion: boolean;
  readonly count: number;
}

/**
 * The next part of the log after a position, null where nothing is after it. Exceptions that another help desk looks
 * after are passed by, and so are those that were erased. Indexes: event_pkey, ticket_pkey.
 */
export async function readPart(sql: Sql, account: string, after: LogPosition): Promise<LogPart | null> {
  const rows = await sql<Row[]>`
    with step as (
      select xid, seq, ticket, kind, name, data from event
      where account = ${account} and (xid, seq) > (${after.xid}::text::xid8, ${after.seq}::bigint)
        and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, seq limit ${STEP}
    ),
    seen as (
      select *, lead(seq) over (order by xid, seq) is null as last, count(*) over () as count,
        kind = 'exception' and (name in ('open', 'retry') or name = 'settle' and data ? 'settled') and (
          select fields->'helpDesk'->>'system' from ticket where account = ${account} and id = step.ticket
        ) = 'zendesk' as occasion
      from step
    )
    select xid::text, seq, ticket, name, count, coalesce(occasion, false) as "isOccasion" from seen
    where occasion or last order by seen.xid, seen.seq`;
  const last = rows.at(-1);
  if (!last) return null;
  const occasions = rows.filter(({ isOccasion }) => isOccasion);
  return {
    occasions: occasions.map(({ ticket, name }) => ({ ticket, name: name as Occasion['name'] })),
    count: last.count,
    end: { xid: last.xid, seq: last.seq },
  };
}
