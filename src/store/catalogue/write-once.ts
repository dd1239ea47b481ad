import type { Actor } from '../../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../../kernel/answer.ts';
import { type Refusal, RefusalError, refuse } from '../../kernel/errors.ts';
import { isCollision, isUnavailable, isUniqueViolation, namedFault } from '../failure.ts';
import { findEcho } from '../idempotency.ts';
import type { Store } from '../store.ts';

/** How often a write is begun anew when others write the same entries in between. */
const MOST_TRIES = 20;

export interface OnceRequest {
  readonly actor: Pick<Actor, 'account' | 'id'>;
  readonly idempotency: IdempotencyKey | null;
}

/**
 * Runs a transaction that writes the request's idempotency record too, or gives the first answer again. A transaction
 * that met another one is begun anew.
 * @param transact throws a `RefusalError` where the request is refused
 */
export async function writeOnce(
  { sql }: Pick<Store, 'sql'>,
  request: OnceRequest,
  transact: () => Promise<Answer>,
): Promise<Written | Refusal> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const echo = await findEcho(sql, request);
    if (echo) return echo;
    try {
      return { ok: true, answer: await transact(), replayed: false };
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal;
      if (isUnavailable(error)) throw namedFault(error);
      if (!isCollision(error) && !isUniqueViolation(error)) throw error;
    }
  }
  return refuse('contention');
}
