import { Type } from 'typebox';
import type { Change, ChangeContext, Input, Kind, NewAttachment } from '../src/core/kind.ts';
import type { Ticket } from '../src/core/ticket.ts';
import { defineWorkflow } from '../src/core/workflow.ts';
import { invalid, type Refusal } from '../src/kernel/errors.ts';

/** A small workflow with every feature that the hall has, so that the hall's tests need no wing. */
export const errandWorkflow = defineWorkflow({
  kind: 'errand',
  version: 1,
  roles: ['requester', 'resolver'],
  states: {
    new: { label: 'New', category: 'initial' },
    open: { label: 'Open', category: 'active' },
    waiting: { label: 'Waiting', category: 'waiting' },
    done: { label: 'Done', category: 'final' },
  },
  transitions: {
    ask: { label: 'Ask', from: null, to: 'new', by: ['requester'] },
    accept: { label: 'Accept', from: ['new'], to: 'open', by: ['resolver'] },
    wait: {
      label: 'Wait for an answer',
      from: ['open'],
      to: 'waiting',
      by: ['resolver'],
      requires: ['question'],
      starts: ['reminder', 'patience'],
    },
    answer: {
      label: 'Answer',
      from: ['waiting'],
      to: 'open',
      by: ['requester'],
      cancels: ['reminder', 'patience'],
    },
    note: { label: 'Note', from: ['new', 'open', 'waiting'], to: null, by: ['requester', 'resolver'] },
    resolve: {
      label: 'Resolve',
      from: ['open', 'waiting'],
      to: 'done',
      by: ['resolver'],
      requires: ['outcome', 'spentMinutes'],
    },
    withdraw: { label: 'Withdraw', from: ['new', 'open', 'waiting'], to: 'done', by: ['requester'] },
    remind: { label: 'Remind', from: ['waiting'], to: null, by: ['resolver'], firedBy: 'reminder' },
    giveUp: { label: 'Give up', from: ['waiting'], to: 'done', by: ['resolver'], firedBy: 'patience' },
    reopen: { label: 'Open again', from: ['done'], to: 'open', by: ['requester'] },
  },
  timers: {
    reminder: { label: 'Reminder', fires: 'remind', after: { setting: 'errand.reminder' } },
    patience: { label: 'Patience', fires: 'giveUp', after: { setting: 'errand.patience' } },
  },
});

export type ErrandTransition = keyof typeof errandWorkflow.transitions;

/**
 * An errand of one party for another. `onTimeout` in its fields makes its timers fail: `throw` breaks the decision,
 * `refuse` refuses it, `break` makes a decision that cannot be stored.
 */
export const errandKind: Kind = {
  name: 'errand',
  label: 'Errand',
  workflow: errandWorkflow,
  keyPrefix: null,
  settings: [
    { key: 'errand.reminder', type: 'duration', default: 'PT30M', label: 'Time until the reminder' },
    { key: 'errand.patience', type: 'duration', default: 'PT1H', label: 'Time until nobody waits any more' },
  ],
  createSchema: Type.Object({ title: Type.String() }),
  editSchema: Type.Object({}),
  inputSchema: () => Type.Object({}),
  creatorRole: (actor) => (actor.party === null ? null : 'requester'),
  roleOf(ticket, actor) {
    if (actor.party === null) return null;
    if (actor.party === ticket.issuer) return 'requester';
    return actor.party === ticket.owner ? 'resolver' : null;
  },
  change: changeErrand,
};

export const errandKinds = new Map([[errandKind.name, errandKind]]);

function changeErrand(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  { actor }: ChangeContext,
): Change | Refusal {
  if (input.fault) return invalid([{ pointer: '/fault', message: String(input.fault) }]);
  const { title, priority, assignee, queue, customer, tags, owner, externalReference, uniqueKey } = input;
  const { text, files, fault, ...rest } = input;
  if (name === 'remind' || name === 'giveUp') {
    const onTimeout = ticket?.fields.onTimeout;
    if (onTimeout === 'throw') throw new Error('This errand cannot be given up.');
    if (onTimeout === 'refuse') return invalid([{ pointer: '', message: 'never' }], 'This errand is kept.');
    if (onTimeout === 'break') return { ok: true, set: { title: 'NUL: \u0000' } };
  }
  if (ticket && name !== null) {
    return {
      ok: true,
      set: { fields: { ...ticket.fields, ...input } },
      data: input,
      searchText: textOf(text),
    };
  }
  const set = { title, priority, assignee, queue, customer, tags, owner, externalReference, uniqueKey };
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
  return {
    ok: true,
    set: {
      ...given,
      fields: { ...ticket?.fields, ...rest },
      ...(!ticket && { issuer: actor.party, owner: (owner as string | undefined) ?? actor.account }),
    },
    data: rest,
    searchText: textOf(text),
    attachments: (files as NewAttachment[] | undefined) ?? [],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
