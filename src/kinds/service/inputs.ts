import { type Static, type TSchema, Type } from 'typebox';
import type { ServiceTransition } from './workflow.ts';

export const BATTERY_VOLTAGES = ['12v', '24v'] as const;

export const uuid = Type.String({ format: 'uuid' });
export const uuidOrNull = Type.Union([uuid, Type.Null()]);
/** A key of the account's reference data, or of another system's. */
export const named = Type.String({ minLength: 1, maxLength: 100 });
export const reference = Type.String({ minLength: 1, maxLength: 255 });

/** ISO 3779: 17 characters, without the letters that look like digits. */
export const vin = Type.String({
  pattern: '^[A-HJ-NPR-Z0-9]{17}$',
  examples: ['WVWZZZ1KZ8W000001'],
  description: 'The vehicle identification number: 17 characters, without I, O and Q.',
});

export const voucherCode = Type.String({ pattern: '^[A-Z0-9]{4,8}$', examples: ['WELCOME1'] });
export const batteryVoltage = Type.Enum([...BATTERY_VOLTAGES]);
export const vehicleModelId = Type.Integer({ minimum: 0 });

/** What prepares a ticket. */
export const createInput = Type.Object({
  customerId: uuid,
  vin,
  vehicleModelId,
  connectionId: Type.Optional(uuidOrNull),
  customerReference: Type.Optional(Type.Union([reference, Type.Null()])),
  voucherCode: Type.Optional(Type.Union([voucherCode, Type.Null()])),
});

const startInput = Type.Object({ operatorId: uuid });
const stopInput = Type.Object({
  externalReference: Type.Optional(Type.Union([reference, Type.Null()])),
  batteryVoltage: Type.Optional(Type.Union([batteryVoltage, Type.Null()])),
});
const outsourceInput = Type.Object({
  providerId: named,
  providerTicketId: Type.Optional(Type.Union([reference, Type.Null()])),
  reclaimable: Type.Optional(Type.Boolean()),
});
const cancelInput = Type.Object({ cancelReasonId: Type.Optional(Type.Union([named, Type.Null()])) });

/** What may be corrected without a transition. */
export const editInput = Type.Object({
  assignee: Type.Optional(
    Type.String({ format: 'uuid', description: 'Another operator, while one works on it.' }),
  ),
  voucherCode: Type.Optional(Type.Union([voucherCode, Type.Null()])),
  providerTicketId: Type.Optional(Type.Union([reference, Type.Null()])),
  reclaimable: Type.Optional(
    Type.Boolean({ description: 'Whether an outsourced ticket may be taken back.' }),
  ),
});

const nothing = Type.Object({});

const INPUTS: Readonly<Record<ServiceTransition, TSchema>> = {
  create: createInput,
  submit: nothing,
  startService: startInput,
  stopService: stopInput,
  outsource: outsourceInput,
  reclaim: nothing,
  cancel: cancelInput,
};

export function inputOf(transition: string): TSchema {
  return INPUTS[transition as ServiceTransition];
}

export type CreateInput = Static<typeof createInput>;
export type StartInput = Static<typeof startInput>;
export type StopInput = Static<typeof stopInput>;
export type OutsourceInput = Static<typeof outsourceInput>;
export type CancelInput = Static<typeof cancelInput>;
export type EditInput = Static<typeof editInput>;
