import type { Category, PendingTimer, Ticket } from '../core/ticket.ts';
import type { Fragment, Sql } from './database.ts';

/** A ticket as the driver gives it. `search` is never read. */
export interface TicketRow {
  account: string;
  id: string;
  kind: string;
  number: number;
  key: string;
  state: string;
  category: Category;
  version: number;
  title: string;
  priority: number | null;
  assignee: string | null;
  queue: string | null;
  customer: string | null;
  tags: string[];
  issuer: string | null;
  owner: string | null;
  external_reference: string | null;
  unique_key: string | null;
  fields: Record<string, unknown>;
  timers: Record<string, { id: string; dueAt: string }>;
  created_at: Date;
  updated_at: Date;
  closed_at: Date | null;
}

/** The columns of a `TicketRow`, as a piece of a statement. Written out: quoting names costs 3 % of a read. */
export const ticketColumns = (sql: Sql): Fragment => sql`
    account, id, kind, number, key, state, category, version, title, priority, assignee, queue,
    customer, tags, issuer, owner, external_reference, unique_key, fields, timers, created_at,
    updated_at, closed_at`;

export function toTicket(row: TicketRow): Ticket {
  return {
    account: row.account,
    id: row.id,
    kind: row.kind,
    number: row.number,
    key: row.key,
    state: row.state,
    category: row.category,
    version: row.version,
    title: row.title,
    priority: row.priority,
    assignee: row.assignee,
    queue: row.queue,
    customer: row.customer,
    tags: row.tags,
    issuer: row.issuer,
    owner: row.owner,
    externalReference: row.external_reference,
    uniqueKey: row.unique_key,
    fields: row.fields,
    timers: toTimers(row.timers),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at,
  };
}

function toTimers(stored: TicketRow['timers']): Record<string, PendingTimer> {
  const timers: Record<string, PendingTimer> = {};
  for (const [name, { id, dueAt }] of Object.entries(stored)) timers[name] = { id, dueAt: new Date(dueAt) };
  return timers;
}
