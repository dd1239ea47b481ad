import { IsOptional, type Static, type TProperties, Type } from 'typebox';
import { attachment, createInput, updateInput } from '../inputs.ts';

/** The states as OSS/J spells them; the last two stand for states that no transaction of its own leads to. */
export const WIRE_STATES = [
  'OPENACTIVE',
  'DEFERRED.AWAITING-CANCELATION',
  'DEFERRED.AWAITING-INFORMATION',
  'CLEARED',
  'CLOSED',
  'CLOSED.CANCELED',
  'QUEUED',
  'DEFERRED',
] as const;

export type WireState = (typeof WIRE_STATES)[number];

/** Spellings of two states that clients send beside the published ones. */
const DOUBLE_L = ['DEFERRED.AWAITING-CANCELLATION', 'CLOSED.CANCELLED'] as const;

/** A state as a client may spell it. */
export type GivenState = WireState | (typeof DOUBLE_L)[number];

const wireState = Type.Enum(WIRE_STATES);
const givenState = Type.Enum([...WIRE_STATES, ...DOUBLE_L]);
// What no ticket is called is not found, however long it is.
const key = Type.String();

export const ticketParams = Type.Object({ ticketId: key });
export const attachmentParams = Type.Object({ ticketId: key, attachmentId: Type.String({ format: 'uuid' }) });

/**
 * The properties as a document shows them: those that may be left out may be null too. The schemas never see a null, for
 * `dropNulls` takes them out of the body before.
 */
function nullable<P extends TProperties>(properties: P): P {
  const shown = Object.entries(properties).map(([name, schema]) => [
    name,
    IsOptional(schema) ? Type.Optional(Type.Union([schema, Type.Null()])) : schema,
  ]);
  return Object.fromEntries(shown) as P;
}

const misspelt = (name: string) => ({ description: `Read where there is no \`${name}\`.` });

export const createBody = Type.Object(
  nullable({
    baseTroubleTicketState: Type.Literal('OPENACTIVE'),
    ...createInput.properties,
    troubleDetectionTime: Type.Optional(createInput.properties.troubleDetectionTime),
    troubleDectectionTime: Type.Optional(
      Type.String({ format: 'date-time', ...misspelt('troubleDetectionTime') }),
    ),
    clearancePerson: Type.Optional(Type.String({ maxLength: 255, ...misspelt('clearencePerson') })),
  }),
  { anyOf: [{ required: ['troubleDetectionTime'] }, { required: ['troubleDectectionTime'] }] },
);

/** A file of an update: a new one with its content, or one that the ticket has already. */
const givenFile = Type.Object(
  nullable({
    ...Type.Partial(attachment).properties,
    href: Type.Optional(
      Type.String({
        description: 'An item with `href` and no `content` is as `GET` gave it, and is passed over.',
      }),
    ),
  }),
  { anyOf: [{ required: attachment.required }, { required: ['href'] }] },
);

const closeOut = (what: string) =>
  Type.Optional(
    Type.Unknown({
      description: `${what}. TO07 needs it: the owner's \`CLEARED\`. Else it is not looked at.`,
    }),
  );

export const updateBody = Type.Object({
  ...nullable({
    baseTroubleTicketState: Type.Optional(givenState),
    ticketId: Type.Optional(Type.String({ description: "Must equal the path's." })),
    mirrorKey: Type.Optional(Type.String({ description: "Must equal the ticket's, else 409." })),
    ...updateInput.properties,
    attachments: Type.Optional(Type.Array(givenFile, { maxItems: 50 })),
  }),
  closeOutType: closeOut('A text of 1 to 255 characters'),
  closeOutNarr: closeOut('A text of 1 to 4,000 characters'),
  serviceRestoredTime: closeOut('A date-time such as 2026-03-01T12:00:00Z'),
});

export const listQuery = Type.Object({
  baseTroubleTicketState: Type.Optional(givenState),
  mirrorKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  troubleType: Type.Optional(Type.String({ minLength: 1, maxLength: 35 })),
  preferredPriority: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  role: Type.Optional(Type.Enum(['TU', 'TO'])),
  updatedSince: Type.Optional(Type.String({ format: 'date-time' })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 25 }),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
});

const text = Type.Optional(Type.String());
const role = Type.Enum(['TU', 'TO']);

/** A ticket on the wire. */
export const wireTicket = Type.Object({
  ticketId: Type.String(),
  mirrorKey: Type.String(),
  baseTroubleTicketState: wireState,
  dialog: Type.String(),
  troubleType: Type.String(),
  troubleDescription: Type.String(),
  troubleDetectionTime: Type.String(),
  troubleDectectionTime: Type.String({
    description: 'The published misspelling, kept for clients that read it.',
  }),
  preferredPriority: Type.Integer(),
  troubledObject: Type.String(),
  customerTroubleNum: text,
  homeId: text,
  gescal37ID: text,
  wh1Parameter: text,
  wh2Parameter: text,
  wh3Parameter: text,
  wh4Parameter: text,
  wh5Parameter: text,
  customer: Type.Optional(Type.Integer()),
  clearencePerson: text,
  closeOutType: text,
  closeOutNarr: text,
  serviceRestoredTime: text,
  attachments: Type.Array(
    Type.Object({ name: Type.String(), mimeType: Type.String(), size: Type.Integer(), href: Type.String() }),
  ),
  issuer: Type.String(),
  owner: Type.String(),
  role,
  allowedTransactions: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' }),
  version: Type.Integer(),
});

export const wireList = Type.Object({
  troubleTickets: Type.Array(wireTicket),
  next: Type.Union([Type.String(), Type.Null()]),
});

const wireTransaction = Type.Object({
  code: Type.Union([Type.String(), Type.Null()], {
    description: 'null: a move through another API that is none of the transactions',
  }),
  role,
  party: Type.Union([Type.String(), Type.Null()]),
  actor: Type.String(),
  from: Type.Union([wireState, Type.Null()]),
  to: wireState,
  dialog: Type.Union([Type.String(), Type.Null()]),
  at: Type.String({ format: 'date-time' }),
});

export const wireHistory = Type.Object({ ticketId: Type.String(), history: Type.Array(wireTransaction) });

export const wireTable = Type.Object({
  transactions: Type.Array(
    Type.Object({
      code: Type.String(),
      label: Type.String(),
      role,
      from: Type.Array(wireState),
      to: Type.Union([wireState, Type.Null()], { description: 'null: the state stays as it is' }),
      requires: Type.Array(Type.String()),
      firedBy: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});

export const wireError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  errors: Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
  baseTroubleTicketState: Type.Optional(wireState),
  allowedTransactions: Type.Optional(Type.Array(Type.String())),
  ticketId: Type.Optional(Type.String()),
});

export type WireTicket = Static<typeof wireTicket>;
export type WireHistory = Static<typeof wireHistory>;
export type WireTable = Static<typeof wireTable>;
export type CreateBody = Static<typeof createBody>;
export type UpdateBody = Static<typeof updateBody>;
export type ListQuery = Static<typeof listQuery>;
