import { HAND_OFF_CONTRACT } from '../../core/hand-off.ts';
import type { KindRegistry } from '../../core/kind.ts';
import type { Sql } from '../database.ts';
import type { LogPosition } from '../log.ts';

/** Events that one step reads at most. */
const STEP = 2_000;

/** A ticket asked for another one. */
export interface Asked {
  readonly type: 'asked';
  readonly position: LogPosition;
  readonly parent: string;
  /** The event's data, as stored. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A ticket that was made by a hand-off reached a final state. */
export interface Ended {
  readonly type: 'ended';
  readonly position: LogPosition;
  readonly child: { readonly id: string; readonly key: string; readonly kind: string };
  readonly parent: string;
  readonly state: string;
  readonly reason: string | null;
}

export type Happening = Asked | Ended;

/** A part of the log: what in it has to do with hand-offs, in its order. */
export interface LogPart {
  readonly happenings: readonly Happening[];
  /** How many events were read, and the position of the last one. */
  readonly count: number;
  readonly end: LogPosition;
}

interface Row {
  xid: string;
  seq: number;
  count: number;
  ticket: string;
  kind: string;
  state: string | null;
  reason: string | null;
  asked: Record<string, unknown> | null;
  ended: boolean;
}

/**
 * The next part of the log after a position, null where nothing is after it. Events of kinds that this server does not
 * have are passed by. Indexes: event_pkey, and for what ended ticket_link_pkey, event_ticket and ticket_pkey.
 */
export async function readPart(
  sql: Sql,
  account: string,
  after: LogPosition,
  kinds: KindRegistry,
): Promise<LogPart | null> {
  const finals = finalStates(kinds);
  const rows = await sql<Row[]>`
    with step as (
      select * from event
      where account = ${account} and (xid, seq) > (${after.xid}::text::xid8, ${after.seq}::bigint)
        and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, seq limit ${STEP}
    ),
    seen as (
      select xid, seq, ticket, kind, to_state as state, reason,
        case when data ? 'handOff' then data end as asked,
        to_state is not null and kind || ' ' || to_state = any(${finals}::text[])
          and (from_state is null or kind || ' ' || from_state <> all(${finals}::text[])) as ended,
        lead(seq) over (order by xid, seq) is null as last, count(*) over () as count
      from step
    )
    select xid::text, seq, count, ticket, kind, state, reason, asked, ended from seen
    where asked is not null or ended or last order by seen.xid, seen.seq`;
  const last = rows.at(-1);
  if (!last) return null;
  const ended = rows.filter((row) => row.ended).map(({ ticket }) => ticket);
  const children = await findChildren(sql, account, ended);
  return {
    happenings: rows.flatMap((row) => happeningsOf(row, children)),
    count: last.count,
    end: positionOf(last),
  };
}

function finalStates(kinds: KindRegistry): string[] {
  return [...kinds.values()].flatMap(({ name, workflow }) =>
    Object.entries(workflow.states)
      .filter(([, { category }]) => category === 'final')
      .map(([state]) => `${name} ${state}`),
  );
}

function positionOf({ xid, seq }: Row): LogPosition {
  return { xid, seq };
}

function happeningsOf(row: Row, children: readonly Child[]): Happening[] {
  const position = positionOf(row);
  const { ticket, kind, state, reason, asked } = row;
  const happenings: Happening[] = [];
  if (asked) happenings.push({ type: 'asked', position, parent: ticket, data: asked });
  if (!row.ended || state === null) return happenings;
  for (const { id, key, parent } of children) {
    if (id !== ticket) continue;
    happenings.push({ type: 'ended', position, child: { id, key, kind }, parent, state, reason });
  }
  return happenings;
}

interface Child {
  readonly id: string;
  readonly key: string;
  readonly parent: string;
}

/** Those of the tickets that were made by a hand-off, each with the ticket that asked for it. */
async function findChildren(sql: Sql, account: string, tickets: readonly string[]): Promise<Child[]> {
  if (tickets.length === 0) return [];
  return sql<Child[]>`
    select l.ticket as id, t.key, l.other as parent
    from ticket_link l
    cross join lateral (
      select contract from event where account = ${account} and ticket = l.ticket order by seq limit 1
    ) born
    cross join lateral (select key from ticket where account = ${account} and id = l.ticket limit 1) t
    where l.account = ${account} and l.ticket = any(${tickets as string[]}::uuid[]) and l.relation = 'parent'
      and born.contract = ${HAND_OFF_CONTRACT}`;
}
