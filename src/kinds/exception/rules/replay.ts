import type { BusinessCalendar } from '../../../kernel/calendar/calendar.ts';
import type { WorkItemEvent } from '../events.ts';
import { compareMarks, type WorkItem } from '../work-item.ts';
import { check, fired, pendingTriggers, settledTypes } from './evaluate.ts';
import type { Rule } from './rule.ts';
import { takeIn } from './take-in.ts';

/** An exception that a rule opens in a history, and when the work item settles it. */
export interface Episode {
  readonly openedAt: Date;
  /** The event that armed the rule. */
  readonly armedBy: string;
  readonly armedAt: Date;
  readonly settledAt: Date | null;
  /** The event that settled it. */
  readonly settledBy: string | null;
}

/**
 * What a rule makes of a work item's history, as if each event had come when it occurred and each check had been made when
 * it was due. An event of the very moment at which a check is due comes first.
 * @param events of one work item, in any order
 * @param until checks that are due later are not made
 */
export function replay(
  events: readonly WorkItemEvent[],
  rule: Rule,
  calendar: BusinessCalendar,
  until: Date,
): Episode[] {
  const ordered = [...events].sort((a, b) =>
    compareMarks({ at: a.occurredAt, id: a.id }, { at: b.occurredAt, id: b.id }),
  );
  const episodes: Episode[] = [];
  let item: WorkItem | null = null;
  let now = 0;

  function isOpen(): boolean {
    return episodes.length > 0 && episodes.at(-1)?.settledAt === null;
  }

  function checkBefore(end: number): void {
    for (;;) {
      const [trigger] = item ? pendingTriggers(item, [rule], calendar) : [];
      if (!item || !trigger || trigger.dueAt.getTime() >= end) return;
      const { armed, dueAt } = trigger;
      const openedAt = new Date(Math.max(dueAt.getTime(), now));
      if (!isOpen() && check(item, rule, openedAt) === 'open') {
        const armedAt = new Date(armed.at);
        episodes.push({ openedAt, armedBy: armed.id, armedAt, settledAt: null, settledBy: null });
      }
      item = fired(item, rule);
    }
  }

  for (const event of ordered) {
    if (event.occurredAt > until.getTime()) break;
    checkBefore(event.occurredAt);
    now = event.occurredAt;
    item = takeIn(item, event, [rule]);
    const last = episodes.at(-1);
    if (last && isOpen() && settledTypes(item, [rule]).has(rule.exceptionType)) {
      episodes[episodes.length - 1] = { ...last, settledAt: new Date(now), settledBy: event.id };
    }
  }
  checkBefore(until.getTime() + 1);
  return episodes;
}
