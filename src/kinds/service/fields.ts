import type { Ticket } from '../../core/ticket.ts';
import type { BATTERY_VOLTAGES } from './inputs.ts';

/**
 * The fields that only a service ticket has; moments are ISO 8601. The customer, the operator (assignee) and the
 * reference of the finished service (externalReference) are the ticket's own. What is null or false is not stored.
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

const NOTHING: Omit<ServiceFields, 'vin' | 'vehicleModelId'> = {
  connectionId: null,
  customerReference: null,
  voucherCode: null,
  serviceStartedAt: null,
  outsourced: false,
  providerId: null,
  providerTicketId: null,
  reclaimable: false,
  finishedAt: null,
  externallyProcessed: false,
  batteryVoltage: null,
  cancelReasonId: null,
};

export function fieldsOf({ fields }: Pick<Ticket, 'fields'>): ServiceFields {
  return { ...NOTHING, ...(fields as Partial<ServiceFields>) } as ServiceFields;
}

/** The fields as they are stored, with some of them changed. */
export function withFields(before: Ticket['fields'], changed: Partial<ServiceFields>): Ticket['fields'] {
  const isSomething = ([, value]: [string, unknown]) =>
    value !== null && value !== undefined && value !== false;
  return Object.fromEntries(Object.entries({ ...before, ...changed }).filter(isSomething));
}
