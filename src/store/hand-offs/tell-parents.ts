import type { ChildNews } from '../../core/child-news.ts';
import type { CommentCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import type { Kind } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Sql } from '../database.ts';
import { firstPossible } from './first-possible.ts';
import { attemptPiece, type HandOffWork } from './work.ts';
import { writeDecisions } from './write-decisions.ts';

/** News for a ticket, with what is noted there. */
export interface Told {
  readonly news: ChildNews;
  readonly note: CommentCommand;
  /** The note is written even where the ticket's kind has nothing to say. */
  readonly isNoted: boolean;
}

/**
 * Tells locked tickets, by their ids, what became of what they asked for: each does the transition that its kind says, or
 * gets a note. A ticket whose kind this server does not have hears nothing.
 */
export async function tellParents(
  work: HandOffWork,
  told: ReadonlyMap<string, Told>,
): Promise<readonly Decision[]> {
  const followed = await attemptPiece(work, (tx) => write(work, tx, told, follow));
  return followed ?? (await attemptPiece(work, (tx) => write(work, tx, told, noted))) ?? [];
}

type Answer = (
  work: HandOffWork,
  kind: Kind,
  ticket: Ticket,
  told: Told,
) => Promise<Decision | null> | Decision | null;

async function write(
  work: HandOffWork,
  tx: Sql,
  told: ReadonlyMap<string, Told>,
  answer: Answer,
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (const [id, one] of told) {
    const ticket = work.tickets.get(id);
    const kind = ticket && work.kinds.get(ticket.kind);
    const decision = kind && (await answer({ ...work, tx }, kind, ticket, one));
    if (decision) decisions.push(decision);
  }
  return writeDecisions(tx, work.account, decisions);
}

async function follow(work: HandOffWork, kind: Kind, ticket: Ticket, told: Told): Promise<Decision | null> {
  const { news, isNoted } = told;
  const steps = kind.hears?.(news, ticket) ?? [];
  const decision = await firstPossible(work, kind, ticket, steps, work.context);
  if (decision?.ok) return withoutTeller(decision, news);
  if (!decision && !isNoted) return null;
  if (decision) {
    const { account, log } = work;
    const { code, message } = decision;
    log.warn(
      { account, ticket: ticket.key, news: news.type, code, message },
      'no transition follows from news',
    );
  }
  return noted(work, kind, ticket, told);
}

function noted({ context }: HandOffWork, kind: Kind, ticket: Ticket, { note }: Told): Decision {
  const decision = decide(kind, ticket, note, context);
  if (!decision.ok) throw new Error(`A note was refused: ${decision.code}, ${decision.message}`);
  return decision;
}

/** A settlement that follows from a child's news is not told back to that child. */
function withoutTeller(decision: Decision, { child }: ChildNews): Decision {
  const { event } = decision;
  const { settlement } = event.data;
  if (!child || typeof settlement !== 'object') return decision;
  const data = { ...event.data, settlement: { ...settlement, except: child.id } };
  return { ...decision, event: { ...event, data } };
}
