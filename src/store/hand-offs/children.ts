import { HAND_OFF_CONTRACT } from '../../core/hand-off.ts';
import type { OtherEnd } from '../../core/link.ts';
import type { Fragment, Sql } from '../database.ts';

/** A ticket that was made by a hand-off, with the one that asked for it. */
export interface HandedOver {
  readonly child: OtherEnd;
  readonly parent: OtherEnd;
}

interface Row {
  childId: string;
  childKey: string;
  childKind: string;
  parentId: string;
  parentKey: string;
  parentKind: string;
}

/**
 * Those of the tickets that were made by a hand-off, with the tickets that asked for them. A parent that somebody linked
 * later asked for nothing.
 */
export async function findParents(
  sql: Sql,
  account: string,
  tickets: readonly string[],
): Promise<HandedOver[]> {
  if (tickets.length === 0) return [];
  const links = sql`
    select ticket, other, created_at from ticket_link
    where account = ${account} and ticket = any(${tickets as string[]}::uuid[]) and relation = 'parent'`;
  return select(sql, account, links);
}

/** The tickets that were made by hand-offs of these ones. */
export async function findChildren(
  sql: Sql,
  account: string,
  parents: readonly string[],
): Promise<HandedOver[]> {
  if (parents.length === 0) return [];
  const links = sql`
    select ticket, other, created_at from ticket_link
    where account = ${account} and other = any(${parents as string[]}::uuid[]) and relation = 'parent'`;
  return select(sql, account, links);
}

async function select(sql: Sql, account: string, links: Fragment): Promise<HandedOver[]> {
  const rows = await sql<Row[]>`
    select c.id as "childId", c.key as "childKey", c.kind as "childKind",
      p.id as "parentId", p.key as "parentKey", p.kind as "parentKind"
    from (${links}) l
    cross join lateral (
      select contract, at from event where account = ${account} and ticket = l.ticket order by seq limit 1
    ) born
    cross join lateral (select id, key, kind from ticket where account = ${account} and id = l.ticket limit 1) c
    cross join lateral (select id, key, kind from ticket where account = ${account} and id = l.other limit 1) p
    where born.contract = ${HAND_OFF_CONTRACT} and l.created_at = born.at
    order by c.id`;
  return rows.map((row) => ({
    child: { id: row.childId, key: row.childKey, kind: row.childKind },
    parent: { id: row.parentId, key: row.parentKey, kind: row.parentKind },
  }));
}
