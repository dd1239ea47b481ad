import { decide } from '../../../core/decide.ts';
import type { Decision } from '../../../core/decision.ts';
import { systemActor } from '../../../kernel/actor.ts';
import { commit } from '../../../store/commit.ts';
import type { Sql } from '../../../store/database.ts';
import { lockUnovertaken } from '../../../store/load.ts';
import { exceptionKind } from '../kind.ts';
import { settledTypes } from '../rules/evaluate.ts';
import type { WorkItem } from '../work-item.ts';
import type { RuleSet } from './rule-set.ts';

/** The contract that history names for what events settle. */
const CONTRACT = 'work-item-events';

/**
 * Settles the exceptions that the work items' events have settled and that nobody has settled yet, whether they are open
 * or the help desk has closed them.
 * @returns the work items as they are then, and what was written
 */
export async function settleExceptions(
  tx: Sql,
  account: string,
  items: readonly WorkItem[],
  ruleSet: RuleSet,
  now: Date,
): Promise<{ items: WorkItem[]; decisions: Decision[] }> {
  const events = new Map<string, string>();
  const settled = items.map((item) => {
    const exceptions = { ...item.exceptions };
    for (const [type, { id }] of settledTypes(item, ruleSet.rules)) {
      const known = exceptions[type];
      if (!known || known.settled) continue;
      events.set(known.ticket, id);
      exceptions[type] = { ...known, settled: true };
    }
    return { ...item, exceptions };
  });
  if (events.size === 0) return { items: settled, decisions: [] };
  const tickets = await lockUnovertaken(tx, account, [...events.keys()]);
  const { settings, catalogue } = ruleSet;
  const context = { actor: systemActor(account), now, settings, catalogue, contract: CONTRACT };
  const decisions: Decision[] = [];
  for (const ticket of tickets) {
    const input = { event: events.get(ticket.id) as string };
    const command = { type: 'transition', name: 'settle', input, as: 'engine' } as const;
    const decision = decide(exceptionKind, ticket, command, context);
    if (!decision.ok) throw new Error(`${ticket.key} cannot be settled: ${decision.message}`);
    decisions.push(decision);
  }
  await commit(
    tx,
    account,
    decisions.map((decision) => ({ decision, idempotency: null })),
  );
  return { items: settled, decisions };
}
