import type { Ticket } from '../../../core/ticket.ts';
import { type ExceptionFields, fieldsOf } from '../fields.ts';

/** An exception as a help desk has to know it. */
export interface HelpDeskMatter {
  readonly key: string;
  readonly title: string;
  readonly priority: number | null;
  readonly fields: ExceptionFields;
}

export function matterOf(ticket: Pick<Ticket, 'key' | 'title' | 'priority' | 'fields'>): HelpDeskMatter {
  const { key, title, priority } = ticket;
  return { key, title, priority, fields: fieldsOf(ticket) };
}

/** What whoever looks after it reads first: what is missing, what to do about it, and where it belongs. */
export function describe({ key, fields }: HelpDeskMatter): string {
  const { comment, callToAction, typeName, authorizationNumber, serviceProviderName } = fields;
  const provider = serviceProviderName === null ? '' : `, ${serviceProviderName}`;
  return [
    comment,
    callToAction,
    `Work item ${authorizationNumber}${provider}. Exception ${key}, ${typeName}.`,
  ]
    .filter((part) => part !== null && part.trim() !== '')
    .join('\n\n');
}

/** What is written there when the work item's own events have settled the matter. */
export const SETTLED_COMMENT =
  "The work item's own events have settled this exception: nothing is left to do.";
