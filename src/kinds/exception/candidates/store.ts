import { type Fragment, inTransaction, type Sql } from '../../../store/database.ts';
import { holdPosition } from '../../../store/reader.ts';
import type { Threshold } from './settings.ts';

/** The reader of the log that keeps the list of service providers with open exceptions. */
export const CANDIDATES_READER = 'exception-candidates';
/** Events that one step reads at most. */
const STEP = 10_000;

/** A service provider whose open exceptions are too many, or too old. */
export interface Candidate {
  readonly provider: number;
  readonly name: string | null;
  readonly openCount: number;
  readonly oldestAt: Date;
}

/**
 * One step of the reader: counts anew what the service providers have open whose exceptions were opened, closed or
 * reopened since the last step. What was changed still later is counted in, and counted again by a later step.
 * @returns how many events were read; 0 means that the reader has caught up, or that another node has it
 */
export async function keepProviders(sql: Sql, account: string): Promise<number> {
  return inTransaction(sql, async (tx) => {
    const position = await holdPosition(tx, account, CANDIDATES_READER);
    if (!position) return 0;
    const [read] = await tx<[{ count: number }]>`
      with step as (
        select xid, seq, ticket, kind, type, from_state, to_state from event
        where account = ${account} and (xid, seq) > (${position.xid}::text::xid8, ${position.seq}::bigint)
          and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by xid, seq limit ${STEP}
      ),
      touched as (${touchedBy(tx, account, tx`step`)}),
      present as (${presentOf(tx, account, tx`touched`)}),
      gone as (
        delete from exception_provider p using touched
        where p.account = ${account} and p.provider = touched.provider
          and not exists (select from present where present.provider = p.provider)
      ),
      kept as (
        insert into exception_provider (account, provider, name, open_count, oldest_at)
        select ${account}, provider, name, open_count, oldest_at from present
        on conflict (account, provider) do update
        set name = excluded.name, open_count = excluded.open_count, oldest_at = excluded.oldest_at
      ),
      placed as (
        update reader_position p set xid = last.xid, seq = last.seq
        from (select xid, seq from step order by xid desc, seq desc limit 1) last
        where p.account = ${account} and p.reader = ${CANDIDATES_READER}
      )
      select count(*) as count from step`;
    return read.count;
  });
}

/**
 * The candidates now, most open exceptions first. Exact: those whose exceptions have moved since the reader's last step
 * are counted by this statement, which sees the list and the log's tail at one moment. Indexes: exception_provider_open,
 * event's primary key, ticket_exception_open_provider.
 */
export async function listCandidates(
  sql: Sql,
  account: string,
  { count, openedBefore }: Threshold,
): Promise<Candidate[]> {
  return sql<Candidate[]>`
    with place as (
      select xid, seq from reader_position where account = ${account} and reader = ${CANDIDATES_READER}
    ),
    tail as (
      select ticket, kind, type, from_state, to_state from event
      where account = ${account}
        and (xid, seq) > (coalesce((select xid from place), '0'), coalesce((select seq from place), 0))
    ),
    touched as (${touchedBy(sql, account, sql`tail`)})
    select provider, name, open_count as "openCount", oldest_at as "oldestAt" from (
      select provider, name, open_count, oldest_at from exception_provider
      where account = ${account} and provider not in (select provider from touched)
      union all ${presentOf(sql, account, sql`touched`)}
    ) providers
    where open_count >= ${count} or oldest_at < ${openedBefore}
    order by open_count desc, oldest_at, provider`;
}

/**
 * The service providers whose open exceptions these events may have changed. An erased ticket tells no more whose it was:
 * then every one on the list is looked at.
 */
function touchedBy(sql: Sql, account: string, events: Fragment): Fragment {
  return sql`
    select (t.fields->>'serviceProviderId')::bigint as provider
    from ${events} e join ticket t on t.account = ${account} and t.id = e.ticket
    where e.kind = 'exception' and e.from_state is distinct from e.to_state
      and t.fields->>'serviceProviderId' is not null
    union
    select provider from exception_provider
    where account = ${account}
      and exists (select from ${events} e where e.kind = 'exception' and e.type = 'ticket.erased')`;
}

/** What these service providers have open; those without are left out. */
function presentOf(sql: Sql, account: string, providers: Fragment): Fragment {
  return sql`
    select p.provider, o.name, o.open_count, o.oldest_at from ${providers} p
    cross join lateral (
      select count(*)::integer as open_count, min(created_at) as oldest_at,
        (array_agg(fields->>'serviceProviderName' order by number desc))[1] as name
      from ticket
      where account = ${account} and kind = 'exception' and state = 'open'
        and (fields->>'serviceProviderId')::bigint = p.provider and fields->>'serviceProviderId' is not null
    ) o
    where o.open_count > 0`;
}
