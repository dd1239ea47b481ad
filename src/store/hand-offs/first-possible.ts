import type { SystemStep } from '../../core/child-news.ts';
import { decide } from '../../core/decide.ts';
import type { DecideContext, Decision } from '../../core/decision.ts';
import type { Kind } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Refusal } from '../../kernel/errors.ts';
import { loadByUniqueKey } from '../load.ts';
import { duplicateRefusal } from '../precondition.ts';
import type { HandOffWork } from './work.ts';

/** The decision of the first step that may be done, else why the first one may not; null where there are no steps. */
export async function firstPossible(
  { tx, account }: HandOffWork,
  kind: Kind,
  ticket: Ticket,
  steps: readonly SystemStep[],
  context: DecideContext,
): Promise<Decision | Refusal | null> {
  let refusal: Refusal | null = null;
  for (const { transition: name, as, input } of steps) {
    const decision = decide(kind, ticket, { type: 'transition', name, as, input }, context);
    if (!decision.ok) {
      refusal ??= decision;
      continue;
    }
    const { uniqueKey } = decision.ticket;
    const isNew = uniqueKey !== null && uniqueKey !== ticket.uniqueKey;
    const holder = isNew ? await loadByUniqueKey(tx, account, kind.name, uniqueKey) : null;
    if (!holder) return decision;
    refusal ??= duplicateRefusal(holder);
  }
  return refusal;
}
