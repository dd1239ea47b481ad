/** What the next attempt's time depends on. */
export interface FailedAttempt {
  /** When each attempt is due, in milliseconds after the first one. */
  readonly scheduleMs: readonly number[];
  /** How many attempts there have been. */
  readonly attempts: number;
  readonly firstAttemptAt: Date;
  readonly now: Date;
  readonly notBefore?: Date | undefined;
}

/** Nobody may put an attempt off for longer. */
const LONGEST_DELAY_MS = 86_400_000;

/**
 * When a failed attempt is made again, null where that was the last one. An attempt that came late does not press those
 * after it together: where the next one's time has passed, it waits as long as lies between the two in the schedule.
 */
export function nextAttemptAt({
  scheduleMs,
  attempts,
  firstAttemptAt,
  now,
  notBefore,
}: FailedAttempt): Date | null {
  const offset = scheduleMs[attempts];
  if (offset === undefined) return null;
  const planned = firstAttemptAt.getTime() + offset;
  const pause = offset - (scheduleMs[attempts - 1] ?? 0);
  const due = planned > now.getTime() ? planned : now.getTime() + pause;
  const asked = Math.min(notBefore?.getTime() ?? 0, now.getTime() + LONGEST_DELAY_MS);
  return new Date(Math.max(due, asked));
}
