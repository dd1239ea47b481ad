import type { Command } from '../../core/command.ts';
import type { Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { type EditInput, fieldsOf } from './ticket.ts';
import { type DeskState, transitionTo } from './workflow.ts';

/** How a ticket shall be: its status, and what else is set. */
export interface Plan {
  readonly state?: DeskState | undefined;
  readonly edit: EditInput;
}

/** The one command that makes a ticket so; null where it is so already. */
export function commandOf(ticket: Ticket, { state, edit }: Plan): Command | null {
  const input = differing(ticket, edit);
  if (state !== undefined && state !== ticket.state) {
    return { type: 'transition', name: transitionTo(state), input };
  }
  return Object.keys(input).length > 0 ? { type: 'edit', input } : null;
}

/** What of an edit is not so already. */
function differing(ticket: Ticket, edit: EditInput): Input {
  const { title, priority, queue, assignee, tags, customer, externalReference } = ticket;
  const now: Record<string, unknown> = {
    ...fieldsOf(ticket),
    ...{ title, priority, queue, assignee, tags, customer, externalReference },
  };
  return Object.fromEntries(
    Object.entries(edit).filter(
      ([name, value]) => value !== undefined && JSON.stringify(now[name] ?? null) !== JSON.stringify(value),
    ),
  );
}
