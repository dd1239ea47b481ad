import type { Ticket } from '../../core/ticket.ts';
import { countByState } from '../../store/counts.ts';
import type { Fragment, Sql } from '../../store/database.ts';
import { findLinks } from '../../store/links.ts';
import { loadTickets } from '../../store/load.ts';
import { type TicketRow, ticketColumns, toTicket } from '../../store/ticket-row.ts';
import { fieldsOf } from './fields.ts';
import { careKind } from './kind.ts';

/** What a list of care tickets shows; every part narrows it. */
export interface CareFilter {
  readonly state?: string | undefined;
  /** The key of the queue. */
  readonly queue?: string | undefined;
  readonly assignee?: string | undefined;
  readonly customer?: string | undefined;
  readonly orderId?: string | undefined;
}

/** `urgent`: by the sort key, 1 first, and of the same the newest first. `newest`: the newest first. */
export type CareOrder = 'urgent' | 'newest';

export interface CarePage {
  readonly tickets: Ticket[];
  /** How many tickets the filter finds; null where they are too many to be counted each time. */
  readonly total: number | null;
}

/** Up to here a list with filters is counted: beyond it the count would cost more than the page. */
const MOST_COUNTED = 10_000;

/**
 * One numbered page. Indexes: ticket_care, ticket_care_state, ticket_care_queue or ticket_care_assignee give the order,
 * ticket_customer and ticket_external_reference the few tickets of a customer or an order.
 * @param sql a handle that plans for values
 */
export async function listCareTickets(
  sql: Sql,
  account: string,
  filter: CareFilter,
  order: CareOrder,
  page: number,
  pageSize: number,
): Promise<CarePage> {
  const total = await countCareTickets(sql, account, filter);
  const skipped = (page - 1) * pageSize;
  if (total !== null && skipped >= total) return { tickets: [], total };
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket
    where ${conditions(sql, account, filter)}
    order by ${order === 'urgent' ? sql`(fields->>'priority')::integer, id desc` : sql`id desc`}
    limit ${pageSize} offset ${skipped}`;
  return { tickets: rows.map(toTicket), total };
}

/** Exact; without filters, or with a state alone, it costs nothing. */
async function countCareTickets(sql: Sql, account: string, filter: CareFilter): Promise<number | null> {
  const { state, ...others } = filter;
  if (Object.values(others).every((value) => value === undefined)) {
    const counts = await countByState(sql, account, careKind.name);
    if (state !== undefined) return counts.get(state) ?? 0;
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  }
  const [row] = await sql<[{ count: number }]>`
    select count(*) as count from (
      select 1 from ticket where ${conditions(sql, account, filter)} limit ${MOST_COUNTED + 1}
    ) as counted`;
  return row.count > MOST_COUNTED ? null : row.count;
}

/** The kind is written out, for an index that holds one kind is only asked by a statement that names it. */
function conditions(sql: Sql, account: string, filter: CareFilter): Fragment {
  const { state, queue, assignee, customer, orderId } = filter;
  const parts: (Fragment | false)[] = [
    sql`account = ${account} and kind = 'care'`,
    state !== undefined && sql`state = ${state}`,
    queue !== undefined && sql`queue = ${queue}`,
    assignee !== undefined && sql`assignee = ${assignee}`,
    customer !== undefined && sql`customer = ${customer}`,
    orderId !== undefined && sql`external_reference = ${orderId}`,
  ];
  return parts.filter((part) => part !== false).reduce((left, right) => sql`${left} and ${right}`);
}

/** A ticket that came of another one. */
export interface ChildLink {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  /** The id that its client gave it, where it is a care ticket. */
  readonly externalId: string | null;
  readonly linkedAt: Date;
}

/** The children of many tickets by their parents' ids, oldest first. */
export async function childrenOf(
  sql: Sql,
  account: string,
  parents: readonly string[],
): Promise<ReadonlyMap<string, ChildLink[]>> {
  const links = await findLinks(sql, account, parents);
  const children = [...links].flatMap(([parent, ends]) =>
    ends.filter(({ relation }) => relation === 'child').map((end) => ({ ...end, parent })),
  );
  const tickets = await loadTickets(
    sql,
    account,
    children.map(({ other }) => other),
  );
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const found = new Map<string, ChildLink[]>();
  for (const { parent, other, createdAt: linkedAt } of children) {
    const child = byId.get(other);
    if (!child) continue;
    const { id, key, kind } = child;
    const externalId = kind === careKind.name ? (fieldsOf(child).externalId ?? null) : null;
    found.set(parent, [...(found.get(parent) ?? []), { id, key, kind, externalId, linkedAt }]);
  }
  return found;
}
