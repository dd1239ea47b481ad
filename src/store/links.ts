import type { SeenRelation } from '../core/link.ts';
import type { Sql } from './database.ts';

/** A link as one of its tickets sees it. */
export interface TicketLink {
  readonly relation: SeenRelation;
  /** The id of the ticket at the other end. */
  readonly other: string;
  readonly createdAt: Date;
}

/**
 * The links of many tickets, oldest first; a ticket without links is left out. Indexes: ticket_link_pkey,
 * ticket_link_other.
 */
export async function findLinks(
  sql: Sql,
  account: string,
  tickets: readonly string[],
): Promise<ReadonlyMap<string, readonly TicketLink[]>> {
  const links = new Map<string, TicketLink[]>();
  if (tickets.length === 0) return links;
  const ids = tickets as string[];
  const rows = await sql<(TicketLink & { ticket: string })[]>`
    select ticket, relation, other, min(created_at) as "createdAt" from (
      select ticket, relation, other, created_at from ticket_link
      where account = ${account} and ticket = any(${ids}::uuid[])
      union all
      select other, case relation when 'parent' then 'child' else relation end, ticket, created_at from ticket_link
      where account = ${account} and other = any(${ids}::uuid[])
    ) l group by ticket, relation, other order by min(created_at), other`;
  for (const { ticket, ...link } of rows) {
    const others = links.get(ticket);
    if (others) others.push(link);
    else links.set(ticket, [link]);
  }
  return links;
}

/**
 * The ids of tickets and of all their parents, their parents' parents and so on, by the ticket where the way up began.
 */
export async function findLineage(
  sql: Sql,
  account: string,
  tickets: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await sql<{ root: string; id: string }[]>`
    with recursive up(root, id) as (
      select t, t from unnest(${tickets as string[]}::uuid[]) t
      union
      select up.root, l.other
      from up cross join lateral (
        select other from ticket_link where account = ${account} and ticket = up.id and relation = 'parent' offset 0
      ) l
    )
    select root, id from up`;
  const lineage = new Map<string, Set<string>>();
  for (const { root, id } of rows) {
    const ids = lineage.get(root);
    if (ids) ids.add(id);
    else lineage.set(root, new Set([id]));
  }
  return lineage;
}
