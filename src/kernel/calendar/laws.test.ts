import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { describe, expect, it } from 'vitest';
import { addBusinessTime, isOpen } from './business-time.ts';
import { type BusinessCalendar, type CalendarDefinition, readCalendar, WEEKDAYS } from './calendar.ts';
import { explainBusinessTime } from './explain.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

const timeZone = fc.constantFrom('Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const span = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .filter(([from, to]) => from < to)
  .map(([from, to]) => `${clock(from)}-${clock(to)}`);
const hours = fc
  .tuple(...WEEKDAYS.map(() => fc.array(span, { maxLength: 3 })))
  .filter((week) => week.some((spans) => spans.length > 0))
  .map((week) => Object.fromEntries(WEEKDAYS.map((day, index) => [day, week[index] as string[]])));
/** Days on which clocks change in 2026 and 2027, a leap day, the turn of a year. */
const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
  '2028-02-29',
];
const near = fc
  .tuple(fc.constantFrom(...CHANGES, '2027-01-01'), fc.integer({ min: -3 * 1440, max: 2 * 1440 }))
  .map(([date, minutes]) => new Date(Date.parse(date) + minutes * MINUTE));
const holidays = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3, max: 3 }))
    .map(([date, days]) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)),
  { maxLength: 8 },
);
const definition: fc.Arbitrary<CalendarDefinition> = fc.record({ timeZone, hours, holidays });
const minutes = fc.integer({ min: 0, max: 20 * 60 });

/** Asks the wall clock, minute by minute. */
function slowlyOpen({ timeZone: zone, hours: week, holidays: closed = [] }: CalendarDefinition, ms: number) {
  const local = new Date(ms + IANAZone.create(zone).offset(ms) * MINUTE);
  const date = local.toISOString().slice(0, 10);
  const time = local.toISOString().slice(11, 16);
  const weekday = WEEKDAYS[(local.getUTCDay() + 6) % 7] as (typeof WEEKDAYS)[number];
  if (closed.includes(date)) return false;
  return (week[weekday] ?? []).some((text) => {
    const [from = '', to = ''] = text.split('-');
    return from <= time && time < to;
  });
}

/** Null where the search would be long; then there is nothing to compare with. */
function slowlyAdd(calendar: CalendarDefinition, from: Date, wanted: number): number | null {
  let left = wanted;
  const end = from.getTime() + 10 * DAY;
  for (let ms = from.getTime(); ms < end; ms += MINUTE) {
    if (left === 0) return ms;
    if (slowlyOpen(calendar, ms)) left -= 1;
  }
  return null;
}

const add = (calendar: BusinessCalendar, from: Date, length: number) =>
  addBusinessTime(calendar, from, length);

describe('business time', () => {
  it('agrees with a wall clock that is asked minute by minute', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(definition, near, minutes, (data, from, length) => {
        const calendar = readCalendar(data);
        expect(isOpen(calendar, from)).toBe(slowlyOpen(data, from.getTime()));
        const slow = slowlyAdd(data, from, length);
        if (slow !== null) expect(add(calendar, from, length * MINUTE)?.getTime()).toBe(slow);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up: a delay and then another one are both of them at once', () => {
    fc.assert(
      fc.property(definition, near, minutes, minutes, (data, from, first, second) => {
        const calendar = readCalendar(data);
        const between = add(calendar, from, first * MINUTE);
        if (between === null) return;
        expect(add(calendar, between, second * MINUTE)).toEqual(
          add(calendar, from, (first + second) * MINUTE),
        );
      }),
    );
  });

  it('never goes back: what begins later or lasts longer does not end earlier', () => {
    fc.assert(
      fc.property(definition, near, minutes, minutes, minutes, (data, from, length, more, later) => {
        const calendar = readCalendar(data);
        const end = add(calendar, from, length * MINUTE);
        const longer = add(calendar, from, (length + more) * MINUTE);
        const afterwards = add(calendar, new Date(from.getTime() + later * MINUTE), length * MINUTE);
        if (!end || !longer || !afterwards) return;
        expect(end.getTime()).toBeGreaterThanOrEqual(from.getTime() + length * MINUTE);
        expect(longer.getTime()).toBeGreaterThanOrEqual(end.getTime());
        expect(afterwards.getTime()).toBeGreaterThanOrEqual(end.getTime());
      }),
    );
  });

  it('is explained by stretches without gaps whose counted part is the delay', () => {
    fc.assert(
      fc.property(definition, near, minutes, (data, from, length) => {
        const { dueAt, stretches, isCut } = explainBusinessTime(readCalendar(data), from, length * MINUTE);
        if (!dueAt || isCut) return;
        let at = from.getTime();
        let counted = 0;
        for (const [index, stretch] of stretches.entries()) {
          expect(stretch.from.getTime()).toBe(at);
          expect(stretch.as).not.toBe(stretches[index - 1]?.as);
          at = stretch.to.getTime();
          if (stretch.as === 'counted') counted += at - stretch.from.getTime();
        }
        expect([at, counted]).toEqual([dueAt.getTime(), length * MINUTE]);
      }),
    );
  });

  it('is time itself where it is always open', () => {
    const always = Object.fromEntries(WEEKDAYS.map((day) => [day, ['00:00-24:00']]));
    fc.assert(
      fc.property(timeZone, near, minutes, (zone, from, length) => {
        const calendar = readCalendar({ timeZone: zone, hours: always });
        expect(add(calendar, from, length * MINUTE)?.getTime()).toBe(from.getTime() + length * MINUTE);
      }),
    );
  });
});
