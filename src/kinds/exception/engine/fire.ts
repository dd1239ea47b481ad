import { decide } from '../../../core/decide.ts';
import type { Decision } from '../../../core/decision.ts';
import { newId } from '../../../kernel/id.ts';
import { commit } from '../../../store/commit.ts';
import type { Sql } from '../../../store/database.ts';
import { recordAnswer } from '../../../store/idempotency.ts';
import { loadByUniqueKeys } from '../../../store/load.ts';
import type { Store } from '../../../store/store.ts';
import {
  presentSubjectTimers,
  type SubjectFired,
  type SubjectFiring,
  type SubjectTimer,
} from '../../../store/subject-timers.ts';
import { dropTimers } from '../../../store/timers.ts';
import { uniqueKeyOf } from '../fields.ts';
import { exceptionKind } from '../kind.ts';
import { check, fired, pendingTriggers } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';
import type { WorkItem } from '../work-item.ts';
import { bringUpToDate, KIND, subjectOf, writeItems } from './derive.ts';
import { openingOf } from './opening.ts';
import { type RuleSet, underRules } from './rule-set.ts';
import { lockItems } from './store.ts';

/**
 * Fires triggers: each rule's condition is looked at once more, and where it still holds, an exception is opened unless the
 * work item has an open one of the type. Work items, exceptions and timers are one transaction, so a trigger fires once,
 * and not at all when the process dies before the commit.
 */
export async function fireTriggers(store: Store, firing: SubjectFiring): Promise<SubjectFired> {
  const { account, timers, byHand } = firing;
  const numbers = [...new Set(timers.map(({ subject }) => Number(subject)))];
  return underRules(store, account, async (tx, ruleSet) => {
    const now = store.clock.now();
    const locked = await lockItems(tx, account, numbers, byHand ? 'wait' : 'skip');
    const free = new Set(locked.map(subjectOf));
    const ids = timers.filter(({ subject }) => free.has(subject)).map(({ id }) => id);
    const present = (await presentSubjectTimers(tx, account, ids)).filter(
      ({ dueAt }) => byHand || dueAt <= now,
    );
    const before = new Map(locked.map((item) => [subjectOf(item), item]));
    const concerned = locked.filter((item) => present.some(({ subject }) => subject === subjectOf(item)));
    const upToDate = await bringUpToDate(tx, account, concerned, ruleSet, now);
    const work: Firing = {
      store,
      firing,
      tx,
      ruleSet,
      now,
      items: new Map(upToDate.map((i) => [subjectOf(i), i])),
    };
    const { openings, taken, faults } = checkAll(work, present);
    const decisions = await openAll(work, openings);
    // What work items do not know of, such as rows of a restored backup, writing them does not take away.
    const unknown = present.filter(({ subject, name }) => before.get(subject)?.pending[name] === undefined);
    await dropTimers(
      tx,
      account,
      unknown.map(({ id }) => id),
    );
    const changes = [...work.items].map(([subject, after]) => ({
      before: before.get(subject) ?? null,
      after,
    }));
    await writeItems(tx, account, changes, ruleSet, now);
    const answer = byHand && taken.length > 0 ? firing.answer(decisions[0]?.ticket ?? null) : null;
    if (answer && firing.idempotency) {
      await recordAnswer(tx, account, firing.actor.id, firing.idempotency, answer, now);
    }
    return { taken, decisions, faults, answer };
  });
}

interface Firing {
  readonly store: Store;
  readonly firing: SubjectFiring;
  readonly tx: Sql;
  readonly ruleSet: RuleSet;
  readonly now: Date;
  /** The work items as they are to be, by subject. */
  readonly items: Map<string, WorkItem>;
}

interface Opening {
  readonly item: WorkItem;
  readonly rule: Rule;
  readonly key: string;
  readonly input: ReturnType<typeof openingOf>;
}

/** Looks at every rule's condition, and notes that its arming has fired. */
function checkAll({ items, ruleSet, firing, now }: Firing, present: readonly SubjectTimer[]) {
  const openings: Opening[] = [];
  const taken: SubjectTimer[] = [];
  const faults: { timer: SubjectTimer; fault: unknown }[] = [];
  for (const timer of present) {
    const item = items.get(timer.subject);
    if (!item) continue;
    const { rules, calendar } = ruleSet;
    const trigger = pendingTriggers(item, rules, calendar).find(({ rule }) => rule.key === timer.name);
    // The rules may have changed since: then writing the work item takes the timer away, or moves it.
    if (!trigger || (trigger.dueAt > now && !firing.byHand)) continue;
    const { rule } = trigger;
    try {
      if (check(item, rule, now) === 'open') {
        const input = openingOf(item, rule, ruleSet, now);
        openings.push({ item, rule, key: uniqueKeyOf(input), input });
      }
      items.set(timer.subject, fired(item, rule));
      taken.push(timer);
    } catch (fault) {
      faults.push({ timer, fault });
    }
  }
  return { openings, taken, faults };
}

/** Opens what is not open already, and notes on the work items what was opened. */
async function openAll(work: Firing, openings: readonly Opening[]): Promise<Decision[]> {
  const { store, firing, tx, ruleSet, now, items } = work;
  const { account } = firing;
  const held = new Set(
    openings.length === 0
      ? []
      : (await loadByUniqueKeys(tx, account, KIND, [...new Set(openings.map(({ key }) => key))])).keys(),
  );
  const wanted = openings.filter(({ key }) => !held.has(key) && held.add(key));
  if (wanted.length === 0) return [];
  const numbers = await store.takeNumbers(account, KIND, wanted.length);
  const { settings, catalogue } = ruleSet;
  const actor = { ...firing.actor, type: 'system' } as const;
  const opened = wanted.map(({ input, item, rule }, index) => {
    const number = numbers[index] as number;
    const birth = { id: newId(now), number, key: `${exceptionKind.keyPrefix}-${number}` };
    const context = { actor, now, settings, catalogue, contract: firing.contract, birth };
    const decision = decide(exceptionKind, null, { type: 'create', name: 'open', input }, context);
    if (!decision.ok) throw new Error(`An exception cannot be opened: ${decision.message}`);
    return { decision, subject: subjectOf(item), type: rule.exceptionType };
  });
  const written = await commit(
    tx,
    account,
    opened.map(({ decision }) => ({ decision, idempotency: null })),
  );
  // What was not written has been opened again by the help desk at this very moment, so it is open.
  const made = opened.filter((_, index) => written[index]);
  for (const { decision, subject, type } of made) {
    const item = items.get(subject) as WorkItem;
    const exceptions = { ...item.exceptions, [type]: { ticket: decision.ticket.id, settled: false } };
    items.set(subject, { ...item, exceptions });
  }
  return made.map(({ decision }) => decision);
}
