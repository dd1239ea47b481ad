import type { ServiceState } from '../workflow.ts';

/** The states as the published API spells them; each has a collection, such as `/v2/tickets/in-progress-tickets`. */
export const WIRE_STATES = [
  'prepared',
  'pending',
  'in-progress',
  'outsourced',
  'closed',
  'cancelled',
] as const;

export type WireState = (typeof WIRE_STATES)[number];

const FROM_WIRE: Readonly<Record<WireState, ServiceState>> = {
  prepared: 'prepared',
  pending: 'pending',
  'in-progress': 'inProgress',
  outsourced: 'outsourced',
  closed: 'closed',
  cancelled: 'cancelled',
};

const TO_WIRE: Readonly<Record<ServiceState, WireState>> = {
  prepared: 'prepared',
  pending: 'pending',
  inProgress: 'in-progress',
  outsourced: 'outsourced',
  closed: 'closed',
  cancelled: 'cancelled',
};

export const ALL_STATES: readonly ServiceState[] = Object.values(FROM_WIRE);

export function stateFromWire(state: WireState): ServiceState {
  return FROM_WIRE[state];
}

export function stateToWire(state: string): WireState {
  return TO_WIRE[state as ServiceState];
}

/** The path of a state's collection. */
export function collectionPath(state: WireState): string {
  return `/v2/tickets/${state}-tickets`;
}
