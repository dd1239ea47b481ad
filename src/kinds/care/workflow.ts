import { defineWorkflow } from '../../core/workflow.ts';

/** The setting with the time from a ticket's creation to its deadline. */
export const DEADLINE_SETTING = 'care.deadline';

const open = ['assigned', 'escalated'] as const;

/** The states of a customer-care ticket and what an agent does with it. */
export const careWorkflow = defineWorkflow({
  kind: 'care',
  version: 1,
  roles: ['agent'],
  states: {
    assigned: { label: 'Assigned', category: 'active' },
    escalated: { label: 'Escalated', category: 'waiting' },
    closed: { label: 'Closed', category: 'final' },
  },
  transitions: {
    create: { label: 'Create ticket', from: null, to: 'assigned', by: ['agent'], starts: ['deadline'] },
    escalate: { label: 'Escalate', from: ['assigned'], to: 'escalated', by: ['agent'] },
    reassign: { label: 'Reassign', from: open, to: 'assigned', by: ['agent'], requires: ['assignee'] },
    transfer: { label: 'Transfer', from: ['assigned'], to: null, by: ['agent'], requires: ['queueId'] },
    close: { label: 'Close', from: open, to: 'closed', by: ['agent'] },
    updateReason: { label: 'Set the contact reason', from: open, to: null, by: ['agent'], requires: ['ccr'] },
    updateOrder: {
      label: 'Set the order',
      from: open,
      to: null,
      by: ['agent'],
      requires: ['orderId', 'geid'],
    },
    respond: { label: 'Note the first answer', from: open, to: null, by: ['agent'] },
    pick: { label: 'Note the taking up', from: open, to: null, by: ['agent'] },
    closeChat: { label: 'Close the chat', from: open, to: null, by: ['agent'] },
    missDeadline: {
      label: 'Miss the deadline',
      from: open,
      to: null,
      by: ['agent'],
      firedBy: 'deadline',
    },
  },
  timers: {
    deadline: { label: 'Deadline', fires: 'missDeadline', after: { setting: DEADLINE_SETTING } },
  },
});

export type CareState = keyof typeof careWorkflow.states;
export type CareTransition = keyof typeof careWorkflow.transitions;
