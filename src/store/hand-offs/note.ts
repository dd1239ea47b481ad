import type { CommentCommand } from '../../core/command.ts';
import type { Decision } from '../../core/decision.ts';
import type { HandOff } from '../../core/hand-off.ts';
import type { KindRegistry } from '../../core/kind.ts';
import type { Refusal } from '../../kernel/errors.ts';
import type { Ended } from './read.ts';

function labelOf(kinds: KindRegistry, kind: string): string {
  return kinds.get(kind)?.label ?? kind;
}

function note(body: string, about: Readonly<Record<string, unknown>>): CommentCommand {
  return { type: 'comment', body, visibility: 'internal', about };
}

/** What is noted on a ticket whose child was made. */
export function noteOfChild(kinds: KindRegistry, { ticket }: Decision): CommentCommand {
  const { id, key, kind } = ticket;
  return note(`Handed over: ${labelOf(kinds, kind)} ${key} was made from this ticket.`, {
    handedOver: 'made',
    child: { id, key, kind },
  });
}

/** What is noted on a ticket whose child was refused. */
export function noteOfRefusal(kinds: KindRegistry, { kind }: HandOff, refusal: Refusal): CommentCommand {
  const { code, message, errors = [] } = refusal;
  const faults = errors.map(({ pointer, message: fault }) => `\n- ${pointer} ${fault}`).join('');
  return note(`Not handed over: no ${labelOf(kinds, kind)} could be made. ${message}${faults}`, {
    handedOver: 'refused',
    kind,
    code,
  });
}

/** What is noted on a ticket whose child came to an end. */
export function noteOfEnd(kinds: KindRegistry, { child, state, reason }: Ended): CommentCommand {
  const label = kinds.get(child.kind)?.workflow.states[state]?.label ?? state;
  const why = reason === null ? '.' : `: ${reason}`;
  return note(`${labelOf(kinds, child.kind)} ${child.key} ended as “${label}”${why}`, {
    handedOver: 'ended',
    child,
    state,
    reason,
  });
}
