import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import { agentWrites, customerWrites, type FollowUpInput, followUp } from './messages.ts';
import { DEFAULT_PRIORITY } from './priorities.ts';
import { type CreateInput, type EditInput, NO_NAME, setOf, unknownEntries, wordsOfInput } from './ticket.ts';

/** What a creation, a transition or an edit sets. The input has passed the schema of its command. */
export function changeDesk(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  if (!ticket) {
    if (name === 'followUp') return followUp(input as unknown as FollowUpInput, context);
    return open(input as CreateInput, context);
  }
  const message = input as unknown as { content: string };
  switch (name) {
    case 'customerMessage':
    case 'customerReopens':
      return customerWrites(ticket, message, context);
    case 'agentMessage':
    case 'note':
      return agentWrites(ticket, message, context);
    default:
      return edit(ticket, name, input as EditInput, context);
  }
}

function open(input: CreateInput, { catalogue }: ChangeContext): Change | Refusal {
  const faults = unknownEntries(input, catalogue);
  if (faults.length > 0) return invalid(faults);
  const { fromName = NO_NAME, priority = DEFAULT_PRIORITY, content } = input;
  return {
    ok: true,
    set: setOf(null, { ...input, fromName, priority }),
    ...(content !== undefined && { data: { content } }),
    searchText: `${wordsOfInput(input)} ${content ?? ''}`,
  };
}

/** @param name the transition that the input came along with, null for an edit */
function edit(
  ticket: Ticket,
  name: string | null,
  input: EditInput,
  { catalogue }: ChangeContext,
): Change | Refusal {
  const faults = unknownEntries(input, catalogue);
  if (faults.length > 0) return invalid(faults);
  const told = name !== null && Object.keys(input).length > 0;
  return {
    ok: true,
    set: setOf(ticket, input),
    // The core itself tells what an edit changed.
    ...(told && { data: { changed: input } }),
    searchText: wordsOfInput(input),
  };
}
