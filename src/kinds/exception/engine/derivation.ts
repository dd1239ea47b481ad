import type { LogReader } from '../../../readers/log-reader.ts';
import type { Store } from '../../../store/store.ts';
import { bringUpToDate, writeItems } from './derive.ts';
import { underRules } from './rule-set.ts';
import { findDerivation, lockItemsAfter, writeDerivation } from './store.ts';

/** Work items that are derived anew in one transaction; it holds up events of these for some 50 ms. */
const TOGETHER = 500;

/**
 * Derives the triggers of an account anew, step by step, when its rules or its calendar have changed. A work item that
 * something happens to in the meantime is brought up to date by that; this does it for all others.
 * @returns how many work items were looked at; 0 when all are done
 */
export async function deriveAnew(store: Store, account: string): Promise<number> {
  const { count, broken } = await underRules(store, account, async (tx, ruleSet) => {
    const last = await findDerivation(tx, account);
    const position = last?.derivedBy === ruleSet.mark ? last.position : 0;
    if (position === null) return { count: 0, broken: [] };
    const now = store.clock.now();
    const items = await lockItemsAfter(tx, account, position, TOGETHER);
    const stale = items.filter(({ derivedBy }) => derivedBy !== ruleSet.mark);
    const anew = await bringUpToDate(tx, account, stale, ruleSet, now);
    const changes = anew.map((after, index) => ({ before: stale[index] ?? null, after }));
    await writeItems(tx, account, changes, ruleSet, now);
    const next = items.at(-1)?.authorizationNumber ?? null;
    await writeDerivation(tx, account, { derivedBy: ruleSet.mark, position: next });
    return { count: items.length, broken: position === 0 ? ruleSet.broken : [] };
  });
  if (broken.length > 0) {
    store.log.error({ account, rules: broken }, 'these rules cannot be evaluated; nothing comes of them');
  }
  return count;
}

/** Runs beside the readers of the log: it looks at every account now and then. */
export function derivationReader(store: Store): LogReader {
  return {
    name: 'exception rules',
    step: (account) => deriveAnew(store, account),
  };
}
