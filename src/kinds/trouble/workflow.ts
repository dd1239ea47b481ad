import { defineWorkflow } from '../../core/workflow.ts';

/** The setting with the time from CLEARED until the ticket closes by itself. */
export const GUARANTEE_SETTING = 'trouble.guaranteePeriod';

/** Whether a new ticket with a status that TMF621 does not have is acknowledged instead of refused. */
export const LENIENT_STATUS_SETTING = 'tmf621.lenientStatus';

const unfinished = [
  'openActive',
  'awaitingCancelation',
  'awaitingInformation',
  'cleared',
  'acknowledged',
  'held',
] as const;

/**
 * The states and transactions of a trouble ticket between its issuer (TU) and its owner (TO), after the published
 * OSS/J transaction table and ITU-T X.790. What TM Forum's API knows beyond them has names without a code.
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
    acknowledged: { label: 'Acknowledged', category: 'initial' },
    held: { label: 'On hold', category: 'waiting' },
    rejected: { label: 'Rejected', category: 'final' },
  },
  transitions: {
    TU01: { label: 'Create ticket', from: null, to: 'openActive', by: ['TU'] },
    TO02: { label: 'Request cancellation', from: ['openActive'], to: 'awaitingCancelation', by: ['TO'] },
    TU03: {
      label: 'Cancel ticket',
      from: ['openActive', 'awaitingCancelation', 'awaitingInformation', 'acknowledged', 'held'],
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
    acknowledge: { label: 'Register ticket', from: null, to: 'acknowledged', by: ['TU'] },
    accept: { label: 'Begin work', from: ['acknowledged'], to: 'openActive', by: ['TO'] },
    reject: { label: 'Reject ticket', from: ['acknowledged'], to: 'rejected', by: ['TO'] },
    hold: { label: 'Put on hold', from: ['openActive'], to: 'held', by: ['TO'] },
    resume: { label: 'Resume work', from: ['held'], to: 'openActive', by: ['TO'] },
  },
  timers: {
    guarantee: { label: 'Guarantee period', fires: 'TO12', after: { setting: GUARANTEE_SETTING } },
  },
});

export type TroubleState = keyof typeof troubleWorkflow.states;
export type TroubleTransition = keyof typeof troubleWorkflow.transitions;
export type TroubleRole = 'TU' | 'TO';

/** The transactions of the published table, in its order. */
export const TRANSACTION_CODES = [
  'TU01',
  'TO02',
  'TU03',
  'TU04',
  'TO05',
  'TU06',
  'TO07',
  'TU08',
  'TU09',
  'TU10',
  'TO11',
  'TO12',
] as const satisfies readonly TroubleTransition[];

export type TransactionCode = (typeof TRANSACTION_CODES)[number];

/** Whether a transition is one of the published table. */
export function isTransactionCode(name: string): name is TransactionCode {
  return (TRANSACTION_CODES as readonly string[]).includes(name);
}
