import { decide } from '../../../core/decide.ts';
import type { Birth, Decision } from '../../../core/decision.ts';
import { systemActor } from '../../../kernel/actor.ts';
import { newId } from '../../../kernel/id.ts';
import type { WorkItemEvent } from '../events.ts';
import { exceptionKind } from '../kind.ts';
import { check, fired, pendingTriggers, settledTypes, type Trigger } from '../rules/evaluate.ts';
import { takeIn } from '../rules/take-in.ts';
import { compareMarks, newWorkItem, type WorkItem } from '../work-item.ts';
import { openingOf } from './opening.ts';
import type { RuleSet } from './rule-set.ts';

/** A work item at the end of its story, and the exceptions that came of it. */
export interface Played {
  readonly item: WorkItem;
  readonly lives: readonly Decision[][];
}

/**
 * Lives through a work item's events with the clock standing where each of them happened: checks that fall due in between
 * are made first. Decides and writes nothing else.
 * @param numberOf gives the number of the next exception
 */
export function play(
  account: string,
  events: readonly WorkItemEvent[],
  ruleSet: RuleSet,
  until: Date,
  numberOf: () => number,
): Played {
  const lives = new Map<string, Decision[]>();
  let item = newWorkItem(events[0]?.authorizationNumber ?? 0);

  function contextAt(now: Date, contract: string, birth?: Birth) {
    const { settings, catalogue } = ruleSet;
    return { actor: systemActor(account), now, settings, catalogue, contract, ...(birth && { birth }) };
  }

  function isOpen(type: string): boolean {
    const known = item.exceptions[type];
    return known !== undefined && lives.get(known.ticket)?.at(-1)?.ticket.state === 'open';
  }

  function fire({ rule, dueAt }: Trigger): void {
    if (check(item, rule, dueAt) === 'open' && !isOpen(rule.exceptionType)) {
      const number = numberOf();
      const birth = { id: newId(dueAt), number, key: `${exceptionKind.keyPrefix}-${number}` };
      const command = { type: 'create', name: 'open', input: openingOf(item, rule, ruleSet, dueAt) } as const;
      const decision = decide(exceptionKind, null, command, contextAt(dueAt, 'timer', birth));
      if (!decision.ok) throw new Error(decision.message);
      lives.set(birth.id, [decision]);
      const exceptions = { ...item.exceptions, [rule.exceptionType]: { ticket: birth.id, settled: false } };
      item = { ...item, exceptions };
    }
    item = fired(item, rule);
  }

  function fireBefore(end: number): void {
    for (;;) {
      const [next] = pendingTriggers(item, ruleSet.rules, ruleSet.calendar)
        .filter(({ dueAt }) => dueAt.getTime() < end)
        .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
      if (!next) return;
      fire(next);
    }
  }

  function settle(event: WorkItemEvent): void {
    for (const type of settledTypes(item, ruleSet.rules).keys()) {
      const known = item.exceptions[type];
      const life = known && lives.get(known.ticket);
      const last = life?.at(-1);
      if (!known || known.settled || !life || !last) continue;
      const command = {
        type: 'transition',
        name: 'settle',
        input: { event: event.id },
        as: 'engine',
      } as const;
      const context = contextAt(new Date(event.occurredAt), 'work-item-events');
      const decision = decide(exceptionKind, last.ticket, command, context);
      if (!decision.ok) throw new Error(decision.message);
      life.push(decision);
      item = { ...item, exceptions: { ...item.exceptions, [type]: { ...known, settled: true } } };
    }
  }

  const ordered = [...events].sort((a, b) =>
    compareMarks({ at: a.occurredAt, id: a.id }, { at: b.occurredAt, id: b.id }),
  );
  for (const event of ordered) {
    if (event.occurredAt > until.getTime()) break;
    fireBefore(event.occurredAt);
    item = takeIn(item, event, ruleSet.rules);
    settle(event);
  }
  fireBefore(until.getTime());
  return { item, lives: [...lives.values()] };
}
