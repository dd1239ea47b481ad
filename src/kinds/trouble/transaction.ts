import { TIMER_ROLE } from '../../core/available.ts';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import {
  TRANSACTION_CODES,
  type TransactionCode,
  type TroubleRole,
  type TroubleState,
  troubleWorkflow,
} from './workflow.ts';

type Resolved = { readonly ok: true; readonly code: TransactionCode };

/**
 * The transaction that a request means: found from the ticket's state, the caller's role and the state asked for.
 * @param requested null, or the present state, means the transaction that changes no state
 * @returns a refusal `notYourTransition` where only the other role may do it, `invalidTransition` where nobody may
 */
export function resolveTransaction(
  state: string,
  role: TroubleRole,
  requested: TroubleState | null,
): Resolved | Refusal {
  const to = requested === state ? null : requested;
  let belongsTo: string | null = null;
  for (const code of TRANSACTION_CODES) {
    const transition = troubleWorkflow.transitions[code];
    const from: readonly string[] | null = transition.from;
    if (!from?.includes(state) || transition.to !== to) continue;
    const by: readonly string[] = transition.by;
    if (by.includes(role)) return { ok: true, code };
    belongsTo = by.join(' or ');
  }
  const data = { state, role };
  if (belongsTo !== null) {
    return refuse('notYourTransition', `This transaction belongs to the ${belongsTo}; you are the ${role}.`, {
      data,
    });
  }
  return refuse('invalidTransition', 'No transaction leads from the present state to the one asked for.', {
    data,
  });
}

/** The role under which history shows who acted: what a timer does, it does for the owner. */
export function historyRole(role: string | null): string | null {
  return role === TIMER_ROLE ? 'TO' : role;
}
