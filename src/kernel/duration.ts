import { Duration } from 'luxon';

/** A hundred years: a due time further off would leave the range of dates. */
const LONGEST_MS = 100 * 366 * 24 * 3_600_000;

/**
 * Milliseconds of an ISO 8601 duration such as `PT72H` or `P3D` (a day counts 24 hours), or null where the text
 * is not a duration, is negative or is longer than a hundred years.
 */
export function parseDuration(text: string): number | null {
  // Luxon reads a bare P or PT as no time at all.
  const duration = Duration.fromISO(/[0-9]/.test(text) ? text : '');
  const ms = duration.isValid ? duration.toMillis() : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 && ms <= LONGEST_MS ? ms : null;
}

/** `3 days`, `1 hour, 30 minutes`, `0 seconds`, for people. */
export function formatDuration(ms: number): string {
  return ms === 0 ? '0 seconds' : Duration.fromMillis(ms).rescale().toHuman();
}
