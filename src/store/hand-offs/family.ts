import type { Sql } from '../database.ts';
import { findLineage } from '../links.ts';

/** What a hand-off has to know of the tickets around the one that asks. */
export interface Family {
  /** The kinds of the ticket itself and of all its parents. */
  readonly lineage: ReadonlySet<string>;
  /** How many children of each kind it has. */
  readonly children: ReadonlyMap<string, number>;
}

export const NO_FAMILY: Family = { lineage: new Set(), children: new Map() };

/** The families of many tickets, by the ticket's id. */
export async function findFamilies(
  sql: Sql,
  account: string,
  tickets: readonly string[],
): Promise<ReadonlyMap<string, Family>> {
  if (tickets.length === 0) return new Map();
  const lineages = await findLineage(sql, account, tickets);
  const ids = [...new Set([...lineages.values()].flatMap((lineage) => [...lineage]))];
  const kinds = new Map(
    (
      await sql<{ id: string; kind: string }[]>`
        select id, kind from ticket where account = ${account} and id = any(${ids}::uuid[])`
    ).map(({ id, kind }) => [id, kind]),
  );
  const children = await sql<{ parent: string; kind: string; n: number }[]>`
    select l.other as parent, t.kind, count(*) as n
    from ticket_link l
    cross join lateral (select kind from ticket where account = ${account} and id = l.ticket limit 1) t
    where l.account = ${account} and l.other = any(${tickets as string[]}::uuid[]) and l.relation = 'parent'
    group by l.other, t.kind`;
  const families = tickets.map((ticket): [string, Family] => [
    ticket,
    {
      lineage: new Set([...(lineages.get(ticket) ?? [])].flatMap((id) => kinds.get(id) ?? [])),
      children: new Map(children.filter(({ parent }) => parent === ticket).map(({ kind, n }) => [kind, n])),
    },
  ]);
  return new Map(families);
}
