import { type Static, Type } from 'typebox';
import { exceptionTypeIdentifier } from '../collections.ts';
import { MOST_EVENTS } from '../engine/take-events.ts';
import { EVENT_TYPES } from '../events.ts';
import { ZENDESK_STATUSES } from '../help-desk/zendesk/spelling.ts';
import { ruleData } from '../rules/rule.ts';

/** An answer without a body. */
export const NO_CONTENT = Type.Null();

const id = Type.Integer({ minimum: 1 });
const nullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const pageKey = Type.Union([Type.String(), Type.Null()], {
  description: 'The `pageKey` of the next page, null on the last one.',
});
const pageKeyQuery = Type.Optional(
  Type.String({ maxLength: 500, description: '`pageKey` of the page before.' }),
);
/** Digits; a number that a double holds exactly. */
const authorizationNumber = Type.Integer({ minimum: 0, description: 'Digits.' });
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
/** Clients that send every property of a change say null for those that stay. */
const unchanged = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

export const ruleParams = Type.Object({ ruleId: id });
export const exceptionParams = Type.Object({ ticketExceptionId: id });
export const callToActionParams = Type.Object({ callToActionId: id });
export const typeParams = Type.Object({ exceptionTypeId: id });
export const workItemParams = Type.Object({ authorizationNumber });

export const rulesQuery = Type.Object({
  pageKey: pageKeyQuery,
  includeInactive: Type.Boolean({ default: false, description: 'Show rules that are switched off too.' }),
});

export const exceptionsQuery = Type.Object({
  pageKey: pageKeyQuery,
  authorizationNumber: Type.Optional(authorizationNumber),
  requestType: Type.Optional(Type.Integer()),
  serviceProviderId: Type.Optional(Type.Integer()),
  includeClosedExceptions: Type.Boolean({
    default: false,
    description: 'Show those too that the help desk, or the work item itself, has settled.',
  }),
  externalReferences: Type.Optional(
    Type.Array(text(255), {
      maxItems: 200,
      description:
        'Any one of these tickets of the help desk: repeated names, or one with commas. `ZDTICKET-12345` and `12345` are one.',
    }),
  ),
});

export const pendingTriggersQuery = Type.Object({
  messageTypeContains: Type.Optional(
    Type.String({ maxLength: 200, description: 'A part of the message type, in any case.' }),
  ),
});

export const fireNowQuery = Type.Object({ triggerName: text(500) });

export const wireRule = Type.Object({
  id,
  isActive: Type.Boolean(),
  exceptionTypeId: id,
  exceptionTypeName: Type.String(),
  description: Type.String(),
});

export const wireRules = Type.Object({ ticketExceptionRules: Type.Array(wireRule), pageKey });

export const ruleUpdate = Type.Object({
  isActive: unchanged(Type.Boolean()),
  description: unchanged(Type.String({ maxLength: 1000 })),
});

export const wireException = Type.Object({
  id,
  subject: Type.String(),
  comment: Type.String(),
  tbsWorkItemAuthorizationNumber: Type.String({ description: 'Digits.' }),
  tbsWorkItemRequestType: nullableNumber,
  ticketExceptionTypeId: id,
  ticketExceptionTypeName: Type.String(),
  ticketExceptionCreated: Type.Boolean({ description: 'The help desk has made a ticket of it.' }),
  isConsideredSolvedByTbs: Type.Boolean({ description: 'The work item’s own events have settled it.' }),
  serviceProviderId: nullableNumber,
  externalReferences: Type.Array(
    Type.Object({ domain: Type.String(), type: Type.String(), identifier: Type.String() }),
  ),
});

export const wireExceptions = Type.Object({ ticketExceptions: Type.Array(wireException), pageKey });

const template = Type.String({
  maxLength: 10_000,
  description: 'A Liquid template; it may name the variables of the work item.',
});

const requestTypeOrAny = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
  description: 'Null: whatever the request type.',
});

export const wireCallToAction = Type.Object({
  id,
  exceptionTypeIdentifier: Type.String(),
  templateForDayside: Type.String(),
  templateForAfterHours: Type.String(),
  templateForWestpark: Type.String(),
  tbsWorkItemRequestType: requestTypeOrAny,
  priority: Type.Integer(),
});

export const wireCallToActions = Type.Object({ callToActions: Type.Array(wireCallToAction) });

export const callToActionCreate = Type.Object({
  exceptionTypeIdentifier,
  templateForDayside: template,
  templateForAfterHours: template,
  templateForWestpark: template,
  tbsWorkItemRequestType: requestTypeOrAny,
  priority: Type.Integer({ description: 'Where several match, the lowest number comes first.' }),
});

export const callToActionUpdate = Type.Object({
  templateForDayside: unchanged(template),
  templateForAfterHours: unchanged(template),
  templateForWestpark: unchanged(template),
  priority: unchanged(Type.Integer()),
});

export const statusUpdate = Type.Object({
  externalSystemIdentifier: text(100),
  externalReferenceId: Type.Union([text(255), Type.Integer({ minimum: 0 })], {
    description: 'The ticket of the help desk, as `12345` or `ZDTICKET-12345`.',
  }),
  status: Type.Enum([...ZENDESK_STATUSES]),
  comment: unchanged(Type.String({ maxLength: 65_000 })),
});

const wireTrigger = Type.Object({
  triggerName: Type.String(),
  nextFireTime: Type.String({ format: 'date-time' }),
  messageType: Type.String(),
});

export const wireTriggers = Type.Object({ triggers: Type.Array(wireTrigger) });

export const wireCandidates = Type.Array(
  Type.Object({
    serviceProviderId: Type.Integer(),
    serviceProviderName: Type.Union([Type.String(), Type.Null()]),
    openExceptionCount: Type.Integer(),
    oldestExceptionDate: Type.String({ format: 'date-time' }),
  }),
);

export const wireExceptionType = Type.Object({ id, identifier: Type.String(), description: Type.String() });

export type WireRule = Static<typeof wireRule>;
export type WireException = Static<typeof wireException>;
export type WireCallToAction = Static<typeof wireCallToAction>;
export type StatusUpdateBody = Static<typeof statusUpdate>;
export type ExceptionsQuery = Static<typeof exceptionsQuery>;

export const wireExceptionTypes = Type.Object({ exceptionTypes: Type.Array(wireExceptionType) });

const identifier = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$',
  examples: ['ETA_MISSING'],
  description: 'Letters, digits, underscores and hyphens, such as ETA_MISSING.',
});
const typeDescription = Type.String({ maxLength: 1000 });

export const typeCreate = Type.Object({ identifier, description: Type.Optional(typeDescription) });
export const typeUpdate = Type.Object({
  identifier: unchanged(identifier),
  description: unchanged(typeDescription),
});

export type WireExceptionType = Static<typeof wireExceptionType>;

const { exceptionType: _type, changedBy: _author, isActive, ...ruleParts } = ruleData.properties;

/** A rule as it is kept, but for its type's name and its author. */
export const ruleCreate = Type.Object({
  exceptionTypeId: id,
  isActive: Type.Optional(isActive),
  ...ruleParts,
});

/** Each event is checked by itself, so that one that is wrong keeps none of the others out. */
const anyEvent = Type.Object(
  {
    id: Type.Optional(
      Type.Unknown({ description: 'A text that no other event has; it makes it safe to send again.' }),
    ),
    type: Type.Optional(Type.Unknown({ description: `One of ${EVENT_TYPES.join(', ')}.` })),
    occurredAt: Type.Optional(Type.Unknown({ description: 'When it happened, as RFC 3339 writes it.' })),
    authorizationNumber: Type.Optional(
      Type.Unknown({ description: 'The work item: a number, or its digits.' }),
    ),
    requestType: Type.Optional(Type.Unknown({ description: 'A number.' })),
    serviceProviderId: Type.Optional(Type.Unknown({ description: 'A number.' })),
    serviceProviderName: Type.Optional(Type.Unknown({ description: 'A text.' })),
    data: Type.Optional(Type.Unknown({ description: 'What events of this type tell beside that.' })),
  },
  { additionalProperties: true },
);

export const eventsBody = Type.Union([anyEvent, Type.Array(Type.Unknown(), { maxItems: MOST_EVENTS })]);

export const wireEventResults = Type.Object({
  results: Type.Array(
    Type.Object({
      id: Type.Union([Type.String(), Type.Null()]),
      outcome: Type.Enum(['accepted', 'repeated', 'refused'], {
        description: '`repeated`: it was known already.',
      }),
      errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
    }),
    { description: 'In the order of the events.' },
  ),
});

export const wireWorkItem = Type.Object({
  authorizationNumber: Type.String({ description: 'Digits.' }),
  facts: Type.Record(
    Type.String(),
    Type.Object({
      value: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
      since: Type.String({ format: 'date-time', description: 'When the event happened that told it.' }),
    }),
  ),
  ticketExceptions: Type.Array(wireException),
  triggers: Type.Array(wireTrigger),
});

const moment = Type.Optional(
  Type.Union([
    Type.String({ format: 'date-time', pattern: '^(?:19|20)\\d\\d-', examples: ['2026-03-01T12:00:00Z'] }),
    Type.Null(),
  ]),
);

export const dryRunBody = Type.Object({
  rule: Type.Optional(
    Type.Union([Type.Partial(ruleCreate), Type.Null()], {
      description: 'The parts of the rule that would be others; what is left out is as it is.',
    }),
  ),
  from: moment,
  to: moment,
  pageKey: unchanged(Type.String({ maxLength: 500 })),
});

const count = Type.Integer({ minimum: 0 });

export const wireDryRun = Type.Object({
  workItems: Type.Integer({ description: 'How many were looked at on this page.' }),
  counts: Type.Object({ same: count, opens: count, closes: count, misses: count }),
  exceptions: Type.Array(
    Type.Object({
      tbsWorkItemAuthorizationNumber: Type.String(),
      outcome: Type.Enum(['same', 'opens', 'closes', 'misses'], {
        description:
          '`opens`: the rule would open one that is not there; `misses`: there is one that it would not open; `closes`: there is an open one that it would have settled.',
      }),
      ticketExceptionId: Type.Union([Type.Integer(), Type.Null()]),
      wouldOpenAt: Type.Union([Type.String(), Type.Null()]),
      wouldBeSettledAt: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  pageKey,
});

export type DryRunBody = Static<typeof dryRunBody>;
