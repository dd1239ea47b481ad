import { allowedTransitions } from '../../../core/available.ts';
import type { TicketEvent } from '../../../core/event.ts';
import type { Ticket } from '../../../core/ticket.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { troubleKind } from '../kind.ts';
import { roleOf } from '../parties.ts';
import { fieldsOf } from '../ticket.ts';
import { historyRole } from '../transaction.ts';
import { type TroubleRole, type TroubleState, troubleWorkflow } from '../workflow.ts';
import type { WireHistory, WireState, WireTable, WireTicket } from './schema.ts';

const TO_WIRE: Record<TroubleState, WireState> = {
  openActive: 'OPENACTIVE',
  awaitingCancelation: 'DEFERRED.AWAITING-CANCELATION',
  awaitingInformation: 'DEFERRED.AWAITING-INFORMATION',
  cleared: 'CLEARED',
  closed: 'CLOSED',
  canceled: 'CLOSED.CANCELED',
};

const FROM_WIRE = Object.fromEntries(Object.entries(TO_WIRE).map(([state, wire]) => [wire, state])) as Record<
  WireState,
  TroubleState
>;

export function stateToWire(state: string): WireState {
  return TO_WIRE[state as TroubleState];
}

export function stateFromWire(state: WireState): TroubleState {
  return FROM_WIRE[state];
}

/** Spellings that clients send beside the published ones. */
const ALIASES = {
  clearancePerson: 'clearencePerson',
  troubleDectectionTime: 'troubleDetectionTime',
} as const;

/** Brings the accepted other spellings of names and states to the published ones, before the body is checked. */
export function acceptOtherSpellings(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const fields = body as Record<string, unknown>;
  for (const [alias, name] of Object.entries(ALIASES)) {
    if (fields[alias] !== undefined && fields[name] === undefined) fields[name] = fields[alias];
  }
  const state = fields.baseTroubleTicketState;
  if (typeof state === 'string') fields.baseTroubleTicketState = singleL(state);
}

const CLOSE_OUT = ['closeOutType', 'closeOutNarr', 'serviceRestoredTime'];

/** Close-out fields count only where the ticket is to be cleared; with any other state nobody reads them. */
export function ignoreCloseOut(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const fields = body as Record<string, unknown>;
  if (fields.baseTroubleTicketState === TO_WIRE.cleared) return;
  for (const name of CLOSE_OUT) delete fields[name];
}

/** `CANCELLED` and `CANCELLATION` as the published table spells them. */
export function singleL(state: string): string {
  return state.replace('CANCELL', 'CANCEL');
}

/** A ticket as the caller sees it: its own role, and the transactions that it may do now. */
export function toWire(ticket: Ticket, actor: Actor, now: Date, base: string): WireTicket {
  const {
    dialog,
    troubleType,
    troubleDescription,
    troubleDetectionTime,
    troubledObject,
    attachments,
    ...rest
  } = fieldsOf(ticket);
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
    troubledObject,
    ...rest,
    attachments: (attachments ?? []).map(({ id, name, mimeType, size }) => ({
      name,
      mimeType,
      size,
      href: `${base}/${ticket.key}/attachments/${id}`,
    })),
    issuer: ticket.issuer ?? '',
    owner: ticket.owner ?? '',
    role: roleOf(ticket, actor) ?? 'TU',
    allowedTransactions: allowedTransitions(troubleKind, ticket, actor, now),
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
    version: ticket.version,
  };
}

/** The transactions of a ticket's history; what is no transaction (an edit, a comment) is left out. */
export function toWireHistory(ticket: Ticket, events: readonly TicketEvent[]): WireHistory {
  const history = events
    .filter(({ name }) => name !== null)
    .map((event) => {
      const role = historyRole(event.actor.role) as TroubleRole;
      return {
        code: event.name ?? '',
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
  const transactions = Object.entries(troubleWorkflow.transitions).map(([code, transition]) => ({
    code,
    label: transition.label,
    role: transition.by[0],
    from: (transition.from ?? []).map(stateToWire),
    to: transition.to === null ? null : stateToWire(transition.to),
    requires: 'requires' in transition ? [...transition.requires] : [],
    firedBy: 'firedBy' in transition ? transition.firedBy : null,
  }));
  return { transactions };
}
