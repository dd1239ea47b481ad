import { Duration } from 'luxon';

/**
 * Milliseconds of an ISO 8601 duration such as `PT72H` or `P3D` (a day counts 24 hours), or null where the text
 * is not a duration or is negative.
 */
export function parseDuration(text: string): number | null {
  const duration = Duration.fromISO(text);
  const ms = duration.isValid ? duration.toMillis() : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

/** `72 hours`, `3 days`, for people. */
export function formatDuration(ms: number): string {
  return Duration.fromMillis(ms).rescale().toHuman();
}
