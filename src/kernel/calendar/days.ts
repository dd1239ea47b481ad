import type { Zone } from 'luxon';
import type { Span } from './calendar.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** No zone is further from UTC. */
const FURTHEST_MS = 16 * 60 * MINUTE_MS;
/** Days that are remembered at most; a day costs microseconds to find, and much less to remember. */
const REMEMBERED = 5_000;

/** One day of the local calendar. Moments are milliseconds since the epoch. */
export interface Day {
  /** Days since 1970-01-01. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly isHoliday: boolean;
  /** When it is open, in order; the end does not belong to a span. */
  readonly open: readonly Span[];
}

export interface Days {
  /** The day that the local calendar shows at a moment. */
  at(ms: number): Day;
  day(number: number): Day;
}

/**
 * @param week the open spans of Monday to Sunday, in milliseconds of the local clock
 * @param holidays days since 1970-01-01
 */
export function daysOf(zone: Zone, week: readonly (readonly Span[])[], holidays: ReadonlySet<number>): Days {
  const known = new Map<number, Day>();
  const offset = (ms: number) => Math.round(zone.offset(ms) * MINUTE_MS);

  function day(number: number): Day {
    const found = known.get(number);
    if (found) return found;
    const start = startOf(number, offset);
    const end = startOf(number + 1, offset);
    const isHoliday = holidays.has(number);
    // 1970-01-01 was a Thursday.
    const spans = isHoliday ? [] : (week[(((number + 3) % 7) + 7) % 7] ?? []);
    const open = openSpans(number * DAY_MS, start, end, spans, offset);
    if (known.size >= REMEMBERED) known.clear();
    const made = { number, start, end, isHoliday, open };
    known.set(number, made);
    return made;
  }

  return {
    day,
    at(ms) {
      let number = Math.floor((ms + offset(ms)) / DAY_MS);
      // An hour that the clock shows twice around midnight belongs to the day that has begun.
      while (day(number).start > ms) number -= 1;
      while (day(number).end <= ms) number += 1;
      return day(number);
    },
  };
}

type Offset = (ms: number) => number;

/** The first moment at which the local clock has reached the day. */
function startOf(number: number, offset: Offset): number {
  const local = number * DAY_MS;
  const before = offset(local - FURTHEST_MS);
  const after = offset(local + FURTHEST_MS);
  if (before === after) return local - before;
  for (const candidate of [before, after]) {
    if (offset(local - candidate) === candidate) return local - candidate;
  }
  // The clock skips midnight.
  return changeBetween(local - FURTHEST_MS, local + FURTHEST_MS, offset);
}

/** The moment between two others at which the clock is put forward or back; a zone does it at most once in a day. */
function changeBetween(from: number, to: number, offset: Offset): number {
  const before = offset(from);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The moments of a day at which the local clock shows a time within the spans. */
function openSpans(
  local: number,
  start: number,
  end: number,
  spans: readonly Span[],
  offset: Offset,
): Span[] {
  if (spans.length === 0 || start >= end) return [];
  const change = offset(start) === offset(end - 1) ? end : changeBetween(start, end - 1, offset);
  const open: Span[] = [];
  for (const [partStart, partEnd] of [
    [start, change],
    [change, end],
  ] as const) {
    const ahead = offset(partStart);
    for (const span of partStart < partEnd ? spans : []) {
      const from = Math.max(local + span.from - ahead, partStart);
      const to = Math.min(local + span.to - ahead, partEnd);
      if (from >= to) continue;
      const last = open.at(-1);
      if (last?.to === from) open[open.length - 1] = { from: last.from, to };
      else open.push({ from, to });
    }
  }
  return open;
}
