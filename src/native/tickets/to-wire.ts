import { available } from '../../core/available.ts';
import type { Kind } from '../../core/kind.ts';
import { nextDueAt, type Ticket } from '../../core/ticket.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { WireTicket, WireTicketDetail } from './schema.ts';

/** @param kind undefined where the server no longer has the ticket's kind */
export function toWire(ticket: Ticket, kind: Kind | undefined): WireTicket {
  const timers = Object.entries(ticket.timers).sort(([, a], [, b]) => a.dueAt.getTime() - b.dueAt.getTime());
  return {
    id: ticket.id,
    key: ticket.key,
    kind: ticket.kind,
    number: ticket.number,
    state: ticket.state,
    stateLabel: kind?.workflow.states[ticket.state]?.label ?? ticket.state,
    category: ticket.category,
    title: ticket.title,
    priority: ticket.priority,
    assignee: ticket.assignee,
    queue: ticket.queue,
    customer: ticket.customer,
    tags: [...ticket.tags],
    issuer: ticket.issuer,
    owner: ticket.owner,
    externalReference: ticket.externalReference,
    fields: ticket.fields,
    timers: timers.map(([name, { id, dueAt }]) => ({ id, name, dueAt: dueAt.toISOString() })),
    dueAt: nextDueAt(ticket)?.toISOString() ?? null,
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
    closedAt: ticket.closedAt?.toISOString() ?? null,
    version: ticket.version,
  };
}

/** The ticket with every transition and whether this actor may do it now; if not, why not. */
export function toWireDetail(ticket: Ticket, kind: Kind, actor: Actor, now: Date): WireTicketDetail {
  return {
    ...toWire(ticket, kind),
    available: available(kind, ticket, actor, now).map(({ name, label, to, requires, allowed, refusal }) => ({
      name,
      label,
      to,
      requires: [...requires],
      allowed,
      why: refusal?.message ?? null,
    })),
  };
}
