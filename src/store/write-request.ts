import type { Command } from '../core/command.ts';
import type { Decision } from '../core/decision.ts';
import type { Kind } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey } from '../kernel/answer.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { CommitItem } from './commit.ts';
import type { TicketRef } from './load.ts';

/** Makes the answer from the ticket as it will be, before it is written: the idempotency record holds it. */
export type ToAnswer = (ticket: Ticket, kind: Kind, now: Date) => Answer;

interface WriteRequest {
  readonly actor: Actor;
  readonly contract: string;
  readonly idempotency: IdempotencyKey | null;
  readonly answer: ToAnswer;
}

export interface CreateRequest extends WriteRequest {
  readonly kind: Kind;
  readonly command: Extract<Command, { type: 'create' }>;
}

export interface ChangeRequest extends WriteRequest {
  readonly ref: TicketRef;
  /** Only a ticket of this kind is found; null: any kind. */
  readonly kind: string | null;
  /** The version that the caller has seen, null where it does not say. */
  readonly ifMatch: number | null;
  /** Whether the ticket is there for the actor; when absent, it is for those who play a role on it. */
  readonly admits?: (ticket: Ticket, kind: Kind) => boolean;
  /** What to do, once the ticket is known; null: nothing, and the answer is the ticket as it is. */
  readonly command: (ticket: Ticket, kind: Kind, now: Date) => Command | Refusal | null;
  /**
   * What becomes of a command that another one overtook: decided again on the ticket as it now is, or refused
   * (`stateMoved`) if the ticket has left the state that the first decision was made on.
   */
  readonly whenOvertaken: 'decideAgain' | 'refuseIfMoved';
}

/** The decision together with the record that gives the same answer to the same request. */
export function commitItemOf(
  { actor, idempotency }: Pick<WriteRequest, 'actor' | 'idempotency'>,
  decision: Decision,
  answer: Answer,
): CommitItem {
  return { decision, idempotency: idempotency && { ...idempotency, actor: actor.id, answer } };
}
