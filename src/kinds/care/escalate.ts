import type { HandOff } from '../../core/hand-off.ts';
import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal, refuse } from '../../kernel/errors.ts';
import { DEFAULT_DEPARTMENT, DEPARTMENT_SETTING, DEPARTMENTS, type DepartmentData } from './collections.ts';
import { type CareFields, fieldsOf, ownLanguage, reasonLabel } from './fields.ts';
import type { EscalateInput } from './inputs.ts';

/** Sends the ticket to a department, which may ask for a ticket of another kind to be made of it. */
export function escalate(ticket: Ticket, input: Input, context: ChangeContext): Change | Refusal {
  const { actor, now, settings, catalogue } = context;
  const { statusReason, resolutionReason, department: wanted } = input as EscalateInput;
  const key = wanted ?? settings[DEPARTMENT_SETTING] ?? DEFAULT_DEPARTMENT;
  const department = catalogue.entry(DEPARTMENTS, key)?.data as DepartmentData | undefined;
  if (!department) {
    if (wanted === undefined) {
      const why = `The setting ${DEPARTMENT_SETTING} is ${key}, which is no department.`;
      return refuse('invalidRequest', `No default department is set. ${why}`);
    }
    return invalid([{ pointer: '/department', message: 'must be the id of an escalation department' }]);
  }
  const before = fieldsOf(ticket);
  const fields: CareFields = {
    ...before,
    statusReason,
    resolutionReason,
    department: key,
    statusSince: now.toISOString(),
    links: [
      ...before.links,
      {
        ticketId: null,
        ticketIdType: 'PANDACARE',
        ticketCategory: 'ESCALATED',
        creator: actor.name,
        createdAt: now.toISOString(),
        reason: statusReason,
        department: key,
        ...(department.handOff && { isHandedOver: true }),
      },
    ],
  };
  return {
    ok: true,
    set: { fields: { ...fields } },
    reason: statusReason ?? null,
    data: { department: key, resolutionReason },
    searchText: statusReason ?? '',
    ...(department.handOff && { handOff: toHandOff(ticket, fields, department.handOff, context) }),
  };
}

function toHandOff(
  ticket: Ticket,
  fields: CareFields,
  { kind, queue, party, input }: NonNullable<DepartmentData['handOff']>,
  { catalogue, settings }: ChangeContext,
): HandOff {
  const { customer, vendor, ccr, statusReason, resolutionReason } = fields;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Reason', statusReason],
    ['Asked for', resolutionReason],
    ['Contact reason', ccr && reasonLabel(catalogue, ccr, [ownLanguage(settings)])],
    ['Customer', customer?.name || customer?.email || customer?.id],
    ['Order', ticket.externalReference],
    ['Vendor', vendor?.id],
  ];
  return {
    kind,
    queue: queue ?? null,
    title: ticket.title,
    description: [
      `Escalated from ${ticket.key}.`,
      ...facts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])),
    ].join('\n'),
    priority: ticket.priority,
    customer: ticket.customer,
    ...(customer && { contact: { name: customer.name || null, email: customer.email || null } }),
    reference: ticket.key,
    party: party ?? null,
    input: input ?? {},
  };
}
