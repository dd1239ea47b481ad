import type { Ticket } from '../../core/ticket.ts';

/** Which of a call to action's texts is for those on duty. */
export type Shift = 'dayside' | 'afterHours' | 'westpark';

/** Where an exception is looked after. */
export type HelpDeskSystem = 'zendesk' | 'desk';

/** What the help desk has reported once, so that the same report is not taken in twice. */
export interface HelpDeskReport {
  /** Tells its content from others. */
  readonly mark: string;
  /** When it was sent, as far as that is known for sure; ISO 8601. */
  readonly sentAt: string | null;
}

/** What is known of the ticket that an exception has in the help desk. */
export interface HelpDeskState {
  readonly system: HelpDeskSystem;
  /** True from the help desk's first answer on. */
  readonly answered: boolean;
  /** The number of the ticket there. */
  readonly reference: string | null;
  /** As the help desk spells it. */
  readonly status: string | null;
  /** Why the help desk could not be reached for good. */
  readonly fault: string | null;
  /** The last reports that came, newest first; absent before the first. */
  readonly reports?: readonly HelpDeskReport[];
}

/** A name that the exception has elsewhere. */
export interface ExternalReference {
  readonly domain: string;
  readonly type: string;
  readonly identifier: string;
}

/** The fields that only an exception has. */
export interface ExceptionFields {
  /** The key of the exception type. */
  readonly type: string;
  /** The identifier that the type had when the exception was opened, such as ETA_MISSING. */
  readonly typeName: string;
  /** The key of the rule. */
  readonly rule: string;
  /** The number of the work item. */
  readonly authorizationNumber: number;
  readonly requestType: number | null;
  readonly serviceProviderId: number | null;
  readonly serviceProviderName: string | null;
  readonly comment: string;
  readonly shift: Shift;
  /** The text for the shift that was on duty, null where there is none for this type. */
  readonly callToAction: string | null;
  /** Whether the work item's own events have settled it. */
  readonly settled: boolean;
  readonly helpDesk: HelpDeskState;
  readonly references: readonly ExternalReference[];
}

export function fieldsOf(ticket: Pick<Ticket, 'fields'>): ExceptionFields {
  return ticket.fields as unknown as ExceptionFields;
}

/** What at most one open exception holds. */
export function uniqueKeyOf({
  type,
  authorizationNumber,
}: Pick<ExceptionFields, 'type' | 'authorizationNumber'>): string {
  return `${type} ${authorizationNumber}`;
}
