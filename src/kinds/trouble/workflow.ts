import { defineWorkflow } from '../../core/workflow.ts';

/** The setting with the time from CLEARED until the ticket closes by itself. */
export const GUARANTEE_SETTING = 'trouble.guaranteePeriod';

const unfinished = ['openActive', 'awaitingCancelation', 'awaitingInformation', 'cleared'] as const;

/**
 * The states and transactions of an OSS/J trouble ticket between its issuer (TU) and its owner (TO), after the
 * published transaction table and ITU-T X.790.
 */
export const troubleWorkflow = defineWorkflow({
  kind: 'trouble',
  version: 1,
  roles: ['TU', 'TO'],
  states: {
    openActive: { label: 'Open', category: 'active' },
    awaitingCancelation: { label: 'Awaiting cancellation', category: 'waiting' },
    awaitingInformation: { label: 'Awaiting information', category: 'waiting' },
    cleared: { label: 'Cleared', category: 'waiting' },
    closed: { label: 'Closed', category: 'final' },
    canceled: { label: 'Cancelled', category: 'final' },
  },
  transitions: {
    TU01: { label: 'Create ticket', from: null, to: 'openActive', by: ['TU'] },
    TO02: { label: 'Request cancellation', from: ['openActive'], to: 'awaitingCancelation', by: ['TO'] },
    TU03: {
      label: 'Cancel ticket',
      from: ['openActive', 'awaitingCancelation', 'awaitingInformation'],
      to: 'canceled',
      by: ['TU'],
    },
    TU04: {
      label: 'Reject cancellation request',
      from: ['awaitingCancelation'],
      to: 'openActive',
      by: ['TU'],
    },
    TO05: { label: 'Request information', from: ['openActive'], to: 'awaitingInformation', by: ['TO'] },
    TU06: { label: 'Send information', from: ['awaitingInformation'], to: 'openActive', by: ['TU'] },
    TO07: {
      label: 'Resolve ticket',
      from: ['openActive'],
      to: 'cleared',
      by: ['TO'],
      requires: ['closeOutType', 'closeOutNarr', 'serviceRestoredTime'],
      starts: ['guarantee'],
    },
    TU08: {
      label: 'Reject resolution',
      from: ['cleared'],
      to: 'openActive',
      by: ['TU'],
      cancels: ['guarantee'],
    },
    TU09: { label: 'Close ticket', from: ['cleared', 'openActive'], to: 'closed', by: ['TU'] },
    TU10: { label: 'Send information, no change', from: unfinished, to: null, by: ['TU'] },
    TO11: { label: 'Send information, no change', from: unfinished, to: null, by: ['TO'] },
    TO12: {
      label: 'Close after the guarantee period',
      from: ['cleared'],
      to: 'closed',
      by: ['TO'],
      firedBy: 'guarantee',
    },
  },
  timers: {
    guarantee: { label: 'Guarantee period', fires: 'TO12', after: { setting: GUARANTEE_SETTING } },
  },
});

export type TroubleState = keyof typeof troubleWorkflow.states;
export type TransactionCode = keyof typeof troubleWorkflow.transitions;
export type TroubleRole = 'TU' | 'TO';
