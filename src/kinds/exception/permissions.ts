import type { Ticket } from '../../core/ticket.ts';
import { type Actor, isOwnStaff, may } from '../../kernel/actor.ts';
import type { ExceptionRole } from './workflow.ts';

/** Whose tokens the published API is for. */
export const PARTNER_PERSONA = 'DirectSupplyPartner';
/** The integration whose client tells what becomes of help-desk tickets. */
export const HELP_DESK_INTEGRATION = 'zendesk';
/** Lets the account's own staff see exceptions and what goes with them, and have a lost help-desk ticket made again. */
const WORK_PERMISSION = 'exceptions.work';
/** Lets the account's own staff keep types, rules, calls to action and calendars. */
export const CONFIGURE_PERMISSION = 'exceptions.configure';

/**
 * The part that somebody plays in an exception: the client of the help desk reports what became of its ticket, partners
 * and the account's staff may have a report tried again. What opens and settles exceptions is the system, which no
 * credential is.
 */
export function roleOf(_ticket: Ticket, actor: Actor): ExceptionRole | null {
  if (actor.integration === HELP_DESK_INTEGRATION) return 'helpDesk';
  if (actor.persona === PARTNER_PERSONA) return 'partner';
  return isOwnStaff(actor) && may(actor, WORK_PERMISSION) ? 'partner' : null;
}

/** Only rules open exceptions. */
export function creatorRole(actor: Actor): ExceptionRole | null {
  return actor.type === 'system' ? 'engine' : null;
}
