import { type Static, Type } from 'typebox';
import type { Collection } from '../../core/collection.ts';
import { calendarFaults } from '../../kernel/calendar/calendar.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { CONFIGURE_PERMISSION } from './permissions.ts';
import { RULES, type RuleData, ruleData, TYPES } from './rules/rule.ts';
import { ruleFaults } from './rules/rule-faults.ts';
import { SHIPPED_RULES, SHIPPED_TYPES } from './rules/shipped.ts';
import { templateErrors } from './templates/check.ts';

export const CALL_TO_ACTIONS = 'call-to-actions';
export const CALENDARS = 'business-calendars';

/** The setting with the key of the account's business calendar. */
export const CALENDAR_SETTING = 'exception.calendar';
/** It ships with the product, so it is always there. */
export const DEFAULT_CALENDAR = 'default';

const template = Type.String({ maxLength: 10_000, description: 'A template.' });
const identifier = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$',
  examples: ['ETA_MISSING'],
});

/** The type that a call to action is for; there need be none of that name. */
export const exceptionTypeIdentifier = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  examples: ['ETA_MISSING'],
});

const exceptionType = Type.Object({
  identifier,
  description: Type.Optional(Type.String({ maxLength: 1000 })),
});

const callToAction = Type.Object({
  exceptionTypeIdentifier,
  templateForDayside: Type.Optional(template),
  templateForAfterHours: Type.Optional(template),
  templateForWestpark: Type.Optional(template),
  tbsWorkItemRequestType: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
      description: 'Null: whatever the request type.',
    }),
  ),
  priority: Type.Optional(Type.Integer({ description: 'Where several match, the lowest goes first.' })),
});

const span = Type.String({
  pattern: '^\\d\\d:\\d\\d-\\d\\d:\\d\\d$',
  examples: ['08:00-17:30'],
  description: '`24:00` is the end of the day.',
});
const spans = Type.Optional(Type.Array(span, { maxItems: 20 }));

const businessCalendar = Type.Object({
  timeZone: Type.String({ minLength: 1, maxLength: 100, description: 'Such as `America/Chicago`.' }),
  hours: Type.Object(
    {
      monday: spans,
      tuesday: spans,
      wednesday: spans,
      thursday: spans,
      friday: spans,
      saturday: spans,
      sunday: spans,
    },
    { description: 'When it is open, by weekday; a day without hours is closed.' },
  ),
  holidays: Type.Optional(
    Type.Array(Type.String({ format: 'date' }), {
      maxItems: 5000,
      description: 'Days on which it is closed.',
    }),
  ),
});

export type ExceptionType = Static<typeof exceptionType>;
export type CallToAction = Static<typeof callToAction>;
export type CalendarData = Static<typeof businessCalendar>;

const office = ['08:00-18:00'];
const shared = { kind: 'exception', size: 'small', keepers: [CONFIGURE_PERMISSION] } as const;

/** What exceptions come from: their types, the rules that open them, what is to be done then, and when it is open. */
export const exceptionCollections: readonly Collection[] = [
  {
    ...shared,
    name: TYPES,
    label: 'Exception types',
    one: 'exception type',
    keys: 'number',
    schema: exceptionType,
    alias: (data) => (data as ExceptionType).identifier,
    shipped: SHIPPED_TYPES,
  },
  {
    ...shared,
    name: RULES,
    label: 'Exception rules',
    one: 'exception rule',
    keys: 'number',
    schema: ruleData,
    references: { exceptionType: TYPES },
    shipped: SHIPPED_RULES,
    check: ({ data }) => ruleFaults(data as RuleData),
  },
  {
    ...shared,
    name: CALL_TO_ACTIONS,
    label: 'Calls to action',
    one: 'call to action',
    keys: 'number',
    schema: callToAction,
    alias: (data) => aliasOf(data as CallToAction),
    check: ({ data }) => templateFaultsOf(data as CallToAction),
  },
  {
    ...shared,
    name: CALENDARS,
    label: 'Business calendars',
    one: 'business calendar',
    keys: 'text',
    schema: businessCalendar,
    check: ({ data }) => calendarFaults(data as CalendarData),
    shipped: [
      {
        key: DEFAULT_CALENDAR,
        data: {
          timeZone: 'UTC',
          hours: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
          holidays: [],
        },
      },
    ],
  },
];

/** There is one call to action for a type and a request type. */
function aliasOf({ exceptionTypeIdentifier, tbsWorkItemRequestType }: CallToAction): string {
  return `${exceptionTypeIdentifier} ${tbsWorkItemRequestType ?? '*'}`;
}

const TEMPLATES = ['templateForDayside', 'templateForAfterHours', 'templateForWestpark'] as const;

function templateFaultsOf(action: CallToAction): FieldError[] {
  return TEMPLATES.flatMap((name) => templateErrors(`/${name}`, action[name] ?? ''));
}
