import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import { SETTLEMENT_CONTRACT } from '../../core/settlement.ts';
import type { Sql } from '../database.ts';
import { firstPossible } from './first-possible.ts';
import type { Happening, Settled } from './happening.ts';
import { noteOfSettlement } from './note.ts';
import { attemptPiece, type HandOffWork } from './work.ts';
import { writeDecisions } from './write-decisions.ts';

/** Writes the comment of each settlement on the tickets that it is for, and brings them to their end. */
export async function settleChildren(
  work: HandOffWork,
  happenings: readonly Happening[],
): Promise<readonly Decision[]> {
  const settled = happenings.filter((happening) => happening.type === 'settled');
  const comments = await attemptPiece(work, async (tx) =>
    writeDecisions(
      tx,
      work.account,
      settled.flatMap((one) => decideComments(work, one)),
    ),
  );
  if (!comments) return [];
  const ends = await attemptPiece(work, (tx) => writeEnds(work, tx, comments));
  return [...comments, ...(ends ?? [])];
}

function contextOf({ context }: HandOffWork) {
  return { ...context, contract: SETTLEMENT_CONTRACT };
}

function decideComments(work: HandOffWork, { settlement, children }: Settled): Decision[] {
  const decisions: Decision[] = [];
  for (const { child, parent } of children) {
    const ticket = work.tickets.get(child.id);
    const kind = ticket && work.kinds.get(ticket.kind);
    if (!kind) continue;
    const decision = decide(kind, ticket, noteOfSettlement(settlement, parent), contextOf(work));
    if (!decision.ok) throw new Error(`A comment was refused: ${decision.code}, ${decision.message}`);
    decisions.push(decision);
  }
  return decisions;
}

async function writeEnds(
  work: HandOffWork,
  tx: Sql,
  comments: readonly Decision[],
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (const { ticket } of comments) {
    const kind = work.kinds.get(ticket.kind);
    if (!kind) continue;
    const steps = kind.receives?.settle?.(ticket) ?? [];
    const decision = await firstPossible({ ...work, tx }, kind, ticket, steps, contextOf(work));
    if (decision?.ok) decisions.push(decision);
    else if (decision) {
      const { code, message } = decision;
      work.log.warn(
        { account: work.account, ticket: ticket.key, code, message },
        'a child cannot be settled',
      );
    }
  }
  return writeDecisions(tx, work.account, decisions);
}
