import type { ChildNews } from '../../core/child-news.ts';
import type { CommentCommand } from '../../core/command.ts';
import type { Decision } from '../../core/decision.ts';
import type { HandOff } from '../../core/hand-off.ts';
import type { KindRegistry } from '../../core/kind.ts';
import type { OtherEnd } from '../../core/link.ts';
import type { Settlement } from '../../core/settlement.ts';
import type { Refusal } from '../../kernel/errors.ts';

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
  return note(`Not handed over: no ${labelOf(kinds, kind)} could be made. ${wordsOf(refusal)}`, {
    handedOver: 'refused',
    kind,
    code: refusal.code,
  });
}

/** A refusal in words, a line for each fault: `- vin is required`. */
export function wordsOf({ message, errors = [] }: Refusal): string {
  const lines = errors.map(
    ({ pointer, message: fault }) => `- ${`${pointer.slice(1)} ${fault}`.trimStart()}`,
  );
  return [message, ...lines].join('\n');
}

/** What is noted on a ticket whose child came into another state. */
export function noteOfMove(
  kinds: KindRegistry,
  { type, kind, child, state, reason }: ChildNews & { readonly child: OtherEnd; readonly state: string },
): CommentCommand {
  const name = kinds.get(kind)?.workflow.states[state]?.label ?? state;
  const what = type === 'ended' || type === 'settled' ? 'ended as' : 'is now';
  const why = reason === null ? '.' : `: ${reason}`;
  return note(`${labelOf(kinds, kind)} ${child.key} ${what} “${name}”${why}`, {
    handedOver: type,
    child,
    state,
    reason,
  });
}

/** What is written on a ticket when the one that asked for it says that the matter is settled. */
export function noteOfSettlement({ comment }: Settlement, parent: OtherEnd): CommentCommand {
  return note(comment, { handedOver: 'settled', parent });
}
