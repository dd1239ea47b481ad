import { explainBusinessTime } from '../../../kernel/calendar/explain.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import type { Store } from '../../../store/store.ts';
import type { SubjectTimer, SubjectTimerStory } from '../../../store/subject-timers.ts';
import { type Delay, delayOf } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';
import { type RuleSet, ruleSetOf } from './rule-set.ts';
import { findItems, type StoredItem } from './store.ts';

/** Why triggers are due when they are, by the ids of their timers: from where the delay is counted, and what was skipped. */
export async function explainTriggers(
  store: Store,
  account: string,
  timers: readonly SubjectTimer[],
): Promise<Map<string, SubjectTimerStory>> {
  const { catalogue, settings } = await store.directory.account(account);
  const ruleSet = ruleSetOf(catalogue, settings);
  const numbers = [...new Set(timers.map(({ subject }) => Number(subject)))];
  const items = new Map(
    (await findItems(store.sql, account, numbers)).map((item) => [String(item.authorizationNumber), item]),
  );
  return new Map(timers.map((timer) => [timer.id, storyOf(timer, items.get(timer.subject), ruleSet)]));
}

function storyOf(timer: SubjectTimer, item: StoredItem | undefined, ruleSet: RuleSet): SubjectTimerStory {
  const rule = ruleSet.rules.find(({ key }) => key === timer.name);
  const armed = rule && item?.rules[rule.key]?.armed;
  const delay = rule && item && armed && delayOf(item, rule, armed, ruleSet.calendar);
  if (!rule || !armed || !delay) {
    const why = `The rule ${timer.name} no longer waits for work item ${timer.subject}.`;
    return { label: rule?.typeName ?? `Rule ${timer.name}`, why, explanation: { rule: timer.name } };
  }
  const { delay: definition, typeName, exceptionType } = rule;
  const isBusiness = definition.time === 'business';
  const { timeZone } = ruleSet.calendar.definition;
  const counted = isBusiness ? explainBusinessTime(ruleSet.calendar, delay.from, delay.delayMs) : null;
  return {
    label: typeName,
    why: sentence(
      timer,
      rule,
      delay,
      counted?.stretches.filter(({ as }) => as !== 'counted').length ?? 0,
      timeZone,
    ),
    explanation: {
      rule: rule.key,
      exceptionType,
      armedBy: armed.id,
      armedAt: new Date(armed.at).toISOString(),
      from: delay.from.toISOString(),
      delay: formatDuration(delay.delayMs),
      priority: delay.priority,
      time: definition.time,
      ...(counted && { timeZone, stretches: counted.stretches, isCut: counted.isCut }),
    },
  };
}

function sentence(
  { subject, dueAt, attempts }: SubjectTimer,
  { typeName, delay: { time, from } }: Rule,
  { from: start, delayMs, priority }: Delay,
  skipped: number,
  timeZone: string,
): string {
  const source = from === 'event' ? 'the event that armed it' : from.fact;
  const forPriority = priority === null ? '' : ` for priority ${priority}`;
  const counted = time === 'business' ? ` of business time in ${timeZone}` : '';
  const left = skipped === 0 ? '' : `, with ${skipped} ${skipped === 1 ? 'stretch' : 'stretches'} skipped`;
  const told = `${typeName} of work item ${subject} is checked ${formatDuration(delayMs)}${counted}${forPriority} after ${source}, counted from ${start.toISOString()}${left}`;
  return attempts === 0
    ? `${told}.`
    : `${told}; that failed ${attempts} times, the next try is at ${dueAt.toISOString()}.`;
}
