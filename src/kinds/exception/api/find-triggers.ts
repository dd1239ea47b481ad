import type { Store } from '../../../store/store.ts';
import { timersOfSubject } from '../../../store/subject-timers.ts';
import { ruleSetOf } from '../engine/rule-set.ts';
import { exceptionKind } from '../kind.ts';
import { type NamedTrigger, nameTriggers } from './trigger-names.ts';
import { wireTime } from './wire-time.ts';

/** The pending triggers of a work item, soonest first. */
export async function findTriggers(
  { sql, directory }: Store,
  account: string,
  authorizationNumber: string,
): Promise<NamedTrigger[]> {
  const [timers, { catalogue, settings }] = await Promise.all([
    timersOfSubject(sql, account, exceptionKind.name, authorizationNumber),
    directory.account(account),
  ]);
  return nameTriggers(timers, ruleSetOf(catalogue, settings).rules);
}

export function triggerToWire({ triggerName, messageType, timer }: NamedTrigger) {
  return { triggerName, nextFireTime: wireTime(timer.dueAt), messageType };
}
