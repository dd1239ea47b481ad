import { addBusinessTime } from '../../../kernel/calendar/business-time.ts';
import type { BusinessCalendar } from '../../../kernel/calendar/calendar.ts';
import { compareMarks, factValue, type Mark, type RuleMarks, type WorkItem } from '../work-item.ts';
import { holds } from './condition.ts';
import type { Rule } from './rule.ts';

/** A check that is to be made. */
export interface Trigger {
  readonly rule: Rule;
  readonly dueAt: Date;
  /** The event that armed the rule. */
  readonly armed: Mark;
}

/** How a due time comes about. */
export interface Delay {
  /** Where it is counted from. */
  readonly from: Date;
  readonly delayMs: number;
  /** The priority whose own delay it is, null for the one of all others. */
  readonly priority: number | null;
  /** Null: never. */
  readonly dueAt: Date | null;
}

/**
 * The checks that are pending as things stand. A rule waits where its newest arming is not disarmed or settled and has not
 * fired, and where the exception would be opened at the due time if nothing else came.
 */
export function pendingTriggers(
  item: WorkItem,
  rules: readonly Rule[],
  calendar: BusinessCalendar,
): Trigger[] {
  return rules.flatMap((rule) => {
    const armed = waitingSince(item.rules[rule.key]);
    if (!armed || !rule.isActive) return [];
    const dueAt = delayOf(item, rule, armed, calendar)?.dueAt;
    return dueAt && check(item, rule, dueAt) === 'open' ? [{ rule, dueAt, armed }] : [];
  });
}

/** An event that settles and arms begins anew; one that disarms and arms does not. */
function waitingSince({ armed, disarmed, settled, fired }: RuleMarks = {}): Mark | null {
  if (!armed || compareMarks(armed, fired) <= 0) return null;
  return compareMarks(armed, disarmed) > 0 && compareMarks(armed, settled) >= 0 ? armed : null;
}

/** The rule's delay for a work item; null where the fact is not known that it is counted from. */
export function delayOf(
  item: WorkItem,
  { delay: { time, from }, delayMs: usual, delayMsByPriority }: Rule,
  armed: Mark,
  calendar: BusinessCalendar,
): Delay | null {
  const base = from === 'event' ? armed.at : Date.parse(String(factValue(item, from.fact)));
  if (!Number.isFinite(base)) return null;
  const priority = factValue(item, 'priority');
  const own = delayMsByPriority[String(priority)];
  const delayMs = own ?? usual;
  const start = new Date(base);
  const dueAt = time === 'business' ? addBusinessTime(calendar, start, delayMs) : new Date(base + delayMs);
  return { from: start, delayMs, priority: own === undefined ? null : Number(priority), dueAt };
}

/** What a rule's check comes to at a moment. */
export function check(item: WorkItem, { condition }: Rule, now: Date): 'open' | 'nothing' {
  if (condition === undefined) return 'open';
  return holds(condition, (fact) => factValue(item, fact), now.getTime()) ? 'open' : 'nothing';
}

/** The work item once a rule's check has been made, whatever came of it. */
export function fired(item: WorkItem, { key }: Rule): WorkItem {
  const marks = item.rules[key];
  if (!marks?.armed) return item;
  return { ...item, rules: { ...item.rules, [key]: { ...marks, fired: marks.armed } } };
}

/**
 * The types of exception whose open one the work item has settled: something that settles came after the newest arming
 * that fired.
 */
export function settledTypes(item: WorkItem, rules: readonly Rule[]): Map<string, Mark> {
  const settled = new Map<string, Mark>();
  for (const [type, ofType] of Map.groupBy(rules, ({ exceptionType }) => exceptionType)) {
    const marks = ofType.map(({ key }) => item.rules[key] ?? {});
    const last = newest(marks.map((mark) => mark.settled));
    const opening = newest(marks.map((mark) => mark.fired));
    if (last && opening && compareMarks(last, opening) > 0) settled.set(type, last);
  }
  return settled;
}

function newest(marks: readonly (Mark | undefined)[]): Mark | undefined {
  return marks.reduce((best, mark) => (compareMarks(mark, best) > 0 ? mark : best), undefined);
}
