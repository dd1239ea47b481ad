import { describe, expect, it } from 'vitest';
import { catalogueOf, type Entry } from '../../core/collection.ts';
import { readCalendar } from '../../kernel/calendar/calendar.ts';
import { findCallToAction, templateFor } from './call-to-action.ts';
import { CALL_TO_ACTIONS, type CallToAction } from './collections.ts';
import { shiftOf } from './shifts.ts';

const calendar = readCalendar({
  timeZone: 'Europe/Madrid',
  hours: { monday: ['09:00-14:00', '16:00-19:00'], tuesday: ['09:00-24:00'], wednesday: ['00:00-02:00'] },
  holidays: ['2026-03-09'],
});

describe('who is on duty', () => {
  it.each([
    ['2026-03-02T07:59:59Z', 'afterHours'],
    ['2026-03-02T08:00:00Z', 'dayside'],
    ['2026-03-02T12:59:59Z', 'dayside'],
    ['2026-03-02T13:00:00Z', 'afterHours'],
    ['2026-03-02T15:00:00Z', 'dayside'],
    ['2026-03-03T22:59:59Z', 'dayside'],
    ['2026-03-03T23:00:00Z', 'dayside'],
    ['2026-03-04T01:00:00Z', 'afterHours'],
    ['2026-03-09T08:00:00Z', 'afterHours'],
    ['2026-07-06T07:00:00Z', 'dayside'],
    ['2026-03-07T10:00:00Z', 'afterHours'],
  ])('at %s: %s', (at, shift) => {
    expect(shiftOf(null, calendar, new Date(at))).toBe(shift);
    expect(shiftOf('northgate', calendar, new Date(at))).toBe(shift);
    expect(shiftOf('westpark', calendar, new Date(at))).toBe('westpark');
    expect(shiftOf('Westpark', calendar, new Date(at))).toBe('westpark');
  });
});

describe('a call to action', () => {
  const action = (key: string, more: Partial<CallToAction>): Entry => ({
    collection: CALL_TO_ACTIONS,
    key,
    data: { exceptionTypeIdentifier: 'ETA_MISSING', templateForDayside: key, ...more },
    version: 1,
    createdAt: null,
    updatedAt: null,
  });
  const find = (entries: Entry[], type: string, requestType: number | null) =>
    findCallToAction(catalogueOf(new Map([[CALL_TO_ACTIONS, entries]])), type, requestType)
      ?.templateForDayside ?? null;

  it('is of the type and of the request type', () => {
    const entries = [
      action('1', { tbsWorkItemRequestType: 1, priority: 5 }),
      action('2', { tbsWorkItemRequestType: 2, priority: 1 }),
      action('3', { exceptionTypeIdentifier: 'OTHER', tbsWorkItemRequestType: 1, priority: 0 }),
    ];
    expect(find(entries, 'ETA_MISSING', 1)).toBe('1');
    expect(find(entries, 'ETA_MISSING', 2)).toBe('2');
    expect(find(entries, 'ETA_MISSING', 3)).toBeNull();
    expect(find(entries, 'ETA_MISSING', null)).toBeNull();
    expect(find(entries, 'eta_missing', 1)).toBeNull();
  });

  it('with the lowest priority number comes first; of the same, the one for just this request type', () => {
    const forAny = action('1', { tbsWorkItemRequestType: null, priority: 5 });
    const forOne = (priority: number) => action('2', { tbsWorkItemRequestType: 1, priority });
    expect(find([forAny, forOne(6)], 'ETA_MISSING', 1)).toBe('1');
    expect(find([forAny, forOne(5)], 'ETA_MISSING', 1)).toBe('2');
    expect(find([forAny, forOne(4)], 'ETA_MISSING', 1)).toBe('2');
    expect(find([forAny, forOne(4)], 'ETA_MISSING', null)).toBe('1');
  });

  it('has a text for each shift, or none', () => {
    const texts: CallToAction = {
      exceptionTypeIdentifier: 'X',
      templateForDayside: 'day',
      templateForAfterHours: 'night',
      templateForWestpark: '',
    };
    expect(templateFor(texts, 'dayside')).toBe('day');
    expect(templateFor(texts, 'afterHours')).toBe('night');
    expect(templateFor(texts, 'westpark')).toBeNull();
  });
});
