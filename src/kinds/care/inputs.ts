import { type Static, type TSchema, Type } from 'typebox';
import { VERTICALS } from './collections.ts';
import type { CareTransition } from './workflow.ts';

export const RESOLUTION_STATUSES = ['NO_ACTION', 'REFUNDED', 'CUSTOMER_LEFT_CHAT'] as const;
export const LINK_ID_TYPES = ['SALESFORCE', 'PANDACARE'] as const;
export const LINK_CATEGORIES = ['ESCALATED', 'REFUNDED', 'REFUND_PARTIAL'] as const;

const MOST_LINKS = 100;
const text = (maxLength = 255) => Type.String({ minLength: 1, maxLength });
const optional = (maxLength = 255) => Type.Optional(Type.String({ maxLength }));
/** Seconds since the epoch, up to the year 9999. */
const epochSeconds = Type.Integer({ minimum: 0, maximum: 253_402_300_799 });

export const customerInput = Type.Object({
  id: Type.Optional(text()),
  firstName: optional(),
  lastName: optional(),
  name: optional(510),
  email: optional(320),
});

export const vendorInput = Type.Object({
  id: Type.Optional(text()),
  vertical: Type.Optional(Type.Enum([...VERTICALS])),
});

/** A ticket elsewhere that belongs to this one. */
export const linkInput = Type.Object({
  ticketId: text(),
  ticketIdType: Type.Enum([...LINK_ID_TYPES]),
  ticketCategory: Type.Enum([...LINK_CATEGORIES]),
  creator: optional(),
  createdAt: Type.Optional(epochSeconds),
  reason: optional(4000),
});

const ownId = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'An id of your own, unique in the account; not one that ends in `-tickets`.',
});

/**
 * An id that a client gives its ticket. Those that are left out would not arrive in a path: two are steps, and others are
 * what `/v2/tickets` has beside single tickets.
 */
export const ownIdInput = Type.Refine(
  Type.Refine(
    ownId,
    (id) => id !== '.' && id !== '..',
    () => 'must be neither . nor ..',
  ),
  (id) => !/(?:^|-)tickets$/.test(id),
  () => 'must not be tickets nor end in -tickets, which names a collection',
);

/** A sort key: 1 comes first. */
export const int32 = Type.Integer({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 });

export const contentInput = Type.Record(Type.String(), Type.Unknown());

/** What opens a ticket. */
export const createInput = Type.Object({
  title: Type.Optional(text(500)),
  externalId: Type.Optional(ownIdInput),
  assignee: Type.Optional(text()),
  queue: Type.Optional(text()),
  channel: optional(),
  type: optional(),
  source: optional(),
  content: Type.Optional(contentInput),
  priority: Type.Optional(int32),
  statusReason: optional(4000),
  customer: Type.Optional(customerInput),
  vendor: Type.Optional(vendorInput),
  ccr: optional(500),
  localCcr: optional(500),
  country: optional(),
  language: optional(),
  orderId: optional(),
  entityId: optional(),
  tags: Type.Optional(Type.Array(text(100), { maxItems: 50 })),
  childrenLinks: Type.Optional(Type.Array(linkInput, { maxItems: MOST_LINKS })),
});

export const escalateInput = Type.Object({
  statusReason: optional(4000),
  resolutionReason: optional(4000),
  department: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The id of an escalation department; the account’s default one when absent.',
    }),
  ),
});

export const closeInput = Type.Object({
  statusReason: optional(4000),
  resolutionStatus: Type.Optional(Type.Enum([...RESOLUTION_STATUSES])),
  resolutionReason: optional(4000),
});

export const reassignInput = Type.Object({ reason: optional(4000), assignee: text() });
export const transferInput = Type.Object({
  queueId: Type.String({ minLength: 1, maxLength: 255, description: 'The id or the name of a queue.' }),
});
const reasonInput = Type.Object({ ccr: text() });
const orderInput = Type.Object({ orderId: Type.String({ maxLength: 255 }), geid: text() });

/** What may be corrected without a transition, beside the assignee, the queue and the tags. */
export const editInput = Type.Object({
  priority: Type.Optional(int32),
  language: optional(),
  country: optional(),
});

const nothing = Type.Object({});

const INPUTS: Readonly<Record<CareTransition, TSchema>> = {
  create: createInput,
  escalate: escalateInput,
  reassign: reassignInput,
  transfer: transferInput,
  close: closeInput,
  updateReason: reasonInput,
  updateOrder: orderInput,
  respond: nothing,
  pick: nothing,
  closeChat: nothing,
  missDeadline: nothing,
};

export function inputOf(transition: string): TSchema {
  return INPUTS[transition as CareTransition];
}

export type CreateInput = Static<typeof createInput>;
export type EscalateInput = Static<typeof escalateInput>;
export type CloseInput = Static<typeof closeInput>;
export type ReassignInput = Static<typeof reassignInput>;
export type TransferInput = Static<typeof transferInput>;
export type ReasonInput = Static<typeof reasonInput>;
export type OrderInput = Static<typeof orderInput>;
export type EditInput = Static<typeof editInput>;
export type LinkInput = Static<typeof linkInput>;
export type CustomerInput = Static<typeof customerInput>;
export type VendorInput = Static<typeof vendorInput>;
