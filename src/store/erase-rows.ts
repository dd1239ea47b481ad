import type { Decision } from '../core/decision.ts';
import { COUNTS_READER } from './counts.ts';
import { asJson, type Sql } from './database.ts';
import { LOG_START, type LogPosition } from './log.ts';

/** Idempotency records are older than this only until they are removed, which is soon. */
const ANSWERS_KEPT_HOURS = 25;

/**
 * Where the counts stand in the log, locked until the transaction ends. It waits for a step of their reader, and none
 * begins meanwhile.
 */
export async function holdCounts(tx: Sql, account: string): Promise<LogPosition> {
  const [row] = await tx<[LogPosition]>`
    insert into reader_position as p (account, reader, xid, seq)
    values (${account}, ${COUNTS_READER}, ${LOG_START.xid}::text::xid8, ${LOG_START.seq}::bigint)
    on conflict (account, reader) do update set seq = p.seq
    returning xid::text, seq`;
  return row;
}

/**
 * Takes away every row of tickets that the transaction has locked, and leaves the event of each decision. Answers that
 * are kept under an idempotency key lose what they say, but not the key: the request must not be done anew.
 *
 * Events that the reader of the counts has not come to are counted here, in its place: it will not find them.
 *
 * One statement, which sees all that the locks waited for. Indexes: ticket_pkey, word_pkey, event_ticket, timer_ticket,
 * attachment_ticket, ticket_link's both, webhook_delivery_ticket, idempotency_age.
 * @param counted where the counts stand, held by this transaction
 */
export async function eraseRows(
  tx: Sql,
  account: string,
  decisions: readonly Decision[],
  counted: LogPosition,
  now: Date,
): Promise<void> {
  const ids = decisions.map(({ ticket }) => ticket.id);
  const answersSince = new Date(now.getTime() - ANSWERS_KEPT_HOURS * 3_600_000);
  const left = decisions.map(({ event: { from, ...event } }, ord) => ({ ...event, from_state: from, ord }));
  await tx`
    with
    tickets as (
      delete from ticket where account = ${account} and id = any(${ids}::uuid[]) returning search
    ),
    doubted as (
      update word set doubted = true
      where account = ${account}
        and word = any(array(select distinct unnest(tsvector_to_array(search)) from tickets))
    ),
    events as (
      delete from event where account = ${account} and ticket = any(${ids}::uuid[])
      returning xid, seq, kind, from_state, to_state, actor->>'id' as actor, at
    ),
    timers as (
      delete from timer where account = ${account} and ticket = any(${ids}::uuid[])
    ),
    files as (
      delete from attachment where account = ${account} and ticket = any(${ids}::uuid[])
    ),
    links as (
      delete from ticket_link
      where account = ${account} and (ticket = any(${ids}::uuid[]) or other = any(${ids}::uuid[]))
    ),
    deliveries as (
      delete from webhook_delivery where account = ${account} and ticket = any(${ids}::uuid[])
    ),
    answers as (
      update idempotency i set status = 0, headers = '{}', body = '', ticket = null
      where i.account = ${account}
        and i.created_at = any(array(select distinct at from events where at >= ${answersSince}))
        and (
          i.ticket = any(${ids}::uuid[])
          -- A batch's answer speaks of many, and was written by the transaction that wrote their events.
          or i.ticket is null and exists (
            select from events e where e.at = i.created_at and e.actor = i.actor and e.xid::xid = i.xmin
          )
        )
    ),
    answers_without_change as (
      update idempotency set status = 0, headers = '{}', body = '', ticket = null, unchanged = false
      where account = ${account} and ticket = any(${ids}::uuid[]) and unchanged
    ),
    uncounted as (
      select kind, from_state, to_state from events
      where (xid, seq) > (${counted.xid}::text::xid8, ${counted.seq}::bigint)
        and from_state is distinct from to_state
    ),
    counted as (
      insert into ticket_count (account, kind, state, n)
      select ${account}, kind, state, sum(n) from (
        select kind, to_state as state, 1 as n from uncounted
        union all select kind, from_state, -1 from uncounted
      ) m where state is not null group by kind, state having sum(n) <> 0
      on conflict (account, kind, state) do update set n = ticket_count.n + excluded.n
    )
    insert into event (account, ticket, kind, type, from_state, version, actor, contract, data, at)
    select ${account}, ticket, kind, type, from_state, version, actor, contract, data, at
    from json_to_recordset(${asJson(left)}::text::json) as e(
      ord int, ticket uuid, kind text, type text, from_state text, version int, actor jsonb, contract text, data jsonb,
      at timestamptz
    )
    order by ord`;
}
