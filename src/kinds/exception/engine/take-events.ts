import type { Decision } from '../../../core/decision.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import { OvertakenError } from '../../../store/load.ts';
import type { Store } from '../../../store/store.ts';
import type { WorkItemEvent } from '../events.ts';
import { takeIn } from '../rules/take-in.ts';
import type { WorkItem } from '../work-item.ts';
import { bringUpToDate, writeItems } from './derive.ts';
import { readEvent } from './read-event.ts';
import { underRules } from './rule-set.ts';
import { settleExceptions } from './settle.ts';
import { insertEvents, lockItems, type StoredItem } from './store.ts';

/** Events that are taken in at once, at most. */
export const MOST_EVENTS = 1_000;

/** What became of one event. `repeated`: it is known already, and nothing was done. */
export type EventResult =
  | { readonly outcome: 'accepted' | 'repeated'; readonly id: string }
  | { readonly outcome: 'refused'; readonly id: string | null; readonly errors: readonly FieldError[] };

/**
 * Takes events of an account in, in one transaction: what they tell of their work items, the triggers that follow, and the
 * exceptions that they settle. Each is good or refused by itself. The order does not matter, and what was sent before may
 * be sent again.
 * @param given up to 1,000 events as they came
 */
export async function takeEvents(
  store: Store,
  account: string,
  given: readonly unknown[],
): Promise<EventResult[]> {
  if (given.length > MOST_EVENTS)
    throw new Error(`More than ${MOST_EVENTS} events cannot be taken in at once.`);
  const read = given.map(readEvent);
  const events = new Map<string, WorkItemEvent>();
  for (const one of read) if (one.ok && !events.has(one.event.id)) events.set(one.event.id, one.event);
  const { accepted, decisions } = await write(store, account, [...events.values()]);
  for (const decision of decisions) store.committed(decision);
  const left = new Set(accepted);
  return read.map((one, index) => {
    if (!one.ok) return { outcome: 'refused', id: idOf(given[index]), errors: one.errors };
    const { id } = one.event;
    return { outcome: left.delete(id) ? 'accepted' : 'repeated', id };
  });
}

function idOf(given: unknown): string | null {
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : null;
  return typeof id === 'string' ? id : null;
}

interface TakenIn {
  readonly accepted: ReadonlySet<string>;
  readonly decisions: readonly Decision[];
}

async function write(store: Store, account: string, events: WorkItemEvent[]): Promise<TakenIn> {
  if (events.length === 0) return { accepted: new Set(), decisions: [] };
  events.sort((a, b) => (a.id < b.id ? -1 : 1));
  return underRules(store, account, async (tx, ruleSet) => {
    const now = store.clock.now();
    const accepted = await insertEvents(tx, account, events, now);
    const fresh = events.filter(({ id }) => accepted.has(id));
    if (fresh.length === 0) return { accepted, decisions: [] };
    const ofItems = Map.groupBy(fresh, ({ authorizationNumber }) => authorizationNumber);
    const locked = await lockItems(tx, account, [...ofItems.keys()], 'wait');
    const before = new Map(locked.map((item) => [item.authorizationNumber, item]));
    const present = await bringUpToDate(tx, account, locked, ruleSet, now);
    const known = new Map(present.map((item) => [item.authorizationNumber, item]));
    const after = [...ofItems].map(([number, news]) => {
      let item: WorkItem | null = known.get(number) ?? null;
      for (const event of news) item = takeIn(item, event, ruleSet.rules);
      return item as WorkItem;
    });
    const { items, decisions } = await settleExceptions(tx, account, after, ruleSet, now);
    const changes = items.map((item) => ({
      before: (before.get(item.authorizationNumber) as StoredItem | undefined) ?? null,
      after: item,
    }));
    if (!(await writeItems(tx, account, changes, ruleSet, now))) {
      throw new OvertakenError('A work item was made by another transaction');
    }
    return { accepted, decisions };
  });
}
