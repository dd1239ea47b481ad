import { fieldsOf } from '../fields.ts';
import type { ShownTicket } from '../store.ts';
import type { ServiceState } from '../workflow.ts';
import type { WireAnyTicket } from './schema.ts';
import { collectionPath, stateToWire } from './states.ts';

type Part = Partial<WireAnyTicket>;

/** What tickets of each state show beside what all show. */
const PARTS: Readonly<Record<ServiceState, readonly ((ticket: ShownTicket) => Part)[]>> = {
  prepared: [(ticket) => ({ customer_reference: fieldsOf(ticket).customerReference })],
  pending: [],
  inProgress: [begun],
  outsourced: [begun, withProvider],
  closed: [begun, ended],
  cancelled: [begun, ended, (ticket) => ({ cancel_reason_id: fieldsOf(ticket).cancelReasonId })],
};

/** A ticket as its state's collection shows it. */
export function toWire(ticket: ShownTicket): Part {
  const { vin, vehicleModelId, connectionId } = fieldsOf(ticket);
  const shown: Part = {
    id: ticket.id,
    created_at: toSeconds(ticket.createdAt.toISOString()),
    customer_id: ticket.customer ?? '',
    ticket_number: ticket.number,
    vehicle_model_id: vehicleModelId,
    vin,
    connection_id: connectionId,
  };
  return Object.assign(shown, ...PARTS[ticket.state as ServiceState].map((part) => part(ticket)));
}

/** A ticket as the collection of all states shows it. */
export function toWireAny(ticket: ShownTicket): Part {
  return { ...toWire(ticket), state: stateToWire(ticket.state) };
}

/** Where a ticket stands now. */
export function placeOf({ id, state }: Pick<ShownTicket, 'id' | 'state'>): string {
  return `${collectionPath(stateToWire(state))}/${id}`;
}

function begun(ticket: ShownTicket): Part {
  const { serviceStartedAt, voucherCode, outsourced } = fieldsOf(ticket);
  return {
    service_started_at: serviceStartedAt && toSeconds(serviceStartedAt),
    operator_id: ticket.assignee,
    voucher_code: voucherCode,
    outsourced,
  };
}

function withProvider(ticket: ShownTicket): Part {
  const { providerId, providerTicketId, reclaimable } = fieldsOf(ticket);
  return { outsource_provider_id: providerId, outsource_ticket_id: providerTicketId, reclaimable };
}

function ended(ticket: ShownTicket): Part {
  const { finishedAt, externallyProcessed, batteryVoltage } = fieldsOf(ticket);
  return {
    finished_at: finishedAt && toSeconds(finishedAt),
    externally_processed: externallyProcessed,
    external_reference: ticket.externalReference,
    vehicle_battery_voltage: batteryVoltage,
  };
}

/** A moment without its fraction of a second, as the published API has them. */
export function toSeconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}
