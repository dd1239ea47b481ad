import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { type FieldError, invalid, type Refusal, refuse } from '../../kernel/errors.ts';
import { CANCEL_REASONS, PROVIDERS, type ProviderData, unknownKey, vehicleTitle } from './collections.ts';
import { fieldsOf, type ServiceFields, withFields } from './fields.ts';
import type { CancelInput, CreateInput, EditInput, OutsourceInput, StartInput, StopInput } from './inputs.ts';
import type { ServiceTransition } from './workflow.ts';

type Rule = (ticket: Ticket, input: Input, context: ChangeContext) => Change | Refusal;

const RULES: Readonly<Record<Exclude<ServiceTransition, 'create'>, Rule>> = {
  submit: () => ({ ok: true, set: {} }),
  startService,
  stopService,
  outsource,
  reclaim,
  cancel,
};

/** What a creation, a transition or an edit sets. The input has passed the schema of its command. */
export function changeService(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  if (!ticket) return create(input as unknown as CreateInput, context);
  if (name === null) return edit(ticket, input as unknown as EditInput, context);
  return RULES[name as Exclude<ServiceTransition, 'create'>](ticket, input, context);
}

function create(input: CreateInput, { catalogue }: ChangeContext): Change {
  const { customerId, vin, vehicleModelId } = input;
  const { connectionId = null, customerReference = null, voucherCode = null } = input;
  const given = { vin, vehicleModelId, customerReference, voucherCode };
  const fields = withFields({}, { ...given, connectionId: connectionId?.toLowerCase() ?? null });
  return {
    ok: true,
    set: {
      title: vehicleTitle(catalogue, vehicleModelId, vin),
      customer: customerId.toLowerCase(),
      fields,
    },
    searchText: [vin, customerReference, voucherCode].filter((part) => part !== null).join(' '),
  };
}

function startService(ticket: Ticket, input: Input, { now, catalogue }: ChangeContext): Change | Refusal {
  const operatorId = (input as StartInput).operatorId.toLowerCase();
  if (!catalogue.operators.has(operatorId)) return invalid([noOperator('/operatorId')]);
  return {
    ok: true,
    set: { assignee: operatorId, fields: withFields(ticket.fields, { serviceStartedAt: now.toISOString() }) },
    data: { operatorId },
  };
}

function noOperator(pointer: string): FieldError {
  return { pointer, message: 'must be the id of an employee who is an operator', rule: 'operator' };
}

/** Stopped where a provider has it, the service was done by the provider. */
function stopService(ticket: Ticket, input: Input, { now }: ChangeContext): Change {
  const { externalReference = null, batteryVoltage = null } = input as StopInput;
  const externallyProcessed = ticket.state === 'outsourced';
  const finishedAt = now.toISOString();
  const ended = { finishedAt, externallyProcessed, batteryVoltage, reclaimable: false };
  return {
    ok: true,
    set: { externalReference, fields: withFields(ticket.fields, ended) },
    data: { externalReference, batteryVoltage, externallyProcessed },
    searchText: externalReference ?? '',
  };
}

function outsource(ticket: Ticket, input: Input, { catalogue }: ChangeContext): Change | Refusal {
  const { providerId, providerTicketId = null, reclaimable } = input as OutsourceInput;
  const faults = unknownKey(catalogue, PROVIDERS, providerId, '/providerId');
  if (faults.length > 0) return invalid(faults);
  const provider = catalogue.entry(PROVIDERS, providerId)?.data as ProviderData | undefined;
  const handed = {
    providerId,
    providerTicketId,
    reclaimable: reclaimable ?? provider?.reclaimable ?? true,
  };
  return {
    ok: true,
    set: { fields: withFields(ticket.fields, { ...handed, outsourced: true }) },
    data: handed,
    searchText: providerTicketId ?? '',
  };
}

function reclaim(ticket: Ticket): Change | Refusal {
  const { reclaimable } = fieldsOf(ticket);
  if (!reclaimable) return refuse('invalidTransition', 'The ticket cannot be taken back from its provider.');
  const nobody = { outsourced: false, providerId: null, providerTicketId: null, reclaimable: false };
  return { ok: true, set: { fields: withFields(ticket.fields, nobody) } };
}

/** Once the service has begun, its end needs a reason. */
function cancel(ticket: Ticket, input: Input, { now, catalogue }: ChangeContext): Change | Refusal {
  const { cancelReasonId = null } = input as CancelInput;
  if (cancelReasonId === null) {
    if (ticket.state === 'inProgress') {
      return invalid([{ pointer: '/cancelReasonId', message: 'is required', rule: 'required' }]);
    }
  } else {
    const faults = unknownKey(catalogue, CANCEL_REASONS, cancelReasonId, '/cancelReasonId');
    if (faults.length > 0) return invalid(faults);
  }
  const ended = { finishedAt: now.toISOString(), cancelReasonId };
  const name = cancelReasonId && catalogue.entry(CANCEL_REASONS, cancelReasonId)?.data.name;
  return {
    ok: true,
    set: { fields: withFields(ticket.fields, ended) },
    reason: typeof name === 'string' ? name : cancelReasonId,
    data: { cancelReasonId },
  };
}

function edit(ticket: Ticket, input: EditInput, { catalogue }: ChangeContext): Change | Refusal {
  const { assignee, ...rest } = input;
  const isWithProvider = ticket.state === 'outsourced';
  const faults: FieldError[] = [];
  const refuseHere = (pointer: string) =>
    faults.push({ pointer, message: `cannot be set while the ticket is ${ticket.state}`, rule: 'state' });
  if (assignee !== undefined) {
    if (ticket.state !== 'inProgress' && !isWithProvider) refuseHere('/assignee');
    else if (!catalogue.operators.has(assignee.toLowerCase())) faults.push(noOperator('/assignee'));
  }
  for (const name of ['providerTicketId', 'reclaimable'] as const) {
    if (rest[name] !== undefined && !isWithProvider) refuseHere(`/${name}`);
  }
  if (faults.length > 0) return invalid(faults);
  return {
    ok: true,
    set: {
      ...(assignee !== undefined && { assignee: assignee.toLowerCase() }),
      fields: withFields(ticket.fields, rest as Partial<ServiceFields>),
    },
    searchText: [rest.voucherCode, rest.providerTicketId].filter(Boolean).join(' '),
  };
}
