import type { Decision } from '../../core/decision.ts';
import { commit } from '../commit.ts';
import type { Sql } from '../database.ts';

/**
 * Writes decisions on locked tickets, one for each.
 * @throws where one of them is not written: nobody else can have changed its ticket
 */
export async function writeDecisions(
  tx: Sql,
  account: string,
  decisions: readonly Decision[],
): Promise<readonly Decision[]> {
  const items = decisions.map((decision) => ({ decision, idempotency: null }));
  if ((await commit(tx, account, items)).includes(false)) {
    throw new Error('A ticket is locked by this transaction, yet it changed');
  }
  return decisions;
}
