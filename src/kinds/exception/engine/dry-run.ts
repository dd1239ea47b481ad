import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import type { ExceptionType } from '../collections.ts';
import { type ActualException, compareRuns, type RunDifference } from '../rules/compare-runs.ts';
import { replay } from '../rules/replay.ts';
import { type RuleData, TYPES, toRule } from '../rules/rule.ts';
import { ruleFaults } from '../rules/rule-faults.ts';
import { ruleSetOf } from './rule-set.ts';
import { eventsOfItems, exceptionsOfItems, itemNumbersAfter } from './store.ts';

/** Work items that one page of a dry run looks at, at most. */
export const MOST_ITEMS = 1_000;

export interface DryRunRequest {
  readonly account: string;
  /** The key of the rule that would be changed; of a new one any key that no rule has. */
  readonly key: string;
  /** The rule as it would be, in the shape of its schema. */
  readonly rule: RuleData;
  /** Exceptions that would be, or were, opened before are left out; null: none are. */
  readonly from: Date | null;
  /** What would be due later is left out; null: now. */
  readonly to: Date | null;
  /** The last work item of the page before, null for the first page. */
  readonly after: number | null;
  /** Work items to look at, up to 1,000. */
  readonly limit: number;
}

export interface DryRunLine extends RunDifference {
  readonly authorizationNumber: number;
}

export interface DryRunPage {
  readonly ok: true;
  /** Work items that were looked at. */
  readonly items: number;
  readonly counts: Readonly<Record<RunDifference['outcome'], number>>;
  /** Every difference of these work items, and what stays the same, in the order of their numbers. */
  readonly lines: readonly DryRunLine[];
  /** The last work item that was looked at, null on the last page. */
  readonly next: number | null;
}

/**
 * Replays the stored events of a page of work items against a rule as it would be, and holds the exceptions that it would
 * open against those of its type that there are. Nothing is written.
 */
export async function dryRun(store: Store, request: DryRunRequest): Promise<DryRunPage | Refusal> {
  const { account, key, rule: data, from, after, limit } = request;
  const faults = ruleFaults(data);
  if (faults.length > 0) return invalid(faults);
  const { catalogue, settings } = await store.directory.account(account);
  const type = catalogue.entry(TYPES, data.exceptionType)?.data as ExceptionType | undefined;
  if (!type) {
    return invalid([{ pointer: '/exceptionType', message: 'must be the key of an exception type' }]);
  }
  if (limit > MOST_ITEMS) return refuse('invalidRequest', `At most ${MOST_ITEMS} work items at once.`);
  const rule = toRule({ key, data: { ...data } }, type.identifier);
  const { calendar } = ruleSetOf(catalogue, settings);
  const to = request.to ?? store.clock.now();
  const numbers = await itemNumbersAfter(store.sql, account, after, limit + 1);
  const page = numbers.slice(0, limit);
  const [events, exceptions] = await Promise.all([
    eventsOfItems(store.sql, account, page),
    exceptionsOfItems(store.sql, account, page, data.exceptionType),
  ]);
  const ofItem = Map.groupBy(events, ({ authorizationNumber }) => authorizationNumber);
  const there = Map.groupBy(exceptions, ({ authorizationNumber }) => authorizationNumber);
  const lines = page.flatMap((authorizationNumber) =>
    compareRuns(
      replay(ofItem.get(authorizationNumber) ?? [], rule, calendar, to),
      (there.get(authorizationNumber) ?? []).filter(({ openedAt }) => openedAt <= to),
    )
      .filter(({ would, is }) => from === null || openedAtOf(would, is) >= from)
      .map((difference) => ({ authorizationNumber, ...difference })),
  );
  const count = (outcome: RunDifference['outcome']) =>
    lines.filter((line) => line.outcome === outcome).length;
  return {
    ok: true,
    items: page.length,
    counts: { same: count('same'), opens: count('opens'), closes: count('closes'), misses: count('misses') },
    lines,
    next: numbers.length > limit ? (page.at(-1) ?? null) : null,
  };
}

function openedAtOf(would: RunDifference['would'], is: ActualException | null): Date {
  return (is ?? would)?.openedAt ?? new Date(0);
}
