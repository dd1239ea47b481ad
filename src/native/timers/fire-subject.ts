import { readsAll } from '../../core/staff.ts';
import { jsonAnswer } from '../../http/answer.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { IdempotencyKey, Written } from '../../kernel/answer.ts';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { isUniqueViolation } from '../../store/failure.ts';
import { findEcho } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import type { SubjectKeepers, SubjectTimer } from '../../store/subject-timers.ts';
import type { Timer } from '../../store/timers.ts';
import { CONTRACT } from '../contract-name.ts';
import { toWireDetail } from '../tickets/to-wire.ts';

/** Fires the timer of something that is no ticket: the answer is the ticket that came of it, or nothing. */
export async function fireSubject(
  store: Store,
  keepers: SubjectKeepers,
  timer: Timer & SubjectTimer,
  actor: Actor,
  idempotency: IdempotencyKey | null,
): Promise<Written | Refusal> {
  const keeper = keepers.get(timer.kind);
  if (!keeper || !readsAll(actor)) return refuse('timerNotFound');
  const echo = await findEcho(store.sql, { actor, idempotency });
  if (echo) return echo;
  try {
    const { decisions, faults, answer } = await keeper.fire({
      account: actor.account,
      timers: [timer],
      actor,
      contract: CONTRACT,
      byHand: true,
      idempotency,
      answer(ticket) {
        const kind = ticket && store.kinds.get(ticket.kind);
        if (!kind) return { status: 204, headers: {}, body: '' };
        return jsonAnswer(200, toWireDetail(ticket, kind, actor, store.clock.now()), ticket.version);
      },
    });
    for (const decision of decisions) store.committed(decision);
    if (faults[0]) throw faults[0].fault;
    if (answer) return { ok: true, answer, replayed: false };
  } catch (error) {
    // The same request was written at the same moment.
    if (!isUniqueViolation(error)) throw error;
  }
  return (await findEcho(store.sql, { actor, idempotency })) ?? refuse('timerNotFound');
}
