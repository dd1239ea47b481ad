import type { DecideContext } from '../../core/decision.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Sql } from '../database.ts';
import { inSavepoint } from '../database.ts';
import { isCollision, isUnavailable } from '../failure.ts';
import type { Store } from '../store.ts';

/** What a transaction of hand-offs works with. */
export interface HandOffWork extends Pick<Store, 'kinds' | 'directory' | 'log' | 'takeNumbers'> {
  readonly tx: Sql;
  readonly account: string;
  /** The tickets that ask, hear news or are told of a settlement, locked; one that was erased is missing. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  readonly context: Omit<DecideContext, 'birth'>;
  /** After a failure: what fails now is noted or logged, and the reader goes on. */
  readonly isAlone: boolean;
}

/**
 * Does a piece of the work. Alone it may fail without failing the transaction.
 * @returns null where it failed; the log says why
 */
export async function attemptPiece<T>(
  { tx, account, log, isAlone }: HandOffWork,
  piece: (tx: Sql) => Promise<T>,
): Promise<T | null> {
  if (!isAlone) return piece(tx);
  try {
    return await inSavepoint(tx, piece);
  } catch (error) {
    if (isUnavailable(error) || isCollision(error)) throw error;
    log.error({ err: error, account }, 'a part of a hand-off failed and is left out');
    return null;
  }
}
