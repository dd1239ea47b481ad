import type { Catalogue } from '../core/collection.ts';
import { decide } from '../core/decide.ts';
import type { KindRegistry } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Answer } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import type { CommitItem } from './commit.ts';
import { preconditionRefusal, withPresentState } from './precondition.ts';
import { type ChangeRequest, commitItemOf } from './write-request.ts';

/** What decisions need to know of the account. */
export interface Known {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
}

/** What is to become of a request: a refusal, an answer for a ticket that stays as it is, or one with what has to be written. */
export type Plan =
  | { readonly refusal: Refusal; readonly item: null }
  | { readonly unchanged: Ticket; readonly answer: Answer; readonly item: null }
  | { readonly answer: Answer; readonly item: CommitItem };

/**
 * Decides a change on the ticket as it was loaded. Nothing is read or written.
 * @param decidedOn the state that the first attempt was decided on, null in that attempt
 */
export function planChange(
  { kinds, clock }: { readonly kinds: KindRegistry; readonly clock: Clock },
  request: ChangeRequest,
  { settings, catalogue }: Known,
  ticket: Ticket | null,
  decidedOn: string | null,
): Plan {
  const { actor, contract } = request;
  const kind = ticket && kinds.get(ticket.kind);
  if (!kind || (request.kind !== null && kind.name !== request.kind)) {
    return { refusal: refuse('ticketNotFound'), item: null };
  }
  const now = clock.now();
  const refused = (refusal: Refusal): Plan => ({
    refusal: withPresentState(refusal, kind, ticket, actor, now),
    item: null,
  });
  const refusal = preconditionRefusal(kind, ticket, request) ?? movedRefusal(ticket, decidedOn, request);
  if (refusal) return refused(refusal);
  const command = request.command(ticket, kind, now);
  if (command === null) return { unchanged: ticket, answer: request.answer(ticket, kind, now), item: null };
  if ('ok' in command) return refused(command);
  const decision = decide(kind, ticket, command, { actor, now, settings, catalogue, contract });
  if (!decision.ok) return refused(decision);
  const answer = request.answer(decision.ticket, kind, now);
  return { answer, item: commitItemOf(request, decision, answer) };
}

function movedRefusal(
  ticket: Ticket,
  decidedOn: string | null,
  { whenOvertaken }: ChangeRequest,
): Refusal | null {
  if (decidedOn === null || decidedOn === ticket.state || whenOvertaken === 'decideAgain') return null;
  return refuse('stateMoved', `Somebody else moved the ticket to ${ticket.state} at the same moment.`);
}
