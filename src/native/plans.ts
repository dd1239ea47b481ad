import { transitionRefusal } from '../core/available.ts';
import type { Command } from '../core/command.ts';
import type { Input, Kind } from '../core/kind.ts';
import { editsAll, WRITE_PERMISSION } from '../core/staff.ts';
import type { Ticket } from '../core/ticket.ts';
import { type Actor, isOwnStaff } from '../kernel/actor.ts';
import { invalid, type Refusal, refuse } from '../kernel/errors.ts';
import type { KindChecks } from './kind-checks.ts';

/** What a request wants done to a ticket, worked out once the ticket and its kind are known. */
export interface Plan {
  command(ticket: Ticket, kind: Kind, now: Date): Command | Refusal | null;
  /** Faults that were found in the command's input, at the place where the client wrote it. */
  place(refusal: Refusal): Refusal;
}

type Checks = ReadonlyMap<string, KindChecks>;

/** @param at the JSON pointer of the request in the body, empty where it is the body */
export function planTransition(
  checks: Checks,
  actor: Actor,
  { name, input }: { name: string; input: unknown },
  at = '',
): Plan {
  return plan(`${at}/input`, (ticket, kind, now) => {
    const known = checks.get(kind.name)?.transitions;
    const check = known?.get(name);
    if (!known || !check) {
      const message = `must be one of ${[...(known?.keys() ?? [])].join(', ')}`;
      return invalid(
        [{ pointer: `${at}/name`, message }],
        `A ticket of kind ${kind.name} has no transition ${name}.`,
      );
    }
    const role = kind.roleOf(ticket, actor);
    if (role === null) return refuse('forbidden', 'You play no role on this ticket.');
    const refusal = transitionRefusal(kind, ticket, role, name, now);
    if (refusal) return refusal;
    const checked = check.check(input, `${at}/input`);
    return checked.ok ? { type: 'transition', name, input: checked.value as Input } : invalid(checked.errors);
  });
}

/** A merge patch (RFC 7396) of what may be edited; null where it names nothing of that. */
export function planEdit(checks: Checks, actor: Actor, patch: unknown, at = ''): Plan {
  return plan(at, (ticket, kind) => {
    const refusal = writeRefusal(kind, ticket, actor);
    if (refusal) return refusal;
    const own = checks.get(kind.name);
    if (!own) return refuse('ticketNotFound');
    const checked = own.edit.check(patch, at);
    if (!checked.ok) return invalid(checked.errors);
    const edit = checked.value as Input;
    return Object.keys(edit).length === 0 ? null : { type: 'edit', ...own.splitEdit(edit) };
  });
}

export interface Comment {
  readonly body: string;
  readonly visibility: 'public' | 'internal';
}

export function planComment(actor: Actor, comment: Comment): Plan {
  return plan('', (ticket, kind) => {
    const refusal = writeRefusal(kind, ticket, actor);
    if (refusal) return refusal;
    if (comment.visibility === 'internal' && !isOwnStaff(actor)) {
      return refuse('forbidden', "Internal comments are for the account's own staff.");
    }
    return { type: 'comment', ...comment };
  });
}

function plan(inputAt: string, command: Plan['command']): Plan {
  let isDecided = false;
  return {
    command(ticket, kind, now) {
      const result = command(ticket, kind, now);
      isDecided = result !== null && !('ok' in result);
      return result;
    },
    place: (refusal) => (isDecided ? placeErrors(refusal, inputAt) : refusal),
  };
}

/** The core's pointers are into the command's input. */
export function placeErrors(refusal: Refusal, at: string): Refusal {
  if (at === '' || !refusal.errors) return refusal;
  const errors = refusal.errors.map(({ pointer, message }) => ({ pointer: at + pointer, message }));
  return { ...refusal, errors };
}

/** Edits and comments are for those who play a role on the ticket, and for staff who may write on every ticket. */
export function writeRefusal(kind: Kind, ticket: Ticket, actor: Actor): Refusal | null {
  if (kind.roleOf(ticket, actor) !== null || editsAll(actor)) return null;
  return refuse('forbidden', `You play no role on this ticket and lack the permission ${WRITE_PERMISSION}.`, {
    data: { permission: WRITE_PERMISSION },
  });
}
