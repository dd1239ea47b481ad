import { defineWorkflow } from '../../core/workflow.ts';

/** The states of a service ticket, from a workshop's wish to the end of the service. */
export const serviceWorkflow = defineWorkflow({
  kind: 'service',
  version: 1,
  roles: ['worker'],
  states: {
    prepared: { label: 'Prepared', category: 'initial' },
    pending: { label: 'Pending', category: 'initial' },
    inProgress: { label: 'In progress', category: 'active' },
    outsourced: { label: 'Outsourced', category: 'waiting' },
    closed: { label: 'Closed', category: 'final' },
    cancelled: { label: 'Cancelled', category: 'final' },
  },
  transitions: {
    create: { label: 'Prepare ticket', from: null, to: 'prepared', by: ['worker'] },
    submit: { label: 'Submit', from: ['prepared'], to: 'pending', by: ['worker'] },
    startService: {
      label: 'Start service',
      from: ['pending'],
      to: 'inProgress',
      by: ['worker'],
      requires: ['operatorId'],
    },
    stopService: { label: 'Stop service', from: ['inProgress', 'outsourced'], to: 'closed', by: ['worker'] },
    outsource: {
      label: 'Outsource',
      from: ['inProgress'],
      to: 'outsourced',
      by: ['worker'],
      requires: ['providerId'],
    },
    reclaim: { label: 'Reclaim', from: ['outsourced'], to: 'inProgress', by: ['worker'] },
    cancel: {
      label: 'Cancel',
      from: ['prepared', 'pending', 'inProgress'],
      to: 'cancelled',
      by: ['worker'],
    },
  },
  timers: {},
});

export type ServiceState = keyof typeof serviceWorkflow.states;
export type ServiceTransition = keyof typeof serviceWorkflow.transitions;
