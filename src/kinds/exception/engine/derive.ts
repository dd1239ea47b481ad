import { newId } from '../../../kernel/id.ts';
import type { Sql } from '../../../store/database.ts';
import { dropSubjectTimers, type NewSubjectTimer, putSubjectTimers } from '../../../store/subject-timers.ts';
import { fired, pendingTriggers } from '../rules/evaluate.ts';
import { marksAnew } from '../rules/take-in.ts';
import type { WorkItem } from '../work-item.ts';
import type { RuleSet } from './rule-set.ts';
import { eventsOfItems, insertItems, type StoredItem, updateItems } from './store.ts';

/** The kind whose timers triggers are. */
export const KIND = 'exception';

/** The name of a work item among the subjects of timers. */
export function subjectOf({ authorizationNumber }: Pick<WorkItem, 'authorizationNumber'>): string {
  return String(authorizationNumber);
}

/** When each pending trigger is due, in milliseconds since the epoch, by the key of its rule. */
function pendingOf(item: WorkItem, { rules, calendar }: RuleSet): Record<string, number> {
  return Object.fromEntries(
    pendingTriggers(item, rules, calendar).map(({ rule, dueAt }) => [rule.key, dueAt.getTime()]),
  );
}

/**
 * Brings work items that were derived by other rules up to these: what the rules would have seen of all events that are
 * stored. What would have been due already, and was not waited for, is passed over: a rule looks forward from the moment at
 * which it is changed, and does not flood the help desk with what is past. What was waited for and is due by now stays
 * pending, and fires.
 */
export async function bringUpToDate(
  tx: Sql,
  account: string,
  items: readonly StoredItem[],
  ruleSet: RuleSet,
  now: Date,
): Promise<StoredItem[]> {
  const stale = items.filter(({ derivedBy }) => derivedBy !== ruleSet.mark);
  if (stale.length === 0) return [...items];
  const numbers = stale.map(({ authorizationNumber }) => authorizationNumber);
  const events = Map.groupBy(
    await eventsOfItems(tx, account, numbers),
    ({ authorizationNumber }) => authorizationNumber,
  );
  return items.map((item) => {
    if (item.derivedBy === ruleSet.mark) return item;
    const anew = marksAnew(item, events.get(item.authorizationNumber) ?? [], ruleSet.rules);
    return { ...item, ...passOver(anew, item.pending, ruleSet, now), derivedBy: ruleSet.mark };
  });
}

function passOver(item: WorkItem, waited: StoredItem['pending'], ruleSet: RuleSet, now: Date): WorkItem {
  let kept = item;
  for (const { rule, dueAt } of pendingTriggers(item, ruleSet.rules, ruleSet.calendar)) {
    if (dueAt <= now && waited[rule.key] === undefined) kept = fired(kept, rule);
  }
  return kept;
}

/** A work item as it was locked, null where it is new, and as it is to be. */
export interface ItemChange {
  readonly before: StoredItem | null;
  readonly after: WorkItem;
}

/**
 * Writes work items with their triggers.
 * @returns false where others made one of the new ones at the same moment: the transaction has to be begun anew
 */
export async function writeItems(
  tx: Sql,
  account: string,
  changes: readonly ItemChange[],
  ruleSet: RuleSet,
  now: Date,
): Promise<boolean> {
  const put: NewSubjectTimer[] = [];
  const gone: { subject: string; name: string }[] = [];
  const fresh: StoredItem[] = [];
  const known: StoredItem[] = [];
  for (const { before, after } of changes) {
    const pending = pendingOf(after, ruleSet);
    const stored: StoredItem = { ...after, pending, derivedBy: ruleSet.mark };
    (before ? known : fresh).push(stored);
    const subject = subjectOf(after);
    for (const [name, dueAt] of Object.entries(pending)) {
      if (before?.pending[name] !== dueAt)
        put.push({ id: newId(now), subject, name, dueAt: new Date(dueAt) });
    }
    for (const name of Object.keys(before?.pending ?? {})) {
      if (pending[name] === undefined) gone.push({ subject, name });
    }
  }
  fresh.sort((a, b) => a.authorizationNumber - b.authorizationNumber);
  if ((await insertItems(tx, account, fresh, now)) < fresh.length) return false;
  await updateItems(tx, account, known, now);
  await dropSubjectTimers(tx, account, KIND, gone);
  await putSubjectTimers(tx, account, KIND, put, now);
  return true;
}
