import type { ServiceTransition } from '../workflow.ts';

/** How the contract spells the properties of commands. */
const TO_WIRE: Readonly<Record<string, string>> = {
  customerId: 'customer_id',
  vehicleModelId: 'vehicle_model_id',
  connectionId: 'connection_id',
  customerReference: 'customer_reference',
  voucherCode: 'voucher_code',
  operatorId: 'operator_id',
  externalReference: 'external_reference',
  batteryVoltage: 'vehicle_battery_voltage',
  providerId: 'provider_id',
  providerTicketId: 'provider_ticket_id',
  cancelReasonId: 'cancel_reason_id',
};
const FROM_WIRE = new Map(Object.entries(TO_WIRE).map(([own, wire]) => [wire, own]));

export const TRANSITION_TYPES = {
  submit: 'submit',
  'start-service': 'startService',
  'stop-service': 'stopService',
  outsource: 'outsource',
  reclaim: 'reclaim',
  cancel: 'cancel',
} as const satisfies Readonly<Record<string, ServiceTransition>>;

export type TransitionType = keyof typeof TRANSITION_TYPES;

/** What the command takes, out of what a client sends. */
export function fromWireInput(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [FROM_WIRE.get(name) ?? name, value]),
  );
}

/** Where a fault of a command stands in the body that the client sent. */
export function toWirePointer(pointer: string): string {
  return pointer
    .split('/')
    .map((name) => (Object.hasOwn(TO_WIRE, name) ? TO_WIRE[name] : name))
    .join('/');
}
