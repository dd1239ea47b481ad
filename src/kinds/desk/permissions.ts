import type { Ticket } from '../../core/ticket.ts';
import { type Actor, isOwnStaff, may } from '../../kernel/actor.ts';
import type { DeskRole } from './workflow.ts';

/** What a credential may do, spelled as the published API does. */
export const DESK_PERMISSIONS = {
  read: 'TICKET_READ',
  create: 'TICKET_CREATE',
  update: 'TICKET_UPDATE',
  remove: 'TICKET_DELETE',
  setStatus: 'SET_STATUS',
  batch: 'TICKET_BATCH',
} as const;

const CHANGES = [DESK_PERMISSIONS.update, DESK_PERMISSIONS.setStatus, DESK_PERMISSIONS.batch];

/** An agent is one of the account's own who may change tickets in any of the ways that there are; nobody else plays a part. */
export function roleOf(_ticket: Ticket, actor: Actor): DeskRole | null {
  return isOwnStaff(actor) && CHANGES.some((permission) => may(actor, permission)) ? 'agent' : null;
}

export function creatorRole(actor: Actor): DeskRole | null {
  return isOwnStaff(actor) && may(actor, DESK_PERMISSIONS.create) ? 'agent' : null;
}
