import { parseDuration } from '../../../kernel/duration.ts';
import type { FactValue } from '../work-item.ts';
import type { FactName } from './facts.ts';
import type { Condition } from './rule.ts';

/** What a condition is asked about: the value of each fact, null where it is not known. */
export type Facts = (fact: FactName) => FactValue;

const OFFSET = /^([+-])?(P.*)$/;

/**
 * Whether the condition holds. What is not known equals nothing, lies before and after nothing, and is below and above
 * nothing.
 * @param now milliseconds since the epoch
 */
export function holds(condition: Condition, facts: Facts, now: number): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts, now));
  if ('any' in condition) return condition.any.some((part) => holds(part, facts, now));
  if ('not' in condition) return !holds(condition.not, facts, now);
  const value = facts(condition.fact);
  if ('is' in condition) return (value !== null) === (condition.is === 'known');
  if ('eq' in condition) return value === condition.eq;
  if ('ne' in condition) return value !== condition.ne;
  if ('in' in condition) return value !== null && condition.in.includes(value);
  if ('lt' in condition) return typeof value === 'number' && value < condition.lt;
  if ('gt' in condition) return typeof value === 'number' && value > condition.gt;
  if (typeof value !== 'string') return false;
  if ('before' in condition) return Date.parse(value) < now + (offsetMs(condition.before) ?? Number.NaN);
  return Date.parse(value) > now + (offsetMs(condition.after) ?? Number.NaN);
}

/** Milliseconds from now: 0 for `now`, positive for `PT2H`, negative for `-PT2H`; null where the text says neither. */
export function offsetMs(text: string): number | null {
  if (text === 'now') return 0;
  const [, sign, duration = ''] = OFFSET.exec(text) ?? [];
  const ms = parseDuration(duration);
  return ms === null ? null : sign === '-' ? -ms : ms;
}
