import { describe, expect, it } from 'vitest';
import { addBusinessTime, isOpen } from './business-time.ts';
import { type CalendarDefinition, calendarFaults, readCalendar } from './calendar.ts';
import { explainBusinessTime } from './explain.ts';

const HOUR = 3_600_000;
const office = ['08:00-17:00'];
const weekdays = { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office };
const everyDay = (span: string) => ({ ...Object.fromEntries(DAYS.map((day) => [day, [span]])) });
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

function due(definition: CalendarDefinition, from: string, hours: number): string | undefined {
  return addBusinessTime(readCalendar(definition), new Date(from), hours * HOUR)?.toISOString();
}

describe('business time', () => {
  it.each<[string, CalendarDefinition, string, number, string]>([
    [
      'goes on where the next day opens',
      { timeZone: 'UTC', hours: weekdays },
      '2026-03-02T16:00:00Z',
      2,
      '2026-03-03T09:00:00.000Z',
    ],
    [
      'skips the weekend',
      { timeZone: 'UTC', hours: weekdays },
      '2026-03-06T16:00:00Z',
      2,
      '2026-03-09T09:00:00.000Z',
    ],
    [
      'ends when the business closes, where it is used up just then',
      { timeZone: 'UTC', hours: weekdays },
      '2026-03-06T15:00:00Z',
      2,
      '2026-03-06T17:00:00.000Z',
    ],
    [
      'begins with the next opening',
      { timeZone: 'UTC', hours: weekdays },
      '2026-03-07T12:00:00Z',
      1,
      '2026-03-09T09:00:00.000Z',
    ],
    [
      'skips holidays',
      { timeZone: 'UTC', hours: weekdays, holidays: ['2026-12-25', '2026-12-28'] },
      '2026-12-24T16:00:00Z',
      2,
      '2026-12-29T09:00:00.000Z',
    ],
    [
      'counts the leap day',
      { timeZone: 'UTC', hours: weekdays },
      '2028-02-28T16:00:00Z',
      10,
      '2028-02-29T17:00:00.000Z',
    ],
    [
      'goes by the clock of the zone',
      { timeZone: 'America/New_York', hours: weekdays },
      '2026-01-05T12:00:00Z',
      1,
      '2026-01-05T14:00:00.000Z',
    ],
    [
      'has no hour that the clock skips',
      { timeZone: 'Europe/Madrid', hours: everyDay('01:00-04:00') },
      // 01:00 to 02:00 and 03:00 to 04:00 on that Sunday.
      '2026-03-29T00:00:00Z',
      2.5,
      '2026-03-29T23:30:00.000Z',
    ],
    [
      'has an hour twice that the clock shows twice',
      { timeZone: 'Europe/Madrid', hours: everyDay('02:00-03:00') },
      '2026-10-25T00:00:00Z',
      2,
      '2026-10-25T02:00:00.000Z',
    ],
    [
      'knows changes of half an hour',
      { timeZone: 'Australia/Lord_Howe', hours: everyDay('00:00-24:00') },
      '2026-04-04T13:00:00Z',
      24.5,
      '2026-04-05T13:30:00.000Z',
    ],
    [
      'never ends at midnight where it is always open',
      { timeZone: 'America/New_York', hours: everyDay('00:00-24:00') },
      '2026-03-07T05:00:00Z',
      72,
      '2026-03-10T05:00:00.000Z',
    ],
    [
      'begins a day at one where the clock skips midnight',
      { timeZone: 'America/Sao_Paulo', hours: everyDay('00:00-02:00') },
      // 2018-11-04 began at 01:00.
      '2018-11-04T02:00:00Z',
      1,
      '2018-11-04T04:00:00.000Z',
    ],
    [
      'leaves out a day that a zone left out',
      { timeZone: 'Pacific/Apia', hours: everyDay('09:00-10:00') },
      // After Thursday, 29 December 2011, came Saturday the 31st.
      '2011-12-29T20:00:00Z',
      1,
      '2011-12-30T20:00:00.000Z',
    ],
  ])('%s', (_, definition, from, hours, expected) => {
    expect(due(definition, from, hours)).toBe(expected);
  });

  it('never ends where holidays leave no day open for ten years', () => {
    const holidays = Array.from({ length: 600 }, (_, week) =>
      new Date(Date.UTC(2026, 0, 5 + 7 * week)).toISOString().slice(0, 10),
    );
    expect(due({ timeZone: 'UTC', hours: { monday: office }, holidays }, '2026-01-01T00:00:00Z', 1)).toBe(
      undefined,
    );
  });

  it('belongs to the moment of opening, and no longer to that of closing', () => {
    const calendar = readCalendar({ timeZone: 'UTC', hours: weekdays, holidays: ['2026-03-03'] });
    const open = (text: string) => isOpen(calendar, new Date(text));
    expect(open('2026-03-02T07:59:59.999Z')).toBe(false);
    expect(open('2026-03-02T08:00:00Z')).toBe(true);
    expect(open('2026-03-02T16:59:59.999Z')).toBe(true);
    expect(open('2026-03-02T17:00:00Z')).toBe(false);
    expect(open('2026-03-03T12:00:00Z')).toBe(false);
    expect(open('2026-03-07T12:00:00Z')).toBe(false);
  });
});

describe('the explanation of a due time', () => {
  it('tells what was counted, and what was skipped and why', () => {
    const calendar = readCalendar({ timeZone: 'UTC', hours: weekdays, holidays: ['2026-12-25'] });
    const told = explainBusinessTime(calendar, new Date('2026-12-24T16:00:00Z'), 3 * HOUR);
    const parts = told.stretches.map(({ from, to, as }) => [from.toISOString(), to.toISOString(), as]);
    expect({ ...told, stretches: parts }).toEqual({
      dueAt: new Date('2026-12-28T10:00:00Z'),
      stretches: [
        ['2026-12-24T16:00:00.000Z', '2026-12-24T17:00:00.000Z', 'counted'],
        ['2026-12-24T17:00:00.000Z', '2026-12-25T00:00:00.000Z', 'closed'],
        ['2026-12-25T00:00:00.000Z', '2026-12-26T00:00:00.000Z', 'holiday'],
        ['2026-12-26T00:00:00.000Z', '2026-12-28T08:00:00.000Z', 'closed'],
        ['2026-12-28T08:00:00.000Z', '2026-12-28T10:00:00.000Z', 'counted'],
      ],
      isCut: false,
    });
  });

  it('is one stretch where it is always open', () => {
    const calendar = readCalendar({ timeZone: 'Europe/Madrid', hours: everyDay('00:00-24:00') });
    const from = new Date('2026-03-28T00:00:00Z');
    const told = explainBusinessTime(calendar, from, 72 * HOUR);
    expect(told.stretches).toEqual([{ from, to: told.dueAt, as: 'counted' }]);
  });

  it('has so many stretches at most, and says so', () => {
    const calendar = readCalendar({ timeZone: 'UTC', hours: weekdays });
    const told = explainBusinessTime(calendar, new Date('2026-01-01T00:00:00Z'), 5_000 * HOUR);
    expect([told.stretches.length, told.isCut]).toEqual([500, true]);
  });
});

describe('a calendar', () => {
  it.each<[CalendarDefinition, string[]]>([
    [{ timeZone: 'UTC', hours: {} }, ['/hours']],
    [{ timeZone: 'UTC', hours: { monday: [] } }, ['/hours']],
    [{ timeZone: 'Mars/Olympus', hours: weekdays }, ['/timeZone']],
    [
      {
        timeZone: 'UTC',
        hours: { monday: ['09:00-08:00', '25:00-26:00', '08:00-24:01', '08:00-08:00', '8-9'] },
      },
      [0, 1, 2, 3, 4].map((index) => `/hours/monday/${index}`),
    ],
    [
      { timeZone: 'UTC', hours: weekdays, holidays: ['2026-02-28', '2026-02-29', '2026-13-01', 'Easter'] },
      ['/holidays/1', '/holidays/2', '/holidays/3'],
    ],
    [{ timeZone: 'UTC', hours: { sunday: ['00:00-24:00'] }, holidays: ['2028-02-29'] }, []],
  ])('%j has faults at %j', (definition, pointers) => {
    expect(calendarFaults(definition).map(({ pointer }) => pointer)).toEqual(pointers);
    if (pointers.length > 0) expect(() => readCalendar(definition)).toThrow(pointers[0]);
  });
});
