import { allowedTransitions } from '../core/available.ts';
import type { Kind } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';

export interface Precondition {
  readonly actor: Actor;
  /** The version that the caller has seen, null where it does not say. */
  readonly ifMatch: number | null;
  /** Whether the ticket is there for the actor; when absent, it is for those who play a role on it. */
  readonly admits?: (ticket: Ticket, kind: Kind) => boolean;
}

/** What must hold before a change is decided: the caller sees the ticket, at the version that it means. */
export function preconditionRefusal(
  kind: Kind,
  ticket: Ticket,
  { actor, ifMatch, admits }: Precondition,
): Refusal | null {
  const admitted = admits ? admits(ticket, kind) : kind.roleOf(ticket, actor) !== null;
  if (!admitted && actor.type !== 'system') return refuse('ticketNotFound');
  if (ifMatch === null || ifMatch === ticket.version) return null;
  return refuse('versionMismatch', `The ticket is at version ${ticket.version}, not ${ifMatch}.`, {
    data: { version: ticket.version },
  });
}

const ABOUT_THE_STATE = new Set(['invalidTransition', 'notYourTransition', 'stateMoved', 'versionMismatch']);

/** A refusal that has to do with the ticket's state tells that state, and what the caller may do in it. */
export function withPresentState(
  refusal: Refusal,
  kind: Kind,
  ticket: Ticket,
  actor: Actor,
  now: Date,
): Refusal {
  if (!ABOUT_THE_STATE.has(refusal.code)) return refusal;
  const allowed = allowedTransitions(kind, ticket, actor, now);
  return { ...refusal, data: { ...refusal.data, state: ticket.state, allowed } };
}

export function unknownPartyRefusal(party: string): Refusal {
  return refuse('unknownParty', `The party ${party} is not known to this account.`, { data: { party } });
}

/** @param holder the ticket that has the unique key already */
export function duplicateRefusal({ key, id }: Pick<Ticket, 'key' | 'id'>): Refusal {
  return refuse('duplicate', `The ticket ${key} has this reference already.`, { data: { key, id } });
}
