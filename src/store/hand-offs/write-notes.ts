import type { CommentCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import { commit } from '../commit.ts';
import { attemptPiece, type HandOffWork } from './work.ts';

/** Writes notes on the locked tickets, by their ids. A ticket whose kind this server does not have gets none. */
export async function writeNotes(
  work: HandOffWork,
  notes: ReadonlyMap<string, CommentCommand>,
): Promise<readonly Decision[]> {
  const written = await attemptPiece(work, async (tx) => {
    const decisions: Decision[] = [];
    for (const [id, note] of notes) {
      const ticket = work.parents.get(id);
      const kind = ticket && work.kinds.get(ticket.kind);
      if (!kind) continue;
      const decision = decide(kind, ticket, note, work.context);
      if (!decision.ok) throw new Error(`A note was refused: ${decision.code}, ${decision.message}`);
      decisions.push(decision);
    }
    const items = decisions.map((decision) => ({ decision, idempotency: null }));
    if ((await commit(tx, work.account, items)).includes(false)) {
      throw new Error('A ticket is locked by this transaction, yet it changed');
    }
    return decisions;
  });
  return written ?? [];
}
