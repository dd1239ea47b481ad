/** The statuses of a ticket in Zendesk. */
export const ZENDESK_STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const;
export type ZendeskStatus = (typeof ZENDESK_STATUSES)[number];

/** The words for how urgent a ticket is in Zendesk, the most urgent first. */
const ZENDESK_PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const;
export type ZendeskPriority = (typeof ZENDESK_PRIORITIES)[number];

/** Words of the product's own desk that are others in Zendesk. */
const STATUS_WORDS: Readonly<Record<string, ZendeskStatus>> = { holding: 'hold' };

/** A status as Zendesk spells it: exceptions speak of either help desk in these words. */
export function zendeskStatus(status: string): string {
  return STATUS_WORDS[status] ?? status;
}

/** @param priority the core's number, from 1; what is beyond the least urgent is that one */
export function zendeskPriority(priority: number | null): ZendeskPriority {
  if (priority === null) return 'normal';
  return ZENDESK_PRIORITIES[Math.max(priority, 1) - 1] ?? 'low';
}
