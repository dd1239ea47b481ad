import type { Actor } from '../kernel/actor.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Kind } from './kind.ts';
import type { Ticket } from './ticket.ts';

/** The role of the system when a timer fires; it may do exactly what that timer fires. */
export const TIMER_ROLE = 'timer';

/**
 * The role that the actor plays on the ticket: its kind says, but for the system, which acts for timers.
 * @param as what the system acts for where it is no timer
 */
export function transitionRole(kind: Kind, ticket: Ticket, actor: Actor, as = TIMER_ROLE): string | null {
  return actor.type === 'system' ? as : kind.roleOf(ticket, actor);
}

/** One transition of a ticket, and whether this actor may do it now; if not, why not. */
export interface Availability {
  readonly name: string;
  readonly label: string;
  readonly to: string;
  readonly requires: readonly string[];
  readonly allowed: boolean;
  readonly refusal: Refusal | null;
}

type Obstacle = 'otherState' | 'otherRole' | 'notFired' | 'notPending' | 'tooEarly';

/**
 * What keeps a role from doing a transition on a ticket now, null where nothing does. The one place where this is
 * decided: `decide` and `available` both ask here.
 */
function obstacle(kind: Kind, ticket: Ticket, role: string, name: string, now: Date): Obstacle | null {
  const { transitions } = kind.workflow;
  const transition = Object.hasOwn(transitions, name) ? transitions[name] : undefined;
  if (!transition?.from?.includes(ticket.state)) return 'otherState';
  const { firedBy } = transition;
  const pending = firedBy === undefined ? undefined : ticket.timers[firedBy];
  if (role === TIMER_ROLE) {
    if (firedBy === undefined) return 'notFired';
    // Its due time is no condition here: who fires a timer by hand fires it early.
    return pending ? null : 'notPending';
  }
  if (!transition.by.includes(role)) return 'otherRole';
  return pending && pending.dueAt > now ? 'tooEarly' : null;
}

/**
 * Whether a role may do a transition on a ticket now.
 * @returns null where it may, else the refusal
 */
export function transitionRefusal(
  kind: Kind,
  ticket: Ticket,
  role: string,
  name: string,
  now: Date,
): Refusal | null {
  const found = obstacle(kind, ticket, role, name, now);
  if (found === null) return null;
  const { state } = ticket;
  const { by = [], firedBy = '' } = kind.workflow.transitions[name] ?? {};
  const data = { state, transition: name };
  switch (found) {
    case 'otherState':
      return refuse('invalidTransition', `${name} cannot be done from ${state}.`, { data });
    case 'notFired':
      return refuse('notYourTransition', `${name} is not done by a timer.`);
    case 'notPending':
      return refuse('invalidTransition', `The timer ${firedBy} is not pending.`, { data });
    case 'otherRole':
      return refuse('notYourTransition', `${name} belongs to ${by.join(' or ')}; you are ${role}.`, {
        data: { ...data, role },
      });
    case 'tooEarly': {
      const notBefore = ticket.timers[firedBy]?.dueAt.toISOString();
      return refuse('invalidTransition', `${name} may be done from ${notBefore} on.`, {
        data: { ...data, notBefore },
      });
    }
  }
}

/** Every transition of the ticket's kind but the creating ones, with the answer to "may I, and why not". */
export function available(kind: Kind, ticket: Ticket, actor: Actor, now: Date): Availability[] {
  const role = transitionRole(kind, ticket, actor);
  const list: Availability[] = [];
  for (const [name, transition] of Object.entries(kind.workflow.transitions)) {
    if (transition.from === null) continue;
    const refusal =
      role === null
        ? refuse('forbidden', 'You play no role on this ticket.')
        : transitionRefusal(kind, ticket, role, name, now);
    list.push({
      name,
      label: transition.label,
      to: transition.to ?? ticket.state,
      requires: transition.requires ?? [],
      allowed: refusal === null,
      refusal,
    });
  }
  return list;
}

/** The names of the transitions that the actor may do now, in the workflow's order. */
export function allowedTransitions(kind: Kind, ticket: Ticket, actor: Actor, now: Date): string[] {
  const role = transitionRole(kind, ticket, actor);
  if (role === null) return [];
  const { transitions } = kind.workflow;
  return Object.keys(transitions).filter((name) => obstacle(kind, ticket, role, name, now) === null);
}
