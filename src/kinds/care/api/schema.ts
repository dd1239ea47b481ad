import { type Static, Type } from 'typebox';
import { VERTICALS } from '../collections.ts';
import {
  closeInput,
  contentInput,
  customerInput,
  escalateInput,
  int32,
  LINK_CATEGORIES,
  LINK_ID_TYPES,
  linkInput,
  ownIdInput,
  RESOLUTION_STATUSES,
  reassignInput,
  transferInput,
  vendorInput,
} from '../inputs.ts';

/** The states as the published API spells them. */
export const WIRE_STATES = ['ASSIGNED', 'ESCALATED', 'CLOSED'] as const;

const text = Type.Optional(Type.String());
const given = (maxLength = 255) => Type.Optional(Type.String({ maxLength }));
const named = Type.String({ minLength: 1, maxLength: 255 });
const epochSeconds = Type.Integer({ description: 'Seconds since the epoch.' });

export const ticketParams = Type.Object({ ticketID: named });
export const customerParams = Type.Object({ customerId: named });

const paging = {
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
};

export const listQuery = Type.Object({
  status: Type.Optional(Type.Enum([...WIRE_STATES])),
  queue: Type.Optional(named),
  assignee: Type.Optional(named),
  customerId: Type.Optional(named),
  orderId: Type.Optional(named),
  ...paging,
});

export const historyQuery = Type.Object(paging);

export const searchQuery = Type.Object({
  query: Type.String({ maxLength: 255 }),
  language: Type.Optional(
    Type.String({ maxLength: 35, description: 'A code or an English name: `en`, `eng` or `english`.' }),
  ),
});

/** TicketLink. */
const wireLink = Type.Object({
  ticketId: Type.Optional(
    Type.String({ description: 'Absent while the ticket that an escalation asks for is not made yet.' }),
  ),
  ticketIdType: Type.Enum([...LINK_ID_TYPES]),
  ticketCategory: Type.Enum([...LINK_CATEGORIES]),
  creator: text,
  createdAt: epochSeconds,
  reason: text,
});

/** Metadata. */
const wireMetadata = Type.Object({
  ccr: text,
  country: text,
  language: text,
  orderId: text,
  sla: Type.Integer({ description: 'Seconds left to the deadline; below 0 when it is missed.' }),
  tags: Type.Array(Type.String()),
  entityId: text,
  childrenLinks: Type.Array(wireLink),
  localCcr: text,
});

const wireCustomer = Type.Object({ id: text, firstName: text, lastName: text, name: text, email: text });
const wireVendor = Type.Object({ id: text, vertical: Type.Optional(Type.Enum([...VERTICALS])) });

/** Ticket. */
export const wireTicket = Type.Object({
  id: Type.String(),
  Assignee: text,
  UpdatedAt: Type.Integer({ description: 'When the status changed last, in seconds since the epoch.' }),
  createdAt: epochSeconds,
  queue: text,
  channel: text,
  content: Type.Record(Type.String(), Type.Unknown()),
  metadata: wireMetadata,
  status: Type.Enum([...WIRE_STATES]),
  statusReason: text,
  priority: Type.Integer({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1, description: '1 comes first.' }),
  customer: Type.Optional(wireCustomer),
  vendor: Type.Optional(wireVendor),
  source: text,
  type: text,
});

/** A Ticket without what the server sets. */
export const createBody = Type.Object({
  id: Type.Optional(ownIdInput),
  Assignee: Type.Optional(named),
  queue: Type.Optional(named),
  channel: given(),
  type: given(),
  source: given(),
  content: Type.Optional(contentInput),
  priority: Type.Optional(int32),
  statusReason: given(4000),
  customer: Type.Optional(customerInput),
  vendor: Type.Optional(vendorInput),
  metadata: Type.Optional(
    Type.Object({
      ccr: given(500),
      localCcr: given(500),
      country: given(),
      language: given(),
      orderId: given(),
      entityId: given(),
      tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 })),
      childrenLinks: Type.Optional(Type.Array(linkInput, { maxItems: 100 })),
    }),
  ),
});

/** TicketUpdateParam: each type with what it needs. What it does not need may be there and is not looked at. */
export const updateBody = Type.Union([
  Type.Object({
    type: Type.Literal('UPDATE_CCR'),
    ccr: Type.String({ minLength: 1, maxLength: 255, description: 'The code of a contact reason.' }),
  }),
  Type.Object({
    type: Type.Literal('UPDATE_ORDER_ID'),
    orderId: Type.String({ maxLength: 255, description: 'An empty one takes the order away.' }),
    geid: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The entity that the order belongs to.',
    }),
  }),
  Type.Object({ type: Type.Literal('UPDATE_CHAT_RESPONSE_TIME') }),
  Type.Object({ type: Type.Literal('UPDATE_PICKED_TIME') }),
  Type.Object({ type: Type.Literal('CLOSE_CHAT_ROOM') }),
]);

/** TicketEscalateV2Param, and without the department TicketEscalateParam; a body is not needed. */
export const escalateV2Body = Type.Optional(escalateInput);
export const escalateBody = Type.Optional(Type.Omit(escalateInput, ['department']));
/** TicketCloseParam. */
export const closeBody = Type.Optional(closeInput);
/** TicketReassignParam. */
export const reassignBody = reassignInput;
/** TicketTransferParam. */
export const transferBody = transferInput;

/** TicketHistoryResponse. */
export const wireHistory = Type.Object({
  list: Type.Array(wireTicket),
  page: Type.Integer(),
  pageSize: Type.Integer(),
});

/** EscalationDepartments, as a bare list. */
export const wireDepartments = Type.Array(Type.Object({ id: Type.String(), label: Type.String() }));

/** ResolutionStatusList. */
export const wireResolutionStatuses = Type.Object({ list: Type.Array(Type.Enum([...RESOLUTION_STATUSES])) });

/** TransferQueueResponse. */
export const wireQueues = Type.Object({
  list: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), language: Type.String() })),
});

const wireTranslation = Type.Object({ language: Type.String(), translation: Type.String() });

/** CcrTiers: each code with its Tier. The tree has three levels, so the shape ends by itself. */
const translations = Type.Array(wireTranslation);
const wireTier3 = Type.Object({ translations });
const wireTier2 = Type.Object({ translations, child: Type.Optional(Type.Record(Type.String(), wireTier3)) });
const wireTier1 = Type.Object({ translations, child: Type.Optional(Type.Record(Type.String(), wireTier2)) });
const wireTiers = Type.Record(Type.String(), wireTier1);

/** CcrListResponse. */
export const wireReasons = Type.Object({ status_code: Type.Literal(200), data: wireTiers });

const wireReason = Type.Object({
  translation: Type.String(),
  language: Type.String(),
  code: Type.String(),
  level: Type.Integer(),
});

/** SearchableCcrResponse. */
export const wireReasonSearch = Type.Object({
  list: Type.Array(
    Type.Object({
      data: wireReason,
      parents: Type.Array(wireReason, { description: 'Level 1, then level 2.' }),
    }),
  ),
});

/** Error. */
export const wireError = Type.Object({
  errors: Type.Array(
    Type.Object({
      status: Type.String(),
      title: Type.String(),
      detail: text,
      source: Type.Optional(Type.Object({ pointer: Type.String() })),
    }),
  ),
});

export type WireTicket = Static<typeof wireTicket>;
export type WireLink = Static<typeof wireLink>;
export type WireReason = Static<typeof wireReason>;
export type UpdateType = Static<typeof updateBody>['type'];
export type CreateBody = Static<typeof createBody>;
export type ListQuery = Static<typeof listQuery>;
