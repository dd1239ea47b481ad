import { defineWorkflow } from '../../core/workflow.ts';

const always = ['open', 'closed'] as const;

/**
 * An exception is opened by a rule, and closed by the help desk or by the work item's own events. What the help desk
 * says later may open it again; what the work item has settled stays settled.
 */
export const exceptionWorkflow = defineWorkflow({
  kind: 'exception',
  version: 1,
  roles: ['engine', 'helpDesk', 'partner'],
  states: {
    open: { label: 'Open', category: 'active' },
    closed: { label: 'Closed', category: 'final' },
  },
  transitions: {
    open: { label: 'Open exception', from: null, to: 'open', by: ['engine'] },
    answer: {
      label: 'Help desk has a ticket',
      from: always,
      to: null,
      late: true,
      by: ['helpDesk'],
      requires: ['reference'],
    },
    fail: {
      label: 'Help desk cannot be reached',
      from: always,
      to: null,
      late: true,
      by: ['helpDesk'],
      requires: ['fault'],
    },
    retry: { label: 'Try the help desk again', from: always, to: null, late: true, by: ['partner'] },
    note: {
      label: 'Help-desk ticket changed',
      from: always,
      to: null,
      late: true,
      by: ['helpDesk'],
      requires: ['status'],
    },
    solve: { label: 'Help desk has solved it', from: ['open'], to: 'closed', by: ['helpDesk'] },
    reopen: { label: 'Help desk opens it again', from: ['closed'], to: 'open', by: ['helpDesk'] },
    settle: { label: 'Settled by the work item', from: always, to: 'closed', by: ['engine'] },
  },
  timers: {},
});

export type ExceptionTransition = keyof typeof exceptionWorkflow.transitions;
export type ExceptionRole = (typeof exceptionWorkflow.roles)[number];
