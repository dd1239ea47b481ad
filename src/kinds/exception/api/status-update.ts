import { hash } from 'node:crypto';
import type { Command } from '../../../core/command.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { fieldsOf, type HelpDeskReport } from '../fields.ts';
import type { ZendeskStatus } from '../help-desk/zendesk/spelling.ts';
import type { ExceptionTransition } from '../workflow.ts';

/** What a help desk says has become of its ticket. */
export interface StatusUpdate {
  readonly status: ZendeskStatus;
  readonly comment: string | null;
  /** When it was sent, where a signature vouches for it. */
  readonly sentAt: Date | null;
}

/** Statuses in which the help desk has done its work. */
const SOLVED: ReadonlySet<ZendeskStatus> = new Set(['solved', 'closed']);

/**
 * What an update does to an exception; null where it was taken in before. Of two updates the one that was sent later
 * counts, whichever arrives first: of the earlier one only the comment is kept.
 * @param mayReopen false where another exception has taken the place of this one, so that it stays closed
 */
export function commandOf(ticket: Ticket, update: StatusUpdate, mayReopen: boolean): Command | null {
  const { settled, helpDesk } = fieldsOf(ticket);
  const { reports = [] } = helpDesk;
  const { comment } = update;
  const report: HelpDeskReport = { mark: markOf(update), sentAt: update.sentAt?.toISOString() ?? null };
  if (wasTakenIn(reports, report)) return null;
  const isLate = reports.some(({ sentAt }) => isBefore(report.sentAt, sentAt));
  const status = isLate ? (helpDesk.status ?? update.status) : update.status;
  const name = isLate ? 'note' : transitionOf(ticket.state, update.status, mayReopen && !settled);
  return { type: 'transition', name, input: { status, ...(comment !== null && { comment }), report } };
}

function transitionOf(state: string, status: ZendeskStatus, mayReopen: boolean): ExceptionTransition {
  if (SOLVED.has(status)) return state === 'open' ? 'solve' : 'note';
  return state === 'closed' && mayReopen ? 'reopen' : 'note';
}

/** The same content right after itself is a repetition, and so is the same content that was sent at the same moment. */
function wasTakenIn(
  [newest, ...others]: readonly HelpDeskReport[],
  { mark, sentAt }: HelpDeskReport,
): boolean {
  if (newest?.mark === mark) return true;
  return sentAt !== null && others.some((known) => known.mark === mark && known.sentAt === sentAt);
}

function isBefore(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a < b;
}

function markOf({ status, comment }: StatusUpdate): string {
  return hash('sha256', JSON.stringify([status, comment]), 'base64url').slice(0, 22);
}
