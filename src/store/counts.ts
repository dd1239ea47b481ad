import { inTransaction, type Sql } from './database.ts';
import { holdPosition } from './reader.ts';

/** The reader of the log that keeps the table of counts. */
export const COUNTS_READER = 'counts';
/** Events that one step reads at most. */
const STEP = 10_000;

/**
 * One step of the reader that keeps the table of counts: takes in how tickets moved between states since the last step.
 * @returns how many events were read; 0 means that the reader has caught up, or that another node has it
 */
export async function keepCounts(sql: Sql, account: string): Promise<number> {
  return inTransaction(sql, async (tx) => {
    const position = await holdPosition(tx, account, COUNTS_READER);
    if (!position) return 0;
    const [read] = await tx<[{ count: number }]>`
      with step as (
        select xid, seq, kind, from_state, to_state from event
        where account = ${account} and (xid, seq) > (${position.xid}::text::xid8, ${position.seq}::bigint)
          and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by xid, seq limit ${STEP}
      ),
      moved as (
        select kind, state, sum(n) as n from (
          select kind, to_state as state, 1 as n from step where from_state is distinct from to_state
          union all select kind, from_state, -1 from step where from_state is distinct from to_state
        ) m where state is not null group by kind, state having sum(n) <> 0
      ),
      counted as (
        insert into ticket_count (account, kind, state, n) select ${account}, kind, state, n from moved
        on conflict (account, kind, state) do update set n = ticket_count.n + excluded.n
      ),
      placed as (
        update reader_position p set xid = last.xid, seq = last.seq
        from (select xid, seq from step order by xid desc, seq desc limit 1) last
        where p.account = ${account} and p.reader = ${COUNTS_READER}
      )
      select count(*) as count from step`;
    return read.count;
  });
}

/**
 * How many tickets of a kind stand in which state now; a state without tickets is left out. Exact: the table tells how
 * it was where its reader stands, and the log what has happened since, and one statement sees both at one moment.
 *
 * It costs as much as the log's tail is long: what happened in the last second or, while an older transaction of the
 * database server runs, since that began. Indexes: ticket_count's and event's primary keys.
 */
export async function countByState(
  sql: Sql,
  account: string,
  kind: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = await readCounts(sql, account, kind);
  return new Map(counts.map(({ state, n }) => [state, n]));
}

/**
 * How many tickets there are now, as exact and as cheap as `countByState`.
 * @param kind undefined: of any kind
 * @param states undefined: in any state
 */
export async function countInStates(
  sql: Sql,
  account: string,
  kind: string | undefined,
  states: readonly string[] | undefined,
): Promise<number> {
  let total = 0;
  for (const { state, n } of await readCounts(sql, account, kind)) {
    if (!states || states.includes(state)) total += n;
  }
  return total;
}

/**
 * Grouped by the state alone: for each further column the planner expects 200 times as many groups, and a large log then
 * lets it set up a hash table of 1 MB for what is nearly always empty.
 */
function readCounts(
  sql: Sql,
  account: string,
  kind: string | undefined,
): Promise<{ state: string; n: number }[]> {
  const ofKind = kind === undefined ? sql`` : sql`and kind = ${kind}`;
  return sql<{ state: string; n: number }[]>`
    with place as (
      select xid, seq from reader_position where account = ${account} and reader = ${COUNTS_READER}
    ),
    tail as (
      select from_state, to_state from event
      where account = ${account}
        and (xid, seq) > (coalesce((select xid from place), '0'), coalesce((select seq from place), 0))
        and from_state is distinct from to_state ${ofKind}
    )
    select state, sum(n)::bigint as n from (
      select state, n from ticket_count where account = ${account} ${ofKind}
      union all select to_state, 1 from tail
      union all select from_state, -1 from tail
    ) c where state is not null group by state having sum(n) <> 0`;
}
