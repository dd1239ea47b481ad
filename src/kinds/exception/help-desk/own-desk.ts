import type { ChildNews, SystemStep } from '../../../core/child-news.ts';
import type { Input } from '../../../core/kind.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { fieldsOf } from '../fields.ts';
import type { HelpDesk } from './help-desk.ts';
import { describe, type HelpDeskMatter, SETTLED_COMMENT } from './matter.ts';
import { zendeskStatus } from './zendesk/spelling.ts';

/** The kind of ticket that exceptions hand over to. */
const DESK = 'desk';
const LONGEST_FAULT = 1000;

/** The product's own desk: the exception has a ticket made there by a hand-off. */
export const ownDesk: HelpDesk = {
  opened: handOver,
  retried: (matter) => ({
    ...(matter.fields.helpDesk.reference === null && handOver(matter)),
    ...(matter.fields.settled && settle()),
  }),
  settled: settle,
};

function handOver(matter: HelpDeskMatter) {
  const { key, title, priority } = matter;
  return {
    handOff: {
      kind: DESK,
      queue: null,
      title,
      description: describe(matter),
      priority,
      customer: null,
      reference: key,
      party: null,
      input: {},
    },
  };
}

function settle() {
  return { settlement: { comment: SETTLED_COMMENT } };
}

/** What follows from what becomes of the ticket at the desk. */
export function hearDesk({ type, kind, child, state, reason }: ChildNews, ticket: Ticket): SystemStep[] {
  if (kind !== DESK) return [];
  const step = (transition: string, input: Input): SystemStep => ({ transition, as: 'helpDesk', input });
  if (!child || state === null) {
    return [step('fail', { fault: (reason ?? '').slice(0, LONGEST_FAULT).toWellFormed() })];
  }
  const status = zendeskStatus(state);
  const note = step('note', { status });
  switch (type) {
    case 'made': {
      const references = [{ domain: DESK, type: 'ticket', identifier: child.key }];
      return [step('answer', { reference: child.key, status, references })];
    }
    case 'ended':
      return [step('solve', { status }), note];
    case 'reopened':
      return fieldsOf(ticket).settled ? [note] : [step('reopen', { status }), note];
    default:
      return [note];
  }
}
