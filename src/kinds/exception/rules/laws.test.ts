import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../../kernel/calendar/calendar.ts';
import type { WorkItem } from '../work-item.ts';
import { pendingTriggers, settledTypes } from './evaluate.ts';
import { randomEvents } from './fixture/random-events.ts';
import { replay } from './replay.ts';
import { toRule } from './rule.ts';
import { SHIPPED_RULES } from './shipped.ts';
import { marksAnew, takeIn } from './take-in.ts';

const rules = SHIPPED_RULES.map((entry) => toRule(entry, `TYPE_${entry.key}`));
const office = ['08:00-18:00'];
const calendar = readCalendar({
  timeZone: 'UTC',
  hours: { monday: office, tuesday: office, wednesday: office },
});

const events = randomEvents([1], 12);
const mixed = events.chain((list) =>
  fc.record({
    list: fc.constant(list),
    // Some come twice.
    again: fc.shuffledSubarray([...list, ...list], { minLength: list.length, maxLength: 2 * list.length }),
  }),
);

function whenAllCame(list: Parameters<typeof takeIn>[1][]): WorkItem | null {
  let item: WorkItem | null = null;
  for (const event of list) item = takeIn(item, event, rules);
  return item;
}

describe('a work item', () => {
  it('is the same whatever the order in which its events come, and how often', () => {
    fc.assert(
      fc.property(mixed, ({ list, again }) => {
        const inOrder = whenAllCame(list);
        const inAnyOrder = whenAllCame([...again, ...list.filter((event) => !again.includes(event))]);
        expect(inAnyOrder).toEqual(inOrder);
      }),
      { numRuns: 300 },
    );
  });

  it('has the marks of rules that come later as if they had been there all along', () => {
    fc.assert(
      fc.property(events, (list) => {
        const item = whenAllCame(list) as WorkItem;
        expect(marksAnew({ ...item, rules: {} }, list, rules)).toEqual(item);
      }),
    );
  });

  it('waits for no check of a rule that it has settled, and for one check of a rule at most', () => {
    fc.assert(
      fc.property(events, (list) => {
        const item = whenAllCame(list) as WorkItem;
        const pending = pendingTriggers(item, rules, calendar).map(({ rule }) => rule.key);
        expect(new Set(pending).size).toBe(pending.length);
        expect(settledTypes(item, rules).size).toBe(0);
      }),
    );
  });
});

describe('a replay', () => {
  it('has one exception of a rule open at a time, each opened after its arming and settled after that', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(...rules), (list, rule) => {
        const episodes = replay(list, rule, calendar, new Date('2026-04-01T00:00:00Z'));
        for (const [index, { armedAt, openedAt, settledAt }] of episodes.entries()) {
          expect(openedAt.getTime()).toBeGreaterThanOrEqual(armedAt.getTime());
          if (settledAt) expect(settledAt.getTime()).toBeGreaterThanOrEqual(openedAt.getTime());
          const next = episodes[index + 1];
          if (next) expect(next.openedAt.getTime()).toBeGreaterThanOrEqual(settledAt?.getTime() ?? Infinity);
        }
      }),
    );
  });

  it('does not depend on the order in which the events are given', () => {
    fc.assert(
      fc.property(mixed, fc.constantFrom(...rules), ({ list }, rule) => {
        const until = new Date('2026-04-01T00:00:00Z');
        expect(replay([...list].reverse(), rule, calendar, until)).toEqual(
          replay(list, rule, calendar, until),
        );
      }),
    );
  });
});
