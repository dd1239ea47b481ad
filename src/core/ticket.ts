/** The four kinds of state that drive what the product does around a ticket, whatever its workflow calls them. */
export type Category = 'initial' | 'active' | 'waiting' | 'final';

export const CATEGORIES: readonly Category[] = ['initial', 'active', 'waiting', 'final'];

/** A pending timer as the ticket knows it; the timer's own row is written and removed together with this. */
export interface PendingTimer {
  readonly id: string;
  readonly dueAt: Date;
}

/**
 * A ticket of any kind. What every kind has is a property; what only one kind has is in `fields`, whose shape the
 * kind's schema gives.
 */
export interface Ticket {
  readonly account: string;
  /** UUIDv7: the order of ids is the order of creation. */
  readonly id: string;
  readonly kind: string;
  /** From 1, per account and kind. */
  readonly number: number;
  /** What people call it, `RED-84`. Never changes. */
  readonly key: string;
  readonly state: string;
  readonly category: Category;
  /** 1 at creation, one more with every write; the ETag. */
  readonly version: number;
  readonly title: string;
  /** 1 is the most urgent. */
  readonly priority: number | null;
  readonly assignee: string | null;
  readonly queue: string | null;
  readonly customer: string | null;
  readonly tags: readonly string[];
  /** The parties on the two sides, by key: who opened the ticket, and who has to resolve it. */
  readonly issuer: string | null;
  readonly owner: string | null;
  readonly externalReference: string | null;
  /** At most one ticket of a kind has it at a time; null takes part in no such rule. */
  readonly uniqueKey: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Pending timers by name. */
  readonly timers: Readonly<Record<string, PendingTimer>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When it reached a final state, null while it has not. */
  readonly closedAt: Date | null;
}

/** The earliest moment at which a timer of the ticket is due, null where none is pending. */
export function nextDueAt(ticket: Pick<Ticket, 'timers'>): Date | null {
  let next: Date | null = null;
  for (const name in ticket.timers) {
    const dueAt = (ticket.timers[name] as PendingTimer).dueAt;
    if (!next || dueAt < next) next = dueAt;
  }
  return next;
}
