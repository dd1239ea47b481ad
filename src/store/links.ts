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

/** A link as the first ticket sees it. */
export interface LinkEnds {
  readonly account: string;
  readonly ticket: string;
  readonly relation: SeenRelation;
  readonly other: string;
}

/** Both forms that a link may have been written in: those that hold both ways are kept in one of them. */
function storedForms({ ticket, relation, other }: LinkEnds): [string, string, string][] {
  if (relation === 'child') return [[other, 'parent', ticket]];
  if (relation === 'parent') return [[ticket, 'parent', other]];
  return [
    [ticket, relation, other],
    [other, relation, ticket],
  ];
}

export async function hasLink(sql: Sql, ends: LinkEnds): Promise<boolean> {
  for (const [ticket, relation, other] of storedForms(ends)) {
    const rows = await sql`
      select 1 from ticket_link
      where account = ${ends.account} and ticket = ${ticket} and relation = ${relation} and other = ${other}`;
    if (rows.length > 0) return true;
  }
  return false;
}

export async function addLink(tx: Sql, ends: LinkEnds, now: Date): Promise<void> {
  const [[ticket, relation, other] = ['', '', '']] = storedForms(ends);
  await tx`
    insert into ticket_link (account, ticket, relation, other, created_at)
    values (${ends.account}, ${ticket}, ${relation}, ${other}, ${now})`;
}

export async function removeLink(tx: Sql, ends: LinkEnds): Promise<void> {
  for (const [ticket, relation, other] of storedForms(ends)) {
    await tx`
      delete from ticket_link
      where account = ${ends.account} and ticket = ${ticket} and relation = ${relation} and other = ${other}`;
  }
}
