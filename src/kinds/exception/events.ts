import { type TObject, Type } from 'typebox';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));
const flag = orNull(Type.Boolean());
const moment = orNull(Type.String({ format: 'date-time' }));
const amount = orNull(Type.Number());
const priority = Type.Integer({ minimum: 1, maximum: 9, description: '1 is an emergency.' });

/** The longest id of an event; ids are unique in an account. */
const LONGEST_ID = 200;
/** Keeps every moment that counts from it within the range of dates. */
const MOMENT_PATTERN = '^(?:19|20)\\d\\d-';

/** What each event tells beside its envelope. What is not named here is ignored. */
export const EVENT_DATA = {
  NewWorkItem: Type.Object({
    priority: orNull(priority),
    status: orNull(text(50)),
    team: orNull(text(100)),
    etaAt: moment,
  }),
  PriorityChange: Type.Object({ priority }),
  StatusEvent: Type.Object({ status: text(50), etaAt: moment, customerNotified: flag }),
  BidConversationAdded: Type.Object({}),
  BidStatusChanged: Type.Object({ status: text(50) }),
  BidModification: Type.Object({ amount }),
  AttachmentUpdated: Type.Object({
    attachmentType: text(50),
    present: orNull(Type.Boolean({ description: 'False: it was taken away. True when absent.' })),
  }),
  NotToExceedExtensionCreated: Type.Object({ amount }),
  NotToExceedExtensionApproved: Type.Object({ amount }),
  NotToExceedExtensionDeclined: Type.Object({}),
  ProjectAuthorized: Type.Object({}),
  ProjectComplexityFlagChanged: Type.Object({ isComplex: Type.Boolean() }),
  UnableToNotifyCustomerOfTicketUpdate: Type.Object({ reason: orNull(text(1000)) }),
} as const satisfies Record<string, TObject>;

export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as readonly EventType[];

const number = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** An event's envelope. `data` has the shape that `EVENT_DATA` gives for its type. */
export const eventEnvelope = Type.Object({
  id: Type.String({ minLength: 1, maxLength: LONGEST_ID }),
  type: Type.Enum([...EVENT_TYPES]),
  occurredAt: Type.String({
    format: 'date-time',
    pattern: MOMENT_PATTERN,
    examples: ['2026-03-01T12:00:00Z'],
  }),
  authorizationNumber: number,
  requestType: orNull(number),
  serviceProviderId: orNull(number),
  serviceProviderName: orNull(text(500)),
  data: orNull(Type.Record(Type.String(), Type.Unknown())),
});

/** An event that has been checked. Moments are UTC with milliseconds; what is null was said to be unknown. */
export interface WorkItemEvent {
  readonly id: string;
  readonly type: EventType;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly authorizationNumber: number;
  /** Undefined where the event does not say. */
  readonly requestType?: number | null;
  readonly serviceProviderId?: number | null;
  readonly serviceProviderName?: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}
