import type { Store } from '../../../store/store.ts';
import { ruleSetOf } from '../engine/rule-set.ts';
import { exceptionKind } from '../kind.ts';
import { type NamedTrigger, nameTriggers } from './trigger-names.ts';
import { wireTime } from './wire-time.ts';

/** The pending triggers of a work item, soonest first. */
export async function findTriggers(
  store: Store,
  account: string,
  authorizationNumber: string,
): Promise<NamedTrigger[]> {
  const [timers, { catalogue, settings }] = await Promise.all([
    store.timersOfSubject(account, exceptionKind.name, authorizationNumber),
    store.directory.account(account),
  ]);
  return nameTriggers(timers, ruleSetOf(catalogue, settings).rules);
}

export function triggerToWire({ triggerName, messageType, timer }: NamedTrigger) {
  return { triggerName, nextFireTime: wireTime(timer.dueAt), messageType };
}
