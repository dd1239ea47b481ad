import { type Static, Type } from 'typebox';
import { SEEN_RELATIONS } from '../../core/link.ts';
import { seesTicket } from '../../core/staff.ts';
import { CATEGORIES, type Ticket } from '../../core/ticket.ts';
import type { Actor } from '../../kernel/actor.ts';
import { loadTickets } from '../../store/load.ts';
import type { Store } from '../../store/store.ts';

export const relation = Type.Enum([...SEEN_RELATIONS], {
  description:
    '`parent`: the other ticket is the parent of this one; `child`: the other way round. `duplicate` and `related` hold both ways.',
});

/** A link as one ticket shows it. */
export const wireLink = Type.Object({
  relation,
  ticket: Type.Object({
    id: Type.String({ format: 'uuid' }),
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    state: Type.String(),
    stateLabel: Type.String(),
    category: Type.Enum([...CATEGORIES]),
  }),
});

/** The links of a ticket to tickets that the actor sees, oldest first. */
export async function visibleLinks(
  { sql, links: linksOf, kinds }: Store,
  actor: Actor,
  { account, id }: Ticket,
): Promise<Static<typeof wireLink>[]> {
  const links = await linksOf(account, id);
  const others = await loadTickets(
    sql,
    account,
    links.map(({ other }) => other),
  );
  const byId = new Map(others.map((other) => [other.id, other]));
  return links.flatMap((link) => {
    const other = byId.get(link.other);
    const kind = other && kinds.get(other.kind);
    if (!kind || !seesTicket(kind, other, actor)) return [];
    const { key, title, state, category } = other;
    const stateLabel = kind.workflow.states[state]?.label ?? state;
    const ticket = { id: other.id, key, kind: kind.name, title, state, stateLabel, category };
    return [{ relation: link.relation, ticket }];
  });
}
