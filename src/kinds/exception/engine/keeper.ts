import type { Store } from '../../../store/store.ts';
import type { SubjectKeeper } from '../../../store/subject-timers.ts';
import { KIND } from './derive.ts';
import { explainTriggers } from './explain.ts';
import { fireTriggers } from './fire.ts';

/** Triggers are timers of work items. */
export function triggerKeeper(store: Store): SubjectKeeper {
  return {
    kind: KIND,
    fire: (firing) => fireTriggers(store, firing),
    explain: (account, timers) => explainTriggers(store, account, timers),
  };
}
