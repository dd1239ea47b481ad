import { defineWorkflow } from '../../core/workflow.ts';

const unfinished = ['new', 'open', 'pending', 'holding'] as const;
const notClosed = [...unfinished, 'solved'] as const;

/**
 * The six statuses of a help-desk ticket. They move freely, but a solved ticket is opened again only to open, pending or
 * holding, and a closed one stays closed: what comes for it later opens a ticket of its own, linked to it.
 */
export const deskWorkflow = defineWorkflow({
  kind: 'desk',
  version: 1,
  roles: ['agent'],
  states: {
    new: { label: 'New', category: 'initial' },
    open: { label: 'Open', category: 'active' },
    pending: { label: 'Pending', category: 'waiting' },
    holding: { label: 'On hold', category: 'waiting' },
    solved: { label: 'Solved', category: 'waiting' },
    closed: { label: 'Closed', category: 'final' },
  },
  transitions: {
    create: { label: 'Create ticket', from: null, to: 'new', by: ['agent'] },
    followUp: {
      label: 'Customer message on a closed ticket',
      from: null,
      to: 'new',
      by: ['agent'],
      requires: ['follows', 'content'],
    },
    setNew: { label: 'Set to new', from: ['open', 'pending', 'holding'], to: 'new', by: ['agent'] },
    setOpen: { label: 'Open', from: ['new', 'pending', 'holding', 'solved'], to: 'open', by: ['agent'] },
    setPending: {
      label: 'Set to pending',
      from: ['new', 'open', 'holding', 'solved'],
      to: 'pending',
      by: ['agent'],
    },
    setHolding: {
      label: 'Put on hold',
      from: ['new', 'open', 'pending', 'solved'],
      to: 'holding',
      by: ['agent'],
    },
    setSolved: { label: 'Solve', from: unfinished, to: 'solved', by: ['agent'] },
    setClosed: { label: 'Close', from: notClosed, to: 'closed', by: ['agent'] },
    customerMessage: {
      label: 'Customer message',
      from: unfinished,
      to: null,
      by: ['agent'],
      requires: ['content'],
    },
    customerReopens: {
      label: 'Customer message, open again',
      from: ['solved'],
      to: 'open',
      by: ['agent'],
      requires: ['content'],
    },
    agentMessage: {
      label: 'Agent message',
      from: notClosed,
      to: null,
      by: ['agent'],
      requires: ['content'],
    },
    note: { label: 'Note', from: notClosed, to: null, by: ['agent'], requires: ['content'] },
  },
  timers: {},
});

export type DeskState = keyof typeof deskWorkflow.states;
export type DeskTransition = keyof typeof deskWorkflow.transitions;
export type DeskRole = (typeof deskWorkflow.roles)[number];

export const DESK_STATES = Object.keys(deskWorkflow.states) as readonly DeskState[];
export const UNFINISHED: readonly DeskState[] = unfinished;

const TO: Readonly<Record<DeskState, DeskTransition>> = {
  new: 'setNew',
  open: 'setOpen',
  pending: 'setPending',
  holding: 'setHolding',
  solved: 'setSolved',
  closed: 'setClosed',
};

/** The transition that sets a ticket to a status, from wherever that is allowed. */
export function transitionTo(state: DeskState): DeskTransition {
  return TO[state];
}

/** The transition by which a message of the customer comes in; null for a closed ticket, which takes none. */
export function customerTransition(state: string): DeskTransition | null {
  if (state === 'closed') return null;
  return state === 'solved' ? 'customerReopens' : 'customerMessage';
}
