import type { KindRegistry } from '../../core/kind.ts';
import { settlementOf } from '../../core/settlement.ts';
import type { Sql } from '../database.ts';
import type { LogPosition } from '../log.ts';
import { findChildren, findParents, type HandedOver } from './children.ts';
import { type Happening, newsOf } from './happening.ts';

/** Events that one step reads at most. */
const STEP = 2_000;

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
  from: string | null;
  to: string | null;
  reason: string | null;
  contract: string;
  asked: Record<string, unknown> | null;
  settled: Record<string, unknown> | null;
  moved: boolean;
}

/**
 * The next part of the log after a position, null where nothing is after it. Events of kinds that this server does not
 * have are passed by. Indexes: event_pkey; for the tickets around what happened ticket_link_pkey, ticket_link_other,
 * event_ticket and ticket_pkey.
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
      select xid, seq, ticket, from_state, to_state, reason, contract,
        case when data ? 'handOff' then data end as asked,
        case when data ? 'settlement' then data end as settled,
        to_state is not null and to_state is distinct from from_state and case
          when kind || ' ' || to_state = any(${finals}::text[]) then true
          else from_state is not null and kind = any(${receivers(kinds)}::text[])
        end as moved,
        lead(seq) over (order by xid, seq) is null as last, count(*) over () as count
      from step
    )
    select xid::text, seq, count, ticket, from_state as from, to_state as to, reason, contract, asked, settled, moved
    from seen where asked is not null or settled is not null or moved or last order by seen.xid, seen.seq`;
  const last = rows.at(-1);
  if (!last) return null;
  const idsWhere = (isMeant: (row: Row) => boolean) => rows.filter(isMeant).map(({ ticket }) => ticket);
  const parents = await findParents(
    sql,
    account,
    idsWhere(({ moved }) => moved),
  );
  const children = await findChildren(
    sql,
    account,
    idsWhere(({ settled }) => settled !== null),
  );
  return {
    happenings: rows.flatMap((row) => happeningsOf(row, kinds, parents, children)),
    count: last.count,
    end: positionOf(last),
  };
}

/** The kinds whose tickets may have been made by a hand-off. */
function receivers(kinds: KindRegistry): string[] {
  return [...kinds.values()].filter(({ receives }) => receives).map(({ name }) => name);
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

function happeningsOf(
  row: Row,
  kinds: KindRegistry,
  parents: readonly HandedOver[],
  children: readonly HandedOver[],
): Happening[] {
  const position = positionOf(row);
  const { ticket, to } = row;
  const happenings: Happening[] = [];
  if (row.asked) happenings.push({ type: 'asked', position, parent: ticket, data: row.asked });
  if (row.moved && to !== null) {
    for (const { child, parent } of parents.filter((one) => one.child.id === ticket)) {
      const told = newsOf(kinds, child, parent, { ...row, to });
      if (told) happenings.push({ type: 'moved', position, parent: parent.id, ...told });
    }
  }
  const settlement = row.settled && settlementOf(row.settled);
  if (settlement) {
    const own = children.filter(
      ({ parent, child }) => parent.id === ticket && child.id !== settlement.except,
    );
    happenings.push({ type: 'settled', position, parent: ticket, settlement, children: own });
  }
  return happenings;
}
