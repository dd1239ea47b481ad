import { parseDuration } from '../../../kernel/duration.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import { templateErrors } from '../templates/check.ts';
import { conditionFaults } from './condition-faults.ts';
import { FACTS, type FactName, isFact, tellable } from './facts.ts';
import type { EventMatch, RuleData } from './rule.ts';

/** A longer delay would be a mistake more often than a wish. */
const LONGEST_DELAY_MS = 366 * 24 * 3_600_000;

/**
 * What is wrong with a rule that has the shape of its schema: conditions that no event can fulfil, delays that are none,
 * templates that cannot be rendered. Pointers lead into the rule.
 */
export function ruleFaults(rule: RuleData): FieldError[] {
  const { arms, disarms, settles, condition, subject, comment } = rule;
  return [
    ...(arms.length === 0
      ? [{ pointer: '/arms', message: 'must name an event: nothing would ever arm it' }]
      : []),
    ...matchFaults(arms, '/arms'),
    ...matchFaults(disarms, '/disarms'),
    ...matchFaults(settles, '/settles'),
    ...(condition === undefined ? [] : conditionFaults(condition, '/condition', null)),
    ...delayFaults(rule.delay),
    ...templateErrors('/subject', subject),
    ...templateErrors('/comment', comment),
  ];
}

/** What a match asks of an event has to be something that each of its events can tell. */
function matchFaults(matches: readonly EventMatch[], place: string): FieldError[] {
  return matches.flatMap(({ events, when }, index) => {
    if (when === undefined) return [];
    const [first = [], ...rest] = events.map(tellable);
    const known = new Set<FactName>(first.filter((fact) => rest.every((told) => told.includes(fact))));
    return conditionFaults(when, `${place}/${index}/when`, known);
  });
}

function delayFaults({ after, byPriority = {}, from }: RuleData['delay']): FieldError[] {
  const faults = durationFaults(after, '/delay/after');
  for (const [priority, text] of Object.entries(byPriority)) {
    faults.push(...durationFaults(text, `/delay/byPriority/${priority}`));
  }
  if (from === 'event') return faults;
  if (isFact(from.fact) && FACTS[from.fact].type === 'moment') return faults;
  const moments = Object.entries(FACTS).filter(([, { type }]) => type === 'moment');
  const message = `must be one of ${moments.map(([name]) => name).join(', ')}`;
  return [...faults, { pointer: '/delay/from/fact', message }];
}

function durationFaults(text: string, pointer: string): FieldError[] {
  const ms = parseDuration(text);
  if (ms === null) return [{ pointer, message: 'must be an ISO 8601 duration such as PT4H' }];
  return ms <= LONGEST_DELAY_MS ? [] : [{ pointer, message: 'must not be longer than 366 days' }];
}
