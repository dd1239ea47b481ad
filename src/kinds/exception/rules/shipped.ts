import type { ShippedEntry } from '../../../core/collection.ts';
import type { Condition, EventMatch, RuleData } from './rule.ts';

/** Statuses that end a work item for the service provider. */
const FINISHED = ['workCompleted', 'invoiced', 'closed', 'cancelled', 'declined'];
/** Statuses that say that somebody is at work. */
const AT_WORK = ['onSite', 'inProgress', 'waitingForParts'];
/** Statuses before anybody has taken the work item on. */
const UNACCEPTED = ['new', 'dispatched'];

const finished: Condition = { fact: 'status', in: FINISHED };
const unfinished: Condition = { not: finished };
const workHasEnded: EventMatch = { events: ['StatusEvent'], when: finished };

type Shipped = Omit<RuleData, 'exceptionType' | 'isActive'> & { readonly typeDescription: string };

/** The rules that come with the product, by the identifier of their type. */
const SHIPPED: Readonly<Record<string, Shipped>> = {
  ETA_MISSING: {
    typeDescription: 'The service provider has not said when it will arrive',
    description: 'Service provider has not provided ETA',
    arms: [
      { events: ['NewWorkItem'] },
      { events: ['StatusEvent'], when: { fact: 'status', eq: 'dispatched' } },
    ],
    condition: {
      all: [{ fact: 'etaAt', is: 'unknown' }, unfinished, { not: { fact: 'status', in: AT_WORK } }],
    },
    delay: { after: 'PT4H', byPriority: { 1: 'PT1H', 2: 'PT2H' }, time: 'business', from: 'event' },
    disarms: [],
    settles: [
      { events: ['StatusEvent', 'NewWorkItem'], when: { fact: 'etaAt', is: 'known' } },
      { events: ['StatusEvent'], when: { fact: 'status', in: AT_WORK } },
      workHasEnded,
    ],
    subject: 'Missing ETA for work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} has not provided an ETA as of {{ now }}.',
  },
  ETA_PASSED: {
    typeDescription: 'The time of arrival has passed and nobody has arrived',
    description: 'Service provider has not arrived by the ETA',
    arms: [{ events: ['NewWorkItem', 'StatusEvent'], when: { fact: 'etaAt', is: 'known' } }],
    condition: {
      all: [{ fact: 'etaAt', before: 'now' }, unfinished, { not: { fact: 'status', in: AT_WORK } }],
    },
    delay: { after: 'PT30M', byPriority: { 1: 'PT15M' }, time: 'plain', from: { fact: 'etaAt' } },
    disarms: [],
    settles: [
      { events: ['StatusEvent'], when: { fact: 'etaAt', after: 'now' } },
      { events: ['StatusEvent'], when: { fact: 'status', in: AT_WORK } },
      workHasEnded,
    ],
    subject: 'ETA passed for work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} was expected and has not arrived as of {{ now }}.',
  },
  BID_NOT_RECEIVED: {
    typeDescription: 'A bid was asked for and has not come',
    description: 'Service provider has not submitted the requested bid',
    arms: [{ events: ['BidStatusChanged'], when: { fact: 'bidStatus', eq: 'requested' } }],
    condition: { all: [{ fact: 'bidStatus', eq: 'requested' }, unfinished] },
    delay: { after: 'PT20H', byPriority: { 1: 'PT4H', 2: 'PT10H' }, time: 'business', from: 'event' },
    disarms: [],
    settles: [
      { events: ['BidStatusChanged'], when: { fact: 'bidStatus', ne: 'requested' } },
      { events: ['StatusEvent'], when: { fact: 'status', in: ['closed', 'cancelled', 'declined'] } },
    ],
    subject: 'No bid for work item #{{ authorizationNumber }}',
    comment:
      'A bid was requested from {{ serviceProviderName | default: "the service provider" }} and has not come as of {{ now }}.',
  },
  BID_REVIEW_OVERDUE: {
    typeDescription: 'A bid has come and nobody has decided on it',
    description: 'Received bid is waiting for its review',
    arms: [
      {
        events: ['BidStatusChanged'],
        when: { fact: 'bidStatus', in: ['received', 'inReview'] },
      },
      { events: ['BidModification', 'BidConversationAdded'] },
    ],
    condition: { fact: 'bidStatus', in: ['received', 'inReview'] },
    delay: { after: 'PT10H', byPriority: { 1: 'PT2H', 2: 'PT5H' }, time: 'business', from: 'event' },
    disarms: [{ events: ['StatusEvent'], when: { fact: 'status', in: ['closed', 'cancelled', 'declined'] } }],
    settles: [
      { events: ['BidStatusChanged'], when: { not: { fact: 'bidStatus', in: ['received', 'inReview'] } } },
      { events: ['StatusEvent'], when: { fact: 'status', in: ['closed', 'cancelled', 'declined'] } },
    ],
    subject: 'Bid review overdue for work item #{{ authorizationNumber }}',
    comment:
      'The bid of {{ serviceProviderName | default: "the service provider" }} waits for its review as of {{ now }}.',
  },
  NTE_EXTENSION_PENDING: {
    typeDescription: 'A higher not-to-exceed amount was asked for and nobody has decided',
    description: 'Not-to-exceed extension is waiting for a decision',
    arms: [{ events: ['NotToExceedExtensionCreated'] }],
    condition: { fact: 'extensionStatus', eq: 'pending' },
    delay: { after: 'PT4H', byPriority: { 1: 'PT1H', 2: 'PT2H' }, time: 'business', from: 'event' },
    disarms: [],
    settles: [
      { events: ['NotToExceedExtensionApproved', 'NotToExceedExtensionDeclined'] },
      { events: ['StatusEvent'], when: { fact: 'status', in: ['closed', 'cancelled'] } },
    ],
    subject: 'Not-to-exceed extension pending for work item #{{ authorizationNumber }}',
    comment:
      'The extension that {{ serviceProviderName | default: "the service provider" }} asked for waits for a decision as of {{ now }}.',
  },
  NO_STATUS_UPDATE: {
    typeDescription: 'Nothing has been heard of the work item for too long',
    description: 'Service provider has not sent a status update',
    arms: [{ events: ['NewWorkItem'] }, { events: ['StatusEvent'], when: unfinished }],
    condition: unfinished,
    delay: { after: 'PT48H', byPriority: { 1: 'PT8H', 2: 'PT24H' }, time: 'plain', from: 'event' },
    disarms: [],
    settles: [{ events: ['StatusEvent'] }],
    subject: 'No status update for work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} has sent no status update as of {{ now }}.',
  },
  EMERGENCY_NOT_ACCEPTED: {
    typeDescription: 'Nobody has accepted an emergency',
    description: 'Service provider has not accepted the emergency',
    arms: [{ events: ['NewWorkItem', 'PriorityChange'], when: { fact: 'priority', eq: 1 } }],
    condition: {
      all: [
        { fact: 'priority', eq: 1 },
        { fact: 'status', in: UNACCEPTED },
      ],
    },
    delay: { after: 'PT30M', time: 'plain', from: 'event' },
    disarms: [],
    settles: [
      { events: ['StatusEvent'], when: { not: { fact: 'status', in: UNACCEPTED } } },
      { events: ['PriorityChange'], when: { fact: 'priority', ne: 1 } },
    ],
    subject: 'Emergency not accepted: work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} has not accepted the emergency as of {{ now }}.',
  },
  CUSTOMER_NOT_NOTIFIED: {
    typeDescription: 'The customer could not be told of an update',
    description: 'Customer could not be notified of an update',
    arms: [{ events: ['UnableToNotifyCustomerOfTicketUpdate'] }],
    condition: { fact: 'customerNotified', eq: false },
    delay: { after: 'PT15M', time: 'business', from: 'event' },
    disarms: [],
    settles: [
      { events: ['StatusEvent'], when: { fact: 'customerNotified', eq: true } },
      { events: ['StatusEvent'], when: { fact: 'status', in: ['closed', 'cancelled'] } },
    ],
    subject: 'Customer not notified for work item #{{ authorizationNumber }}',
    comment:
      'The customer could not be told of an update of work item {{ authorizationNumber }}; please call.',
  },
  PROJECT_NOT_STARTED: {
    typeDescription: 'An authorised project has not begun',
    description: 'Authorized project has not been started',
    arms: [
      { events: ['ProjectAuthorized'] },
      { events: ['ProjectComplexityFlagChanged'], when: { fact: 'isComplex', eq: false } },
    ],
    condition: {
      all: [
        { fact: 'projectAuthorizedAt', is: 'known' },
        { not: { fact: 'isComplex', eq: true } },
        unfinished,
        { not: { fact: 'status', in: AT_WORK } },
      ],
    },
    delay: {
      after: 'PT50H',
      byPriority: { 1: 'PT10H', 2: 'PT20H' },
      time: 'business',
      from: { fact: 'projectAuthorizedAt' },
    },
    disarms: [],
    settles: [
      { events: ['StatusEvent'], when: { fact: 'status', in: AT_WORK } },
      { events: ['ProjectComplexityFlagChanged'], when: { fact: 'isComplex', eq: true } },
      workHasEnded,
    ],
    subject: 'Project not started: work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} has not started the authorized project as of {{ now }}.',
  },
  INVOICE_ATTACHMENT_MISSING: {
    typeDescription: 'The work is done and the invoice is not attached',
    description: 'Invoice attachment is missing after completion',
    arms: [
      { events: ['StatusEvent'], when: { fact: 'status', in: ['workCompleted', 'invoiced'] } },
      { events: ['AttachmentUpdated'], when: { fact: 'invoiceAttached', eq: false } },
    ],
    condition: {
      all: [
        { not: { fact: 'invoiceAttached', eq: true } },
        { fact: 'status', in: ['workCompleted', 'invoiced', 'closed'] },
      ],
    },
    delay: { after: 'PT20H', time: 'business', from: 'event' },
    disarms: [],
    settles: [
      { events: ['AttachmentUpdated'], when: { fact: 'invoiceAttached', eq: true } },
      { events: ['StatusEvent'], when: { fact: 'status', in: ['cancelled', 'declined'] } },
    ],
    subject: 'Invoice missing for work item #{{ authorizationNumber }}',
    comment:
      '{{ serviceProviderName | default: "The service provider" }} has completed the work and attached no invoice as of {{ now }}.',
  },
};

const entries = Object.entries(SHIPPED).map(([identifier, rule], index) => ({
  key: String(index + 1),
  identifier,
  rule,
}));

/** The types of exception that come with the product. */
export const SHIPPED_TYPES: readonly ShippedEntry[] = entries.map(({ key, identifier, rule }) => ({
  key,
  data: { identifier, description: rule.typeDescription },
}));

/** A rule for each of the types, with the same key. */
export const SHIPPED_RULES: readonly ShippedEntry[] = entries.map(({ key, rule }) => {
  const { typeDescription: _, ...data } = rule;
  return { key, data: { exceptionType: key, isActive: true, ...data, changedBy: null } };
});
