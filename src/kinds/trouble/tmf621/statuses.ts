import { type Refusal, refuse } from '../../../kernel/errors.ts';
import { type TroubleRole, type TroubleState, type TroubleTransition, troubleWorkflow } from '../workflow.ts';

/** The statuses as TM Forum spells them. */
export const STATUSES = [
  'acknowledged',
  'rejected',
  'pending',
  'held',
  'inProgress',
  'cancelled',
  'closed',
  'resolved',
] as const;

export type Status = (typeof STATUSES)[number];

const OF_STATE: Readonly<Record<TroubleState, Status>> = {
  acknowledged: 'acknowledged',
  openActive: 'inProgress',
  awaitingInformation: 'pending',
  awaitingCancelation: 'pending',
  held: 'held',
  cleared: 'resolved',
  closed: 'closed',
  canceled: 'cancelled',
  rejected: 'rejected',
};

/** The moves that there are, whoever may do them. */
const MOVES: Readonly<Record<Status, readonly Status[]>> = {
  acknowledged: ['inProgress', 'rejected', 'cancelled'],
  inProgress: ['pending', 'held', 'resolved', 'cancelled'],
  pending: ['inProgress', 'cancelled'],
  held: ['inProgress', 'cancelled'],
  resolved: ['closed', 'inProgress'],
  closed: [],
  cancelled: [],
  rejected: [],
};

/** The transitions that make a ticket, by the status that it begins with. */
const CREATIONS: Readonly<Partial<Record<Status, TroubleTransition>>> = {
  acknowledged: 'acknowledge',
  inProgress: 'TU01',
};

function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}

export function statusOf(state: string): Status {
  return OF_STATE[state as TroubleState];
}

/** The states that a status stands for; none where nobody knows the status. */
export function statesOf(status: string): TroubleState[] {
  return (Object.keys(OF_STATE) as TroubleState[]).filter((state) => OF_STATE[state] === status);
}

/**
 * The transition that makes a ticket of this status.
 * @param lenient a status that nobody knows counts as acknowledged
 * @returns null where no ticket begins with it
 */
export function creationOf(status: string | undefined, lenient: boolean): TroubleTransition | null {
  if (status === undefined) return 'acknowledge';
  if (!isStatus(status)) return lenient ? 'acknowledge' : null;
  return CREATIONS[status] ?? null;
}

/** The statuses that a ticket may begin with. */
export const FIRST_STATUSES = Object.keys(CREATIONS) as Status[];

/** The statuses that a ticket may move to from its state, for the role that asks or for both. */
export function movesFrom(state: string, role: TroubleRole | null = null): Status[] {
  return MOVES[statusOf(state)].filter((to) => {
    const found = transitionsTo(state, to);
    return role === null ? found.length > 0 : found.some((name) => byOf(name).includes(role));
  });
}

/**
 * The transition that a new status means.
 * @returns a refusal that tells the moves allowed: `invalidTransition` where there is no such move, `notYourTransition`
 *   where it belongs to the other side
 */
export function resolveMove(
  state: string,
  role: TroubleRole,
  to: Status,
): { readonly ok: true; readonly name: TroubleTransition } | Refusal {
  const from = statusOf(state);
  const found = MOVES[from].includes(to) ? transitionsTo(state, to) : [];
  const name = found.find((transition) => byOf(transition).includes(role));
  if (name) return { ok: true, name };
  if (found.length > 0) {
    const sides = found.flatMap(byOf).join(' or ');
    return refuse(
      'notYourTransition',
      `From ${from} to ${to} is a move of the ${sides}; you are the ${role}.`,
    );
  }
  return refuse('invalidTransition', `A ticket cannot go from ${from} to ${to}.`);
}

/** The transitions from a state to a status. */
function transitionsTo(state: string, to: Status): TroubleTransition[] {
  const names = Object.keys(troubleWorkflow.transitions) as TroubleTransition[];
  return names.filter((name) => {
    const { from, to: target } = troubleWorkflow.transitions[name];
    const sources: readonly string[] = from ?? [];
    // Whoever puts a ticket to pending asks for information; asking for a cancellation is OSS/J's own.
    if (target === 'awaitingCancelation') return false;
    return target !== null && sources.includes(state) && statusOf(target) === to;
  });
}

function byOf(name: TroubleTransition): readonly string[] {
  return troubleWorkflow.transitions[name].by;
}
