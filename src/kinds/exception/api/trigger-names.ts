import type { SubjectTimer } from '../../../store/subject-timers.ts';
import type { Rule } from '../rules/rule.ts';

/** A pending trigger, as the contract names it. */
export interface NamedTrigger {
  readonly triggerName: string;
  readonly messageType: string;
  readonly timer: SubjectTimer;
}

const NAME = /^[A-Za-z0-9_-]{1,100}\.([1-9]\d{0,14})\.(\d{1,16})$/;

/** The triggers by the rules that they are of; a rule that is gone has none. Timers of work items are named by rules' keys. */
export function nameTriggers(timers: readonly SubjectTimer[], rules: readonly Rule[]): NamedTrigger[] {
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  return timers.flatMap((timer) => {
    const rule = byKey.get(timer.name);
    if (!rule) return [];
    const triggerName = `${rule.typeName}.${rule.key}.${timer.subject}`;
    return [{ triggerName, messageType: messageTypeOf(rule.typeName), timer }];
  });
}

/** The work item in a trigger's name, null where it is none. */
export function workItemOf(triggerName: string): string | null {
  const number = NAME.exec(triggerName)?.[2];
  return number === undefined ? null : String(Number(number));
}

/** `ETA_MISSING` is checked by `EtaMissingCheck`. */
function messageTypeOf(typeName: string): string {
  const words = typeName.split(/[_-]+/).filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  return `${pascal.join('')}Check`;
}
