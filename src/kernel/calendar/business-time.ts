import type { BusinessCalendar } from './calendar.ts';
import type { Day } from './days.ts';

/** A calendar that is not open within so many days, or a delay that needs more of them, is never due. */
const MOST_DAYS = 3_660;

/** Whether the business is open at a moment. The moment at which it closes no longer belongs to it. */
export function isOpen({ days }: BusinessCalendar, at: Date): boolean {
  const ms = at.getTime();
  return days.at(ms).open.some(({ from, to }) => from <= ms && ms < to);
}

/**
 * The moment at which so much open time has passed. A delay that is used up just when the business closes ends then, and
 * not when it opens again; no delay at all ends where it begins.
 * @param ms milliseconds of open time, from 0 on
 * @returns null where that takes more than ten years
 */
export function addBusinessTime(calendar: BusinessCalendar, from: Date, ms: number): Date | null {
  if (ms <= 0) return from;
  let left = ms;
  for (const { from: start, to } of openFrom(calendar, from)) {
    if (to - start >= left) return new Date(start + left);
    left -= to - start;
  }
  return null;
}

/** The spans at which it is open from a moment on, for ten years. */
function* openFrom(calendar: BusinessCalendar, from: Date): Generator<{ from: number; to: number }> {
  const moment = from.getTime();
  for (const { open } of daysFrom(calendar, from)) {
    for (const span of open) {
      if (span.to > moment) yield { from: Math.max(span.from, moment), to: span.to };
    }
  }
}

/** The days from a moment on, for ten years. */
export function* daysFrom({ days }: BusinessCalendar, from: Date): Generator<Day> {
  const first = days.at(from.getTime()).number;
  for (let number = first; number < first + MOST_DAYS; number += 1) yield days.day(number);
}
