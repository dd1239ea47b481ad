import type { Catalogue } from '../../../core/collection.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { QUEUES } from '../collections.ts';
import { type CareLink, fieldsOf, reasonLabel } from '../fields.ts';
import { type CreateInput, RESOLUTION_STATUSES } from '../inputs.ts';
import type { ChildLink } from '../store.ts';
import type { CareState, CareTransition } from '../workflow.ts';
import type { CreateBody, UpdateType, WIRE_STATES, WireLink, WireTicket } from './schema.ts';

type WireState = (typeof WIRE_STATES)[number];

const TO_WIRE: Readonly<Record<CareState, WireState>> = {
  assigned: 'ASSIGNED',
  escalated: 'ESCALATED',
  closed: 'CLOSED',
};

const FROM_WIRE: Readonly<Record<WireState, CareState>> = {
  ASSIGNED: 'assigned',
  ESCALATED: 'escalated',
  CLOSED: 'closed',
};

/** What each type of update does. */
export const UPDATES: Readonly<Record<UpdateType, CareTransition>> = {
  UPDATE_CCR: 'updateReason',
  UPDATE_CHAT_RESPONSE_TIME: 'respond',
  UPDATE_PICKED_TIME: 'pick',
  UPDATE_ORDER_ID: 'updateOrder',
  CLOSE_CHAT_ROOM: 'closeChat',
};

export function stateFromWire(state: WireState): CareState {
  return FROM_WIRE[state];
}

export function stateToWire(state: string): WireState {
  return TO_WIRE[state as CareState];
}

/** What a ticket looks like depends on these beside the ticket itself. */
export interface View {
  readonly now: Date;
  readonly catalogue: Catalogue;
  /** The languages of the agent and of the account, as codes. */
  readonly agentLanguages: readonly string[];
  readonly ownLanguage: string;
  /** The tickets that came of it, oldest first. */
  readonly children: readonly ChildLink[];
}

/** The id by which clients know a ticket: the one that they gave, else its own. */
export function wireId(ticket: Ticket): string {
  return fieldsOf(ticket).externalId ?? ticket.id;
}

export function toWire(ticket: Ticket, view: View): WireTicket {
  const fields = fieldsOf(ticket);
  const { now, catalogue, agentLanguages, ownLanguage } = view;
  const { ccr } = fields;
  const queue = ticket.queue === null ? undefined : catalogue.entry(QUEUES, ticket.queue);
  const until = ticket.closedAt ?? now;
  return dropAbsent({
    id: wireId(ticket),
    Assignee: ticket.assignee ?? undefined,
    UpdatedAt: seconds(new Date(fields.statusSince)),
    createdAt: seconds(ticket.createdAt),
    queue: queue ? String(queue.data.name) : (ticket.queue ?? undefined),
    channel: fields.channel,
    content: { ...fields.content },
    metadata: dropAbsent({
      ccr: ccr && reasonLabel(catalogue, ccr, [ownLanguage]),
      country: fields.country,
      language: fields.language,
      orderId: ticket.externalReference ?? undefined,
      sla: Math.floor((Date.parse(fields.deadlineAt) - until.getTime()) / 1000),
      tags: [...ticket.tags],
      entityId: fields.entityId,
      childrenLinks: toWireLinks(ticket, view.children),
      localCcr: fields.localCcr ?? (ccr && reasonLabel(catalogue, ccr, agentLanguages)),
    }),
    status: stateToWire(ticket.state),
    statusReason: fields.statusReason,
    priority: fields.priority,
    customer: fields.customer && { ...fields.customer },
    vendor: fields.vendor && { ...fields.vendor },
    source: fields.source,
    type: fields.type,
  });
}

/**
 * Links that the client gave stand as given. An escalation shows the ticket that came of it, and none while there is none
 * yet; where its department makes none it shows the ticket itself, which is where the department finds it.
 */
function toWireLinks(ticket: Ticket, children: readonly ChildLink[]): WireLink[] {
  const { links } = fieldsOf(ticket);
  const left = [...children];
  const told = links.map((link, index) => {
    if (link.ticketId !== null) return toWireLink(link, link.ticketId);
    const [since, until] = [new Date(link.createdAt), nextEscalation(links, index)];
    const own = left.findIndex(({ linkedAt }) => linkedAt >= since && linkedAt < until);
    const [child] = own === -1 ? [] : left.splice(own, 1);
    if (child) return toWireLink(link, childId(child));
    return toWireLink(link, link.isHandedOver ? undefined : wireId(ticket));
  });
  const others = left.map((child) => ({
    ticketId: childId(child),
    ticketIdType: 'PANDACARE' as const,
    ticketCategory: 'ESCALATED' as const,
    createdAt: seconds(child.linkedAt),
  }));
  return [...told, ...others];
}

function toWireLink(link: CareLink, ticketId: string | undefined): WireLink {
  const { ticketIdType, ticketCategory, creator, createdAt, reason } = link;
  return dropAbsent({
    ticketId,
    ticketIdType,
    ticketCategory,
    creator,
    createdAt: seconds(new Date(createdAt)),
    reason,
  });
}

/** Whether a ticket of another kind is made of the last escalation. */
export function awaitsTicket(ticket: Ticket): boolean {
  const { links } = fieldsOf(ticket);
  return links.at(-1)?.isHandedOver === true;
}

const NEVER = new Date(8.64e15);

/** A child that was linked from the next escalation on is that one's. */
function nextEscalation(links: readonly CareLink[], index: number): Date {
  const next = links.slice(index + 1).find(({ ticketId }) => ticketId === null);
  return next ? new Date(next.createdAt) : NEVER;
}

function childId({ kind, id, key, externalId }: ChildLink): string {
  return kind === 'care' ? (externalId ?? id) : key;
}

/** What the command takes, out of a Ticket that a client sends. */
export function fromCreateBody({ id, Assignee, metadata, ...rest }: CreateBody): CreateInput {
  return dropAbsent({ ...rest, ...metadata, externalId: id, assignee: Assignee });
}

export const resolutionStatuses = { list: [...RESOLUTION_STATUSES] };

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** Without the properties that have no value. */
function dropAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
