import { type Static, type TSchema, Type } from 'typebox';
import {
  batteryVoltage,
  named,
  reference,
  uuid,
  uuidOrNull,
  vehicleModelId,
  vin,
  voucherCode,
} from '../inputs.ts';
import { WIRE_STATES, type WireState } from './states.ts';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const dateTime = Type.String({ format: 'date-time' });

export const ticketParams = Type.Object({ ticketId: uuid });
export const operatorParams = Type.Object({ operatorId: uuid });

const paging = {
  limit: Type.Integer({ minimum: 0, maximum: 1000, default: 25 }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
};
const ticketNumber = Type.Optional(Type.Integer({ description: 'Only the ticket with this number.' }));

export const listQuery = Type.Object({ ...paging, ticket_number: ticketNumber });

export const allQuery = Type.Object({
  ...paging,
  ticket_number: ticketNumber,
  state: Type.Optional(Type.Enum([...WIRE_STATES])),
  externally_processed: Type.Optional(Type.Boolean({ description: 'Whether a provider closed it.' })),
});

export const operatorsQuery = Type.Object({ ...paging, is_operator: Type.Optional(Type.Boolean()) });

export const eventsQuery = Type.Object({
  after_id: Type.Optional(
    Type.String({ format: 'uuid', description: 'The id of an event, or the `after_id` of an answer.' }),
  ),
  limit: paging.limit,
  type: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Such as `tickets.ticket.closed`.' }),
  ),
});

/** A ticket that waits for an operator, which is what every state's ticket has. */
const pending = {
  id: uuid,
  created_at: dateTime,
  customer_id: uuid,
  ticket_number: Type.Integer(),
  vehicle_model_id: Type.Integer(),
  vin: Type.String({ minLength: 17, maxLength: 17 }),
  connection_id: uuidOrNull,
};

const begun = {
  service_started_at: orNull(dateTime),
  operator_id: uuidOrNull,
  voucher_code: orNull(Type.String({ pattern: '^[A-Z0-9]{4,8}$' })),
  outsourced: Type.Boolean({ description: 'Whether a provider has it, or had it to the end.' }),
};

const withProvider = {
  outsource_provider_id: orNull(Type.String()),
  outsource_ticket_id: orNull(Type.String({ description: 'What the provider calls it.' })),
  reclaimable: Type.Boolean({ description: 'Whether it may be taken back.' }),
};

const ended = {
  finished_at: orNull(dateTime),
  externally_processed: Type.Boolean({ description: 'Whether a provider closed it.' }),
  external_reference: orNull(Type.String()),
  vehicle_battery_voltage: orNull(batteryVoltage),
};

const prepared = { customer_reference: orNull(Type.String()) };
const cancelled = { cancel_reason_id: orNull(Type.String()) };

/** What a ticket looks like in each state. */
export const wireTickets = {
  prepared: Type.Object({ ...pending, ...prepared }),
  pending: Type.Object(pending),
  'in-progress': Type.Object({ ...pending, ...begun }),
  outsourced: Type.Object({ ...pending, ...begun, ...withProvider }),
  closed: Type.Object({ ...pending, ...begun, ...ended }),
  cancelled: Type.Object({ ...pending, ...begun, ...ended, ...cancelled }),
} as const satisfies Readonly<Record<WireState, TSchema>>;

/** A ticket among those of all states: with its state, and with what a ticket of that state has. */
export const wireAnyTicket = Type.Object({
  ...pending,
  state: Type.Enum([...WIRE_STATES]),
  ...Type.Partial(Type.Object({ ...prepared, ...begun, ...withProvider, ...ended, ...cancelled })).properties,
});

export const wireOperator = Type.Object({
  id: uuid,
  name: Type.String(),
  is_operator: Type.Boolean({ description: 'Whether tickets may be given to the employee.' }),
});

const wireEvent = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Ids sort in the order of what happened.' }),
  type: Type.String({
    description: '`tickets.ticket.` and the state that was entered, `updated` or `erased`.',
  }),
  created_at: dateTime,
  data: Type.Object({
    ticket_id: uuid,
    ticket_number: orNull(Type.Integer()),
    location: orNull(Type.String({ description: 'Where the ticket stood then.' })),
  }),
});

export const wireEvents = Type.Object({
  after_id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
    description: 'Give it as `after_id` to read on, now or later.',
  }),
  result: Type.Array(wireEvent),
});

/** `query` holds what was asked for, with the defaults. */
export function listOf<T extends TSchema>(item: T) {
  return Type.Object({
    query: Type.Object(
      { limit: Type.Integer(), offset: Type.Integer() },
      { additionalProperties: true, description: 'The query as it was understood.' },
    ),
    result: Type.Array(item),
    total: Type.Integer({ description: 'How many there are in all.' }),
  });
}

export const createBody = Type.Object({
  customer_id: uuid,
  vin,
  vehicle_model_id: vehicleModelId,
  connection_id: Type.Optional(uuidOrNull),
  customer_reference: Type.Optional(orNull(reference)),
  voucher_code: Type.Optional(orNull(voucherCode)),
});

const submit = Type.Object({ type: Type.Literal('submit') });
const startService = Type.Object({
  type: Type.Literal('start-service'),
  operator_id: Type.String({ format: 'uuid', description: 'An employee with `is_operator` true.' }),
});
const stopService = Type.Object({
  type: Type.Literal('stop-service'),
  external_reference: Type.Optional(orNull(reference)),
  vehicle_battery_voltage: Type.Optional(orNull(batteryVoltage)),
});
const outsource = Type.Object({
  type: Type.Literal('outsource'),
  provider_id: named,
  provider_ticket_id: Type.Optional(orNull(reference)),
  reclaimable: Type.Optional(
    Type.Boolean({ description: 'Whether it may be taken back; as the provider has it when absent.' }),
  ),
});
const reclaim = Type.Object({ type: Type.Literal('reclaim') });
const cancel = Type.Object({ type: Type.Literal('cancel'), cancel_reason_id: named });
const cancelEarly = Type.Object({
  type: Type.Literal('cancel'),
  cancel_reason_id: Type.Optional(orNull(named)),
});

const transitionBody = <T extends TSchema[]>(...transitions: [...T]) =>
  Type.Object({ transition: Type.Union(transitions) });

/** What may be done in each state that is not the last one. */
export const transitionBodies = {
  prepared: transitionBody(submit, cancelEarly),
  pending: transitionBody(startService, cancelEarly),
  'in-progress': transitionBody(stopService, outsource, cancel),
  outsourced: transitionBody(reclaim, stopService),
} as const;

/** A problem: https://www.rfc-editor.org/rfc/rfc9457 */
export const wireProblem = Type.Object({
  detail: Type.String(),
  status: Type.Integer(),
  title: Type.String(),
  type: Type.String({ description: '`/problems/violations` for a 400.' }),
  violations: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String({
          description: 'A JSON pointer into the body, or `/query/…`, `/path/…`, `/header/…`.',
        }),
        message: Type.String(),
        code: Type.String({ description: 'The rule that is broken, such as `required`.' }),
      }),
    ),
  ),
});

export type WireAnyTicket = Static<typeof wireAnyTicket>;
export type WireOperator = Static<typeof wireOperator>;
export type WireEvent = Static<typeof wireEvent>;
