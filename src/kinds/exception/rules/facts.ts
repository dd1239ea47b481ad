import type { EventType, WorkItemEvent } from '../events.ts';
import type { FactValue } from '../work-item.ts';

export type FactType = 'text' | 'number' | 'flag' | 'moment';

/** What may be known of a work item. Rules name these. */
export const FACTS = {
  requestType: { type: 'number', label: 'Request type' },
  serviceProviderId: { type: 'number', label: 'Service provider' },
  serviceProviderName: { type: 'text', label: 'Name of the service provider' },
  openedAt: { type: 'moment', label: 'When the work item was opened' },
  priority: { type: 'number', label: 'Priority; 1 is an emergency' },
  status: { type: 'text', label: 'Status' },
  statusAt: { type: 'moment', label: 'When the status was told last' },
  team: { type: 'text', label: 'Team' },
  etaAt: { type: 'moment', label: 'Expected arrival' },
  customerNotified: { type: 'flag', label: 'Whether the customer has been told' },
  customerUnreachedAt: { type: 'moment', label: 'When the customer could not be told' },
  bidStatus: { type: 'text', label: 'Status of the bid' },
  bidChangedAt: { type: 'moment', label: 'When the bid changed' },
  bidAmount: { type: 'number', label: 'Amount of the bid' },
  bidTalkedAt: { type: 'moment', label: 'When somebody wrote about the bid' },
  invoiceAttached: { type: 'flag', label: 'Whether the invoice is attached' },
  extensionStatus: { type: 'text', label: 'Status of the not-to-exceed extension' },
  extensionChangedAt: { type: 'moment', label: 'When the extension changed' },
  extensionAmount: { type: 'number', label: 'Amount of the extension' },
  projectAuthorizedAt: { type: 'moment', label: 'When the project was authorised' },
  isComplex: { type: 'flag', label: 'Whether the project is complex' },
} as const satisfies Record<string, { type: FactType; label: string }>;

export type FactName = keyof typeof FACTS;

export function isFact(name: string): name is FactName {
  return Object.hasOwn(FACTS, name);
}

type Told = Partial<Record<FactName, FactValue>>;
type Teller = (data: Readonly<Record<string, unknown>>, at: string) => Told;

/** The facts that every event may tell by its envelope. */
const ENVELOPE = ['requestType', 'serviceProviderId', 'serviceProviderName'] as const satisfies FactName[];

/** The facts that an event of each type may tell beside those of its envelope. */
const TOLD_BY = {
  NewWorkItem: ['openedAt', 'priority', 'status', 'statusAt', 'team', 'etaAt'],
  PriorityChange: ['priority'],
  StatusEvent: ['status', 'statusAt', 'etaAt', 'customerNotified'],
  BidConversationAdded: ['bidTalkedAt'],
  BidStatusChanged: ['bidStatus', 'bidChangedAt'],
  BidModification: ['bidAmount', 'bidChangedAt'],
  AttachmentUpdated: ['invoiceAttached'],
  NotToExceedExtensionCreated: ['extensionStatus', 'extensionChangedAt', 'extensionAmount'],
  NotToExceedExtensionApproved: ['extensionStatus', 'extensionChangedAt', 'extensionAmount'],
  NotToExceedExtensionDeclined: ['extensionStatus', 'extensionChangedAt'],
  ProjectAuthorized: ['projectAuthorizedAt'],
  ProjectComplexityFlagChanged: ['isComplex'],
  UnableToNotifyCustomerOfTicketUpdate: ['customerUnreachedAt', 'customerNotified'],
} as const satisfies Record<EventType, readonly FactName[]>;

const value = (given: unknown) => given as FactValue | undefined;
const extension = (status: string): Teller => {
  return ({ amount }, at) => ({
    extensionStatus: status,
    extensionChangedAt: at,
    extensionAmount: value(amount),
  });
};

const TELLERS: Readonly<Record<EventType, Teller>> = {
  NewWorkItem: ({ priority, status, team, etaAt }, at) => ({
    openedAt: at,
    priority: value(priority),
    status: value(status) ?? 'new',
    statusAt: at,
    team: value(team),
    etaAt: value(etaAt),
  }),
  PriorityChange: ({ priority }) => ({ priority: value(priority) }),
  StatusEvent: ({ status, etaAt, customerNotified }, at) => ({
    status: value(status),
    statusAt: at,
    etaAt: value(etaAt),
    customerNotified: value(customerNotified),
  }),
  BidConversationAdded: (_, at) => ({ bidTalkedAt: at }),
  BidStatusChanged: ({ status }, at) => ({ bidStatus: value(status), bidChangedAt: at }),
  BidModification: ({ amount }, at) => ({ bidAmount: value(amount), bidChangedAt: at }),
  AttachmentUpdated: ({ attachmentType, present }) =>
    attachmentType === 'invoice' ? { invoiceAttached: value(present) ?? true } : {},
  NotToExceedExtensionCreated: extension('pending'),
  NotToExceedExtensionApproved: extension('approved'),
  NotToExceedExtensionDeclined: extension('declined'),
  ProjectAuthorized: (_, at) => ({ projectAuthorizedAt: at }),
  ProjectComplexityFlagChanged: ({ isComplex }) => ({ isComplex: value(isComplex) }),
  UnableToNotifyCustomerOfTicketUpdate: (_, at) => ({ customerUnreachedAt: at, customerNotified: false }),
};

/** What one event tells; a fact that it does not speak of is left out, null stands for one that it says is not known. */
export function factsTold(event: WorkItemEvent): ReadonlyMap<FactName, FactValue> {
  const told = TELLERS[event.type](event.data, new Date(event.occurredAt).toISOString());
  const facts = new Map<FactName, FactValue>();
  for (const name of ENVELOPE) {
    const given = event[name];
    if (given !== undefined) facts.set(name, given);
  }
  for (const [name, given] of Object.entries(told)) {
    if (given !== undefined) facts.set(name as FactName, given);
  }
  return facts;
}

/** The facts that an event of this type can tell. */
export function tellable(type: EventType): readonly FactName[] {
  return [...ENVELOPE, ...TOLD_BY[type]];
}
