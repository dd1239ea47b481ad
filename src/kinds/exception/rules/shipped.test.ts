import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../../kernel/calendar/calendar.ts';
import { readEvent } from '../engine/read-event.ts';
import type { EventType, WorkItemEvent } from '../events.ts';
import { replay } from './replay.ts';
import { type Rule, toRule } from './rule.ts';
import { ruleFaults } from './rule-faults.ts';
import { SHIPPED_RULES, SHIPPED_TYPES } from './shipped.ts';

const office = ['08:00-18:00'];
const calendar = readCalendar({
  timeZone: 'UTC',
  hours: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
  holidays: ['2026-03-04'],
});
/** The week begins on Monday, 2 March 2026. */
const UNTIL = new Date('2026-03-16T00:00:00Z');

const rules = new Map<string, Rule>(
  SHIPPED_RULES.map((entry) => {
    const type = SHIPPED_TYPES.find(({ key }) => key === entry.data.exceptionType);
    const identifier = String(type?.data.identifier);
    return [identifier, toRule(entry, identifier)];
  }),
);

/** `2T09:00` is 2 March at nine. */
type Happening = readonly [at: string, type: EventType, data?: Record<string, unknown>];
/** When an exception is opened, and when the work item settles it. */
type Expected = readonly [openedAt: string, settledAt: string | null];

function moment(short: string): string {
  const [day = '', time = ''] = short.split('T');
  return `2026-03-${day.padStart(2, '0')}T${time}:00.000Z`;
}

function toEvents(happenings: readonly Happening[]): WorkItemEvent[] {
  return happenings.map(([at, type, data = {}], index) => {
    const etaAt = typeof data.etaAt === 'string' ? { etaAt: moment(data.etaAt) } : {};
    const read = readEvent({
      id: `e${index}`,
      type,
      occurredAt: moment(at),
      authorizationNumber: 1,
      data: { ...data, ...etaAt },
    });
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    return read.event;
  });
}

const created = (at: string, data: Record<string, unknown> = { priority: 3 }): Happening => [
  at,
  'NewWorkItem',
  data,
];
const status = (at: string, name: string, more: Record<string, unknown> = {}): Happening => [
  at,
  'StatusEvent',
  { status: name, ...more },
];
const bid = (at: string, name: string): Happening => [at, 'BidStatusChanged', { status: name }];

const TABLE: Readonly<
  Record<string, readonly (readonly [string, readonly Happening[], readonly Expected[]])[]>
> = {
  ETA_MISSING: [
    ['after four hours of business', [created('2T09:00')], [['2T13:00', null]]],
    ['after two of them for a high priority', [created('2T09:00', { priority: 2 })], [['2T11:00', null]]],
    ['over a night and a holiday', [created('3T17:00')], [['5T11:00', null]]],
    ['not where the ETA came with it', [created('2T09:00', { etaAt: '2T15:00' })], []],
    [
      'not where the ETA came in time',
      [created('2T09:00'), status('2T12:59', 'accepted', { etaAt: '2T15:00' })],
      [],
    ],
    [
      'until the ETA comes',
      [created('2T09:00'), status('2T14:00', 'accepted', { etaAt: '3T15:00' })],
      [['2T13:00', '2T14:00']],
    ],
    ['until somebody is there', [created('2T09:00'), status('2T16:00', 'onSite')], [['2T13:00', '2T16:00']]],
    ['not where it was cancelled', [created('2T09:00'), status('2T10:00', 'cancelled')], []],
    [
      'counted anew from a new dispatch',
      [created('2T09:00'), status('2T11:00', 'dispatched')],
      [['2T15:00', null]],
    ],
    [
      'again where the ETA was taken back and it was dispatched anew',
      [
        created('2T09:00'),
        status('2T14:00', 'accepted', { etaAt: '3T15:00' }),
        status('3T08:00', 'dispatched', { etaAt: null }),
      ],
      [
        ['2T13:00', '2T14:00'],
        ['3T12:00', null],
      ],
    ],
  ],
  ETA_PASSED: [
    ['half an hour after the ETA', [created('2T09:00', { etaAt: '2T15:00' })], [['2T15:30', null]]],
    ['at night as well', [created('2T09:00', { etaAt: '2T23:00' })], [['2T23:30', null]]],
    [
      'a quarter for an emergency',
      [created('2T09:00', { priority: 1, etaAt: '2T15:00' })],
      [['2T15:15', null]],
    ],
    ['not where somebody came', [created('2T09:00', { etaAt: '2T15:00' }), status('2T15:20', 'onSite')], []],
    [
      'later where the ETA was moved in time',
      [created('2T09:00', { etaAt: '2T15:00' }), status('2T14:00', 'accepted', { etaAt: '2T17:00' })],
      [['2T17:30', null]],
    ],
    [
      'until a new ETA comes, and again when that has passed',
      [created('2T09:00', { etaAt: '2T15:00' }), status('2T16:00', 'accepted', { etaAt: '2T18:00' })],
      [
        ['2T15:30', '2T16:00'],
        ['2T18:30', null],
      ],
    ],
    ['not without an ETA', [created('2T09:00'), status('2T10:00', 'accepted')], []],
    [
      'until the work is done',
      [created('2T09:00', { etaAt: '2T15:00' }), status('2T19:00', 'workCompleted')],
      [['2T15:30', '2T19:00']],
    ],
  ],
  BID_NOT_RECEIVED: [
    ['after two days of business', [bid('2T08:00', 'requested')], [['3T18:00', null]]],
    [
      'after ten hours for a high priority',
      [created('2T07:00', { priority: 2 }), bid('2T08:00', 'requested')],
      [['2T18:00', null]],
    ],
    ['not where it came in time', [bid('2T08:00', 'requested'), bid('3T12:00', 'received')], []],
    ['until it comes', [bid('2T08:00', 'requested'), bid('6T12:00', 'received')], [['3T18:00', '6T12:00']]],
    [
      'counted anew from a new request',
      [bid('2T08:00', 'requested'), bid('3T08:00', 'requested')],
      [['5T18:00', null]],
    ],
    [
      'not where the work item ended',
      [created('2T08:00'), bid('2T08:00', 'requested'), status('3T09:00', 'cancelled')],
      [],
    ],
    ['not by a bid alone', [created('2T08:00'), bid('2T09:00', 'received')], []],
  ],
  BID_REVIEW_OVERDUE: [
    ['after a day of business', [bid('2T08:00', 'received')], [['2T18:00', null]]],
    ['not where it was decided in time', [bid('2T08:00', 'received'), bid('2T17:00', 'approved')], []],
    [
      'until it is decided',
      [bid('2T08:00', 'received'), bid('3T12:00', 'declined')],
      [['2T18:00', '3T12:00']],
    ],
    [
      'counted anew where somebody writes about it',
      [bid('2T08:00', 'received'), ['2T13:00', 'BidConversationAdded']],
      [['3T13:00', null]],
    ],
    [
      'counted anew where the bid is changed',
      [bid('2T08:00', 'received'), ['2T13:00', 'BidModification', { amount: 1200 }]],
      [['3T13:00', null]],
    ],
    ['not where there is no bid to review', [['2T08:00', 'BidConversationAdded']], []],
  ],
  NTE_EXTENSION_PENDING: [
    [
      'after four hours of business',
      [['2T09:00', 'NotToExceedExtensionCreated', { amount: 500 }]],
      [['2T13:00', null]],
    ],
    [
      'after one of them for an emergency',
      [created('2T08:00', { priority: 1 }), ['2T09:00', 'NotToExceedExtensionCreated']],
      [['2T10:00', null]],
    ],
    [
      'not where it was approved in time',
      [
        ['2T09:00', 'NotToExceedExtensionCreated'],
        ['2T12:00', 'NotToExceedExtensionApproved'],
      ],
      [],
    ],
    [
      'until it is declined',
      [
        ['2T09:00', 'NotToExceedExtensionCreated'],
        ['3T09:00', 'NotToExceedExtensionDeclined'],
      ],
      [['2T13:00', '3T09:00']],
    ],
    [
      'for each extension',
      [
        ['2T09:00', 'NotToExceedExtensionCreated'],
        ['2T14:00', 'NotToExceedExtensionApproved'],
        ['3T09:00', 'NotToExceedExtensionCreated'],
      ],
      [
        ['2T13:00', '2T14:00'],
        ['3T13:00', null],
      ],
    ],
  ],
  NO_STATUS_UPDATE: [
    ['after two days', [created('2T09:00')], [['4T09:00', null]]],
    ['after eight hours for an emergency', [created('2T20:00', { priority: 1 })], [['3T04:00', null]]],
    ['counted from the last one', [created('2T09:00'), status('3T12:00', 'accepted')], [['5T12:00', null]]],
    [
      'until the next one, and again after that',
      [created('2T09:00'), status('5T09:00', 'accepted')],
      [
        ['4T09:00', '5T09:00'],
        ['7T09:00', null],
      ],
    ],
    ['not once the work is done', [created('2T09:00'), status('3T09:00', 'workCompleted')], []],
  ],
  EMERGENCY_NOT_ACCEPTED: [
    ['after half an hour, at night too', [created('2T03:00', { priority: 1 })], [['2T03:30', null]]],
    ['not for other priorities', [created('2T09:00', { priority: 2 })], []],
    ['not where it was accepted', [created('2T09:00', { priority: 1 }), status('2T09:29', 'accepted')], []],
    [
      'where the priority rises',
      [created('2T09:00'), ['2T12:00', 'PriorityChange', { priority: 1 }]],
      [['2T12:30', null]],
    ],
    [
      'until the priority falls',
      [created('2T09:00', { priority: 1 }), ['2T12:00', 'PriorityChange', { priority: 3 }]],
      [['2T09:30', '2T12:00']],
    ],
    [
      'until it is accepted',
      [created('2T09:00', { priority: 1 }), status('2T10:00', 'dispatched'), status('2T11:00', 'accepted')],
      [['2T09:30', '2T11:00']],
    ],
  ],
  CUSTOMER_NOT_NOTIFIED: [
    [
      'after a quarter of an hour',
      [['2T09:00', 'UnableToNotifyCustomerOfTicketUpdate']],
      [['2T09:15', null]],
    ],
    ['in the morning', [['2T22:00', 'UnableToNotifyCustomerOfTicketUpdate']], [['3T08:15', null]]],
    [
      'not where the customer was told after all',
      [
        ['2T09:00', 'UnableToNotifyCustomerOfTicketUpdate'],
        status('2T09:10', 'accepted', { customerNotified: true }),
      ],
      [],
    ],
    [
      'until the customer is told',
      [
        ['2T09:00', 'UnableToNotifyCustomerOfTicketUpdate'],
        status('2T10:00', 'accepted', { customerNotified: true }),
      ],
      [['2T09:15', '2T10:00']],
    ],
    [
      'by no other status',
      [['2T09:00', 'UnableToNotifyCustomerOfTicketUpdate'], status('2T10:00', 'onSite')],
      [['2T09:15', null]],
    ],
  ],
  PROJECT_NOT_STARTED: [
    ['after five days of business', [['2T08:00', 'ProjectAuthorized']], [['9T18:00', null]]],
    ['not where it has begun', [['2T08:00', 'ProjectAuthorized'], status('5T08:00', 'inProgress')], []],
    [
      'not where it is complex',
      [
        ['2T08:00', 'ProjectAuthorized'],
        ['3T08:00', 'ProjectComplexityFlagChanged', { isComplex: true }],
      ],
      [],
    ],
    [
      'until it is found to be complex',
      [
        ['2T08:00', 'ProjectAuthorized'],
        ['10T08:00', 'ProjectComplexityFlagChanged', { isComplex: true }],
      ],
      [['9T18:00', '10T08:00']],
    ],
    [
      'where it is found not to be complex after all',
      [
        ['2T08:00', 'ProjectAuthorized'],
        ['3T08:00', 'ProjectComplexityFlagChanged', { isComplex: true }],
        ['5T08:00', 'ProjectComplexityFlagChanged', { isComplex: false }],
      ],
      [['9T18:00', null]],
    ],
    [
      'at once where that is found too late',
      [
        ['2T08:00', 'ProjectAuthorized'],
        ['3T08:00', 'ProjectComplexityFlagChanged', { isComplex: true }],
        ['11T09:00', 'ProjectComplexityFlagChanged', { isComplex: false }],
      ],
      [['11T09:00', null]],
    ],
    ['not before it is authorized', [['2T08:00', 'ProjectComplexityFlagChanged', { isComplex: false }]], []],
    [
      'until it begins',
      [['2T08:00', 'ProjectAuthorized'], status('11T08:00', 'onSite')],
      [['9T18:00', '11T08:00']],
    ],
  ],
  INVOICE_ATTACHMENT_MISSING: [
    ['two days of business after the work', [status('2T08:00', 'workCompleted')], [['3T18:00', null]]],
    [
      'not where it was there before',
      [['1T09:00', 'AttachmentUpdated', { attachmentType: 'invoice' }], status('2T08:00', 'workCompleted')],
      [],
    ],
    [
      'for other attachments do not count',
      [['1T09:00', 'AttachmentUpdated', { attachmentType: 'photo' }], status('2T08:00', 'workCompleted')],
      [['3T18:00', null]],
    ],
    [
      'until it is attached',
      [status('2T08:00', 'workCompleted'), ['5T09:00', 'AttachmentUpdated', { attachmentType: 'invoice' }]],
      [['3T18:00', '5T09:00']],
    ],
    [
      'where it was taken away',
      [
        ['1T09:00', 'AttachmentUpdated', { attachmentType: 'invoice' }],
        ['1T10:00', 'AttachmentUpdated', { attachmentType: 'invoice', present: false }],
        status('2T08:00', 'workCompleted'),
      ],
      [['3T18:00', null]],
    ],
    [
      'two days of business after it was taken away',
      [
        status('2T08:00', 'workCompleted'),
        ['2T09:00', 'AttachmentUpdated', { attachmentType: 'invoice' }],
        ['5T08:00', 'AttachmentUpdated', { attachmentType: 'invoice', present: false }],
      ],
      [['6T18:00', null]],
    ],
    ['not before the work is done', [status('2T08:00', 'inProgress')], []],
  ],
};

describe.each(Object.entries(TABLE))('%s is opened', (identifier, cases) => {
  const rule = rules.get(identifier) as Rule;

  it.each(cases)('%s', (_, happenings, expected) => {
    const episodes = replay(toEvents(happenings), rule, calendar, UNTIL);
    const told = episodes.map(({ openedAt, settledAt }) => [
      openedAt.toISOString(),
      settledAt?.toISOString() ?? null,
    ]);
    expect(told).toEqual(expected.map(([opened, settled]) => [moment(opened), settled && moment(settled)]));
  });
});

it('every rule that ships is sound and has its table', () => {
  expect(Object.keys(TABLE).sort()).toEqual([...rules.keys()].sort());
  for (const rule of rules.values()) expect(ruleFaults(rule)).toEqual([]);
});
