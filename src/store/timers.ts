import type { Ticket } from '../core/ticket.ts';
import type { Sql } from './database.ts';
import { seenVersion } from './load.ts';
import { type TicketRow, ticketColumns, toTicket } from './ticket-row.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 3_600_000;

/** How long a timer waits that could not be fired, after so many failed firings. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
}

/** A durable timer as stored: of a ticket, or of a subject that is none. */
export interface Timer {
  readonly id: string;
  readonly ticket: string | null;
  readonly key: string | null;
  readonly subject: string | null;
  readonly kind: string;
  readonly name: string;
  readonly dueAt: Date;
  readonly createdAt: Date;
  /** Firings that failed inside; the next one comes later each time. */
  readonly attempts: number;
  readonly lastError: string | null;
}

export interface DueTimer {
  readonly id: string;
  readonly name: string;
  readonly dueAt: Date;
  /** Firings that failed before. */
  readonly attempts: number;
  readonly ticket: Ticket;
}

/**
 * When each account's next timer of these kinds is due; accounts without one are left out. One index probe an account.
 */
export async function nextDueTimes(
  sql: Sql,
  accounts: readonly string[],
  kinds: readonly string[],
): Promise<{ account: string; dueAt: Date }[]> {
  return sql<{ account: string; dueAt: Date }[]>`
    select a.account, t.due_at as "dueAt"
    from unnest(${accounts as string[]}::text[]) as a(account)
    cross join lateral (
      select due_at from timer
      where timer.account = a.account and timer.kind = any(${kinds as string[]}::text[])
      order by due_at limit 1
    ) t`;
}

/**
 * Takes due timers with their tickets, oldest first. The tickets are locked until the transaction ends, and those that
 * another node holds are skipped: no timer is fired twice at once, and this never waits. The timers' own rows are not
 * locked: a row whose ticket is skipped would stay locked all the same, and two nodes would deadlock on each other's.
 * A ticket that changed since the statement began is left for the next look, since in the log the firing would come
 * before that change (see OvertakenError).
 *
 * Two statements, because the planner joins them badly as long as it has no statistics: measured 5 s for 200 timers.
 * Indexes: timer_due, then ticket's primary key.
 */
export async function claimDueTimers(
  tx: Sql,
  account: string,
  kinds: readonly string[],
  now: Date,
  limit: number,
): Promise<DueTimer[]> {
  const due = await tx<{ id: string; ticket: string; name: string; dueAt: Date; attempts: number }[]>`
    select id, ticket, name, due_at as "dueAt", attempts from timer
    where account = ${account} and due_at <= ${now} and kind = any(${kinds as string[]}::text[])
      and ticket is not null
    order by due_at, id limit ${limit}`;
  if (due.length === 0) return [];
  const ids = [...new Set(due.map(({ ticket }) => ticket))].sort();
  const rows = await tx<(TicketRow & { seen: number })[]>`
    select ${ticketColumns(tx)}, ${seenVersion(tx, 'ticket')} as seen from ticket
    where account = ${account} and id = any(${ids}::uuid[])
    for no key update skip locked`;
  const tickets = new Map(
    rows.filter(({ version, seen }) => version === seen).map((row) => [row.id, toTicket(row)]),
  );
  return due.flatMap(({ ticket: id, ...timer }) => {
    const ticket = tickets.get(id);
    return ticket ? [{ ...timer, ticket }] : [];
  });
}

export async function dropTimers(tx: Sql, account: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx`delete from timer where account = ${account} and id = any(${ids as string[]}::uuid[])`;
}

/** Puts a timer off whose firing failed inside, so that it is tried again and does not hold up the others. */
export async function postponeTimer(
  sql: Sql,
  account: string,
  id: string,
  until: Date,
  error: string,
): Promise<void> {
  await sql`
    update timer set due_at = ${until}, attempts = attempts + 1, last_error = ${error}
    where account = ${account} and id = ${id}`;
}

export interface TimerFilter {
  readonly kind?: string | undefined;
  readonly ticket?: string | undefined;
  /** Only timers of tickets that this party takes part in; null: all, those of subjects too. */
  readonly party: string | null;
  /** Keyset: the last timer of the page before. */
  readonly after?: { readonly dueAt: string; readonly id: string } | null;
  readonly limit: number;
}

/** Pending timers, due next first. */
export async function listTimers(sql: Sql, account: string, filter: TimerFilter): Promise<Timer[]> {
  const { kind, ticket, party, after, limit } = filter;
  return sql<Timer[]>`
    select t.id, t.ticket, k.key, t.subject, t.kind, t.name, t.due_at as "dueAt", t.created_at as "createdAt", t.attempts,
      t.last_error as "lastError"
    from timer t left join ticket k on k.account = t.account and k.id = t.ticket
    where t.account = ${account}
      ${kind ? sql`and t.kind = ${kind}` : sql``}
      ${ticket ? sql`and t.ticket = ${ticket}` : sql``}
      ${party === null ? sql`` : sql`and (k.issuer = ${party} or k.owner = ${party})`}
      ${after ? sql`and (t.due_at, t.id) > (${after.dueAt}::text::timestamptz, ${after.id}::uuid)` : sql``}
    order by t.due_at, t.id limit ${limit}`;
}

export async function findTimer(sql: Sql, account: string, id: string): Promise<Timer | null> {
  const rows = await sql<Timer[]>`
    select t.id, t.ticket, k.key, t.subject, t.kind, t.name, t.due_at as "dueAt", t.created_at as "createdAt", t.attempts,
      t.last_error as "lastError"
    from timer t left join ticket k on k.account = t.account and k.id = t.ticket
    where t.account = ${account} and t.id = ${id}`;
  return rows[0] ?? null;
}
