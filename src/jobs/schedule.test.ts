import { expect, it } from 'vitest';
import { nextAttemptAt } from './schedule.ts';

const at = (ms: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + ms);
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const scheduleMs = [0, 5 * second, 5 * minute, 30 * minute, 2 * hour];

/** Milliseconds from the first attempt to the next one. */
function next(attempts: number, nowMs: number, notBeforeMs?: number): number | null {
  const found = nextAttemptAt({
    scheduleMs,
    attempts,
    firstAttemptAt: at(0),
    now: at(nowMs),
    notBefore: notBeforeMs === undefined ? undefined : at(notBeforeMs),
  });
  return found && found.getTime() - at(0).getTime();
}

it('attempts come at the times of the schedule, however long each one took', () => {
  expect([next(1, 0), next(1, 4_999)]).toEqual([5 * second, 5 * second]);
  expect(next(2, 15 * second)).toBe(5 * minute);
  expect(next(4, 30 * minute + 1)).toBe(2 * hour);
  expect(next(5, 2 * hour)).toBeNull();
});

it('an attempt that came late does not press those after it together', () => {
  expect(next(1, 9 * second)).toBe(14 * second);
  expect(next(3, 3 * hour)).toBe(3 * hour + 25 * minute);
});

it('no attempt comes before the other side wants it, but a day later at the latest', () => {
  expect(next(1, 0, 60 * second)).toBe(60 * second);
  expect(next(2, 6 * second, 60 * second)).toBe(5 * minute);
  expect(next(2, 6 * second, 100 * hour)).toBe(24 * hour + 6 * second);
});
