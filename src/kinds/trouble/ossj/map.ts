import { allowedTransitions } from '../../../core/available.ts';
import type { TicketEvent } from '../../../core/event.ts';
import type { Input } from '../../../core/kind.ts';
import type { Ticket } from '../../../core/ticket.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { fieldsOf, type TroubleFields } from '../fields.ts';
import { troubleKind } from '../kind.ts';
import { roleOf } from '../parties.ts';
import { historyRole } from '../transaction.ts';
import {
  isTransactionCode,
  TRANSACTION_CODES,
  type TroubleRole,
  type TroubleState,
  troubleWorkflow,
} from '../workflow.ts';
import type { CreateBody, GivenState, WireHistory, WireState, WireTable, WireTicket } from './schema.ts';

const TO_WIRE: Record<TroubleState, WireState> = {
  openActive: 'OPENACTIVE',
  awaitingCancelation: 'DEFERRED.AWAITING-CANCELATION',
  awaitingInformation: 'DEFERRED.AWAITING-INFORMATION',
  cleared: 'CLEARED',
  closed: 'CLOSED',
  canceled: 'CLOSED.CANCELED',
  acknowledged: 'QUEUED',
  held: 'DEFERRED',
  rejected: 'CLOSED',
};

/** What the first state with this spelling means; `rejected` is not asked for by OSS/J. */
const FROM_WIRE = Object.fromEntries(
  Object.entries(TO_WIRE)
    .reverse()
    .map(([state, wire]) => [wire, state]),
) as Record<WireState, TroubleState>;

export function stateToWire(state: string): WireState {
  return TO_WIRE[state as TroubleState];
}

/** The state that a client asks for; null where it asks for none, undefined where it asks for what is no state. */
export function stateFromWire(state: GivenState | undefined): TroubleState | null | undefined {
  if (state === undefined) return null;
  return typeof state === 'string' ? FROM_WIRE[singleL(state)] : undefined;
}

/** Every state that is spelled so. */
export function statesSpelled(wire: WireState): TroubleState[] {
  return (Object.keys(TO_WIRE) as TroubleState[]).filter((state) => TO_WIRE[state] === wire);
}

/** `CANCELLED` and `CANCELLATION` as the published table spells them. */
export function singleL(state: GivenState): WireState {
  return state.replace('CANCELL', 'CANCEL') as WireState;
}

/** Takes what is null out of a body and its files: generated clients send nulls for what they leave out. */
export function dropNulls(body: unknown): void {
  if (!isObject(body)) return;
  for (const name of Object.keys(body)) if (body[name] === null) delete body[name];
  if (Array.isArray(body.attachments)) for (const file of body.attachments) dropNulls(file);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What opens a ticket, with the published names for the other spellings. */
export function toCreateInput({
  baseTroubleTicketState: _,
  troubleDectectionTime,
  clearancePerson,
  ...body
}: CreateBody): Input {
  const person = body.clearencePerson ?? clearancePerson;
  return {
    ...body,
    troubleDetectionTime: body.troubleDetectionTime ?? troubleDectectionTime,
    ...(person !== undefined && { clearencePerson: person }),
  };
}

const OPTIONAL = [
  'customerTroubleNum',
  'homeId',
  'gescal37ID',
  'wh1Parameter',
  'wh2Parameter',
  'wh3Parameter',
  'wh4Parameter',
  'wh5Parameter',
  'clearencePerson',
  'customer',
  'closeOutType',
  'closeOutNarr',
  'serviceRestoredTime',
] as const satisfies readonly (keyof TroubleFields & keyof WireTicket)[];

/** What the ticket has of the properties that may be left out. */
function optionalFields(fields: TroubleFields): Partial<WireTicket> {
  const present: Partial<Record<(typeof OPTIONAL)[number], unknown>> = {};
  for (const name of OPTIONAL) if (fields[name] !== undefined) present[name] = fields[name];
  return present as Partial<WireTicket>;
}

/** A ticket as the caller sees it: its own role, and the transactions that it may do now. */
export function toWire(ticket: Ticket, actor: Actor, now: Date, base: string): WireTicket {
  const fields = fieldsOf(ticket);
  const { dialog, troubleType, troubleDescription, attachments } = fields;
  const troubleDetectionTime = fields.troubleDetectionTime ?? ticket.createdAt.toISOString();
  return {
    ticketId: ticket.key,
    mirrorKey: ticket.externalReference ?? '',
    baseTroubleTicketState: stateToWire(ticket.state),
    dialog,
    troubleType,
    troubleDescription,
    troubleDetectionTime,
    troubleDectectionTime: troubleDetectionTime,
    preferredPriority: ticket.priority ?? 3,
    troubledObject: fields.troubledObject ?? '',
    ...optionalFields(fields),
    attachments: (attachments ?? []).map(({ id, name, mimeType, size }) => ({
      name,
      mimeType,
      size,
      href: `${base}/${ticket.key}/attachments/${id}`,
    })),
    issuer: ticket.issuer ?? '',
    owner: ticket.owner ?? '',
    role: roleOf(ticket, actor) ?? 'TU',
    allowedTransactions: allowedTransitions(troubleKind, ticket, actor, now).filter(isTransactionCode),
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
    version: ticket.version,
  };
}

/** What OSS/J calls a transition: making a ticket is TU01 whatever its first state; null where it has no name for it. */
function codeOf({ name, from }: TicketEvent): string | null {
  if (name === null) return null;
  if (from === null) return 'TU01';
  return isTransactionCode(name) ? name : null;
}

/**
 * The transactions of a ticket's history, and the moves by which other contracts brought it from state to state, so that
 * each entry begins where the one before ended. What leaves the state as it is and is no transaction (an edit, a
 * comment) is left out.
 */
export function toWireHistory(ticket: Ticket, events: readonly TicketEvent[]): WireHistory {
  const history = events
    .filter((event) => codeOf(event) !== null || event.from !== event.to)
    .map((event) => {
      const role = historyRole(event.actor.role) as TroubleRole;
      return {
        code: codeOf(event),
        role,
        party: role === 'TU' ? ticket.issuer : ticket.owner,
        actor: event.actor.name,
        from: event.from === null ? null : stateToWire(event.from),
        to: stateToWire(event.to ?? ticket.state),
        dialog: typeof event.data.dialog === 'string' ? event.data.dialog : null,
        at: event.at.toISOString(),
      };
    });
  return { ticketId: ticket.key, history };
}

/** The transaction table as data. */
export function toWireTable(): WireTable {
  const transactions = TRANSACTION_CODES.map((code) => {
    const transition = troubleWorkflow.transitions[code];
    return {
      code,
      label: transition.label,
      role: transition.by[0],
      from: (transition.from ?? []).map(stateToWire),
      to: transition.to === null ? null : stateToWire(transition.to),
      requires: 'requires' in transition ? [...transition.requires] : [],
      firedBy: 'firedBy' in transition ? transition.firedBy : null,
    };
  });
  return { transactions };
}
