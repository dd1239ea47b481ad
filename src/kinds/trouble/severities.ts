/** What OSS/J's priorities are called elsewhere, by number less one. */
const SEVERITIES = ['Critical', 'Major', 'Minor'] as const;
const PRIORITIES = ['High', 'Medium', 'Low'] as const;

const USUAL = 2;

const NUMBERS: Readonly<Record<string, number>> = {
  critical: 1,
  urgent: 1,
  high: 1,
  major: 2,
  medium: 2,
  normal: 2,
  minor: 3,
  low: 3,
  1: 1,
  2: 2,
  3: 3,
};

/** The priority, 1 to 3, that a client's words for priority and severity stand for; 2 where they say nothing known. */
export function priorityOf(priority: string | null | undefined, severity: string | undefined): number {
  return numberOf(priority) ?? numberOf(severity) ?? USUAL;
}

function numberOf(word: string | null | undefined): number | null {
  const key = (word ?? '').trim().toLowerCase();
  return Object.hasOwn(NUMBERS, key) ? (NUMBERS[key] ?? null) : null;
}

/** The severity of a ticket that was opened without one. */
export function severityName(priority: number | null): string {
  return SEVERITIES[(priority ?? 3) - 1] ?? 'Minor';
}

/** The priority that severity names stand for, null where no ticket without a severity of its own has that name. */
export function numberOfSeverity(name: string): number | null {
  const index = (SEVERITIES as readonly string[]).indexOf(name);
  return index === -1 ? null : index + 1;
}

/** A priority in words. */
export function priorityName(priority: number | null): string {
  return PRIORITIES[(priority ?? 3) - 1] ?? 'Low';
}

/** The same the other way round. */
export function numberOfPriority(name: string): number | null {
  const index = (PRIORITIES as readonly string[]).indexOf(name);
  return index === -1 ? null : index + 1;
}
