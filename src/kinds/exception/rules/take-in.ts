import type { WorkItemEvent } from '../events.ts';
import {
  compareMarks,
  type Fact,
  type Mark,
  newWorkItem,
  type RuleMarks,
  type WorkItem,
} from '../work-item.ts';
import { holds } from './condition.ts';
import { factsTold } from './facts.ts';
import type { EventMatch, Rule } from './rule.ts';

/**
 * A work item after one more event. The result depends on which events were taken in, and not on their order; an event
 * that comes twice changes nothing.
 */
export function takeIn(before: WorkItem | null, event: WorkItemEvent, rules: readonly Rule[]): WorkItem {
  const item = before ?? newWorkItem(event.authorizationNumber);
  const told = factsTold(event);
  const mark: Mark = { at: event.occurredAt, id: event.id };
  const facts: Record<string, Fact> = { ...item.facts };
  for (const [name, value] of told) {
    if (compareMarks(mark, facts[name]) >= 0) facts[name] = { ...mark, value };
  }
  const marks: Record<string, RuleMarks> = { ...item.rules };
  for (const rule of rules) {
    const of = (matches: readonly EventMatch[]) => matches.some((match) => fulfils(event, told, match));
    marks[rule.key] = marked(marks[rule.key], mark, {
      armed: of(rule.arms),
      disarmed: of(rule.disarms),
      settled: of(rule.settles),
    });
    if (Object.keys(marks[rule.key] ?? {}).length === 0) delete marks[rule.key];
  }
  return { ...item, facts, rules: marks };
}

/** Whether an event is one of those, by what it tells itself. `now` is when it occurred. */
function fulfils(
  event: WorkItemEvent,
  told: ReturnType<typeof factsTold>,
  { events, when }: EventMatch,
): boolean {
  if (!events.includes(event.type)) return false;
  return when === undefined || holds(when, (fact) => told.get(fact) ?? null, event.occurredAt);
}

function marked(
  before: RuleMarks = {},
  mark: Mark,
  does: Readonly<Record<'armed' | 'disarmed' | 'settled', boolean>>,
): RuleMarks {
  let marks = before;
  for (const name of ['armed', 'disarmed', 'settled'] as const) {
    if (does[name] && compareMarks(mark, marks[name]) > 0) marks = { ...marks, [name]: mark };
  }
  return marks;
}

/** What a rule would have seen of these events, had it been there; the arming that has fired stays. */
export function marksAnew(
  before: WorkItem,
  events: readonly WorkItemEvent[],
  rules: readonly Rule[],
): WorkItem {
  let anew: WorkItem = { ...before, rules: {} };
  for (const event of events) anew = { ...takeIn(anew, event, rules), facts: before.facts };
  const marks: Record<string, RuleMarks> = { ...anew.rules };
  for (const { key } of rules) {
    const fired = before.rules[key]?.fired;
    if (fired) marks[key] = { ...marks[key], fired };
  }
  return { ...before, rules: marks };
}
