import { IANAZone } from 'luxon';
import type { FieldError } from '../errors.ts';
import { type Days, daysOf } from './days.ts';

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** When a business is open, as data. */
export interface CalendarDefinition {
  /** An IANA name, such as `Europe/Madrid`. */
  readonly timeZone: string;
  /** By weekday a list of spans such as `08:00-17:30`; `24:00` is the end of the day. A day without any is closed. */
  readonly hours: Readonly<Partial<Record<Weekday, readonly string[]>>>;
  /** Days on which it is closed, `2026-12-25`. */
  readonly holidays?: readonly string[];
}

/** A span of a day in milliseconds of the local clock, counted from midnight; the end does not belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A business calendar that can be asked. It is open at a moment when the clock on the wall, in its zone, shows a time
 * within the hours of a day that is no holiday. So an hour that the clock skips is no time at all, and one that it shows
 * twice counts twice.
 */
export interface BusinessCalendar {
  readonly definition: CalendarDefinition;
  readonly days: Days;
}

const SPAN = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A calendar that is never open is refused: nothing that waits for it would ever be due. */
export function calendarFaults({ timeZone, hours, holidays = [] }: CalendarDefinition): FieldError[] {
  const faults: FieldError[] = [];
  if (!IANAZone.isValidZone(timeZone)) {
    faults.push({ pointer: '/timeZone', message: 'must be a time zone such as Europe/Madrid' });
  }
  for (const day of WEEKDAYS) {
    for (const [index, text] of (hours[day] ?? []).entries()) {
      if (readSpan(text)) continue;
      const message = 'must be a span such as 08:00-17:30 that ends after it begins, at 24:00 at the latest';
      faults.push({ pointer: `/hours/${day}/${index}`, message });
    }
  }
  if (faults.length === 0 && WEEKDAYS.every((day) => (hours[day] ?? []).length === 0)) {
    faults.push({ pointer: '/hours', message: 'must have at least one span: it would never be open' });
  }
  for (const [index, date] of holidays.entries()) {
    if (!isDate(date)) faults.push({ pointer: `/holidays/${index}`, message: 'must be a date: 2026-12-25' });
  }
  return faults;
}

/**
 * Makes a calendar that can be asked.
 * @throws where the definition has faults
 */
export function readCalendar(definition: CalendarDefinition): BusinessCalendar {
  const [fault] = calendarFaults(definition);
  if (fault) throw new Error(`The calendar cannot be used: ${fault.pointer} ${fault.message}`);
  const { timeZone, hours, holidays = [] } = definition;
  const week = WEEKDAYS.map((day) => joined((hours[day] ?? []).flatMap((text) => readSpan(text) ?? [])));
  const closed = new Set(holidays.map((date) => Date.parse(date) / DAY_MS));
  return { definition, days: daysOf(IANAZone.create(timeZone), week, closed) };
}

function readSpan(text: string): Span | null {
  const [, fromHour, fromMinute, toHour, toMinute] = SPAN.exec(text) ?? [];
  const from = (Number(fromHour) * 60 + Number(fromMinute)) * MINUTE_MS;
  const to = (Number(toHour) * 60 + Number(toMinute)) * MINUTE_MS;
  return from < to && to <= DAY_MS ? { from, to } : null;
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

/** In their order, with those that touch or overlap made one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) result[result.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}
