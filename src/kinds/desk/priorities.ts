/** The published words for how urgent a ticket is, the most urgent first: its place is the core's number, from 1. */
export const PRIORITIES = ['urgent', 'high', 'medium', 'low'] as const;

export type PriorityWord = (typeof PRIORITIES)[number];

export const DEFAULT_PRIORITY = priorityNumber('medium');

export function priorityNumber(word: PriorityWord): number {
  return PRIORITIES.indexOf(word) + 1;
}

/** What the number is called; a ticket without one is of the usual urgency. */
export function priorityWord(number: number | null): PriorityWord {
  return PRIORITIES[(number ?? DEFAULT_PRIORITY) - 1] ?? 'medium';
}
