import type { Ticket } from '../../core/ticket.ts';
import type { BATTERY_VOLTAGES } from './inputs.ts';

/**
 * The fields that only a service ticket has; moments are ISO 8601. The customer, the operator (assignee) and the
 * reference of the finished service (externalReference) are the ticket's own.
 */
export interface ServiceFields {
  readonly vin: string;
  readonly vehicleModelId: number;
  readonly connectionId: string | null;
  readonly customerReference: string | null;
  readonly voucherCode: string | null;
  readonly serviceStartedAt: string | null;
  /** Whether a provider has it, or had it to the end. */
  readonly outsourced: boolean;
  readonly providerId: string | null;
  readonly providerTicketId: string | null;
  readonly reclaimable: boolean;
  readonly finishedAt: string | null;
  /** Closed by a provider. */
  readonly externallyProcessed: boolean;
  readonly batteryVoltage: (typeof BATTERY_VOLTAGES)[number] | null;
  readonly cancelReasonId: string | null;
}

export function fieldsOf(ticket: Ticket): ServiceFields {
  return ticket.fields as unknown as ServiceFields;
}
