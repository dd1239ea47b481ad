import type { Command } from '../../../core/command.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { compileSchema } from '../../../http/schema-compile.ts';
import { refuseFaults } from '../../../http/validation.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { type FieldError, type Refusal, refuse } from '../../../kernel/errors.ts';
import { closeOutInput } from '../inputs.ts';
import { roleOf } from '../parties.ts';
import { resolveTransaction } from '../transaction.ts';
import { stateFromWire } from './map.ts';
import type { UpdateBody } from './schema.ts';

const closeOutCheck = compileSchema(closeOutInput);

/** An update as it came: the body, with what its schema has against it. */
export interface Update {
  /** Of this shape only where there are no faults. */
  readonly body: UpdateBody;
  readonly faults: readonly FieldError[];
}

/**
 * The transaction that an update means on its ticket. Which one it is says whether the close-out fields count, so the
 * faults of the whole body are told together from here.
 */
export function toCommand(ticket: Ticket, actor: Actor, { body, faults }: Update): Command | Refusal {
  const role = roleOf(ticket, actor);
  if (role === null) return refuse('ticketNotFound');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuseFaults(faults);
  const { baseTroubleTicketState, ticketId, mirrorKey, attachments, ...rest } = body;
  const { closeOutType: _, closeOutNarr: __, serviceRestoredTime: ___, ...input } = rest;
  const requested = stateFromWire(baseTroubleTicketState);
  const resolved = requested === undefined ? null : resolveTransaction(ticket.state, role, requested);
  const closesOut = resolved?.ok && resolved.code === 'TO07';
  const closeOut = closesOut ? closeOutCheck.check(rest) : null;
  const all = [
    ...faults,
    ...ticketIdFault(ticket, ticketId),
    ...(closeOut && !closeOut.ok ? closeOut.errors : []),
  ];
  if (all.length > 0 || !resolved) return refuseFaults(all);
  const mismatch = mirrorKeyMismatch(ticket, mirrorKey);
  if (mismatch) return mismatch;
  if (!resolved.ok) return resolved;
  return {
    type: 'transition',
    name: resolved.code,
    input: {
      ...input,
      ...(closeOut?.ok && closeOut.value),
      ...(attachments && { attachments: attachments.filter(({ content }) => content !== undefined) }),
    },
  };
}

/** A body that names another ticket than the path was meant for that other ticket. */
function ticketIdFault({ key }: Ticket, given: unknown): FieldError[] {
  if (typeof given !== 'string' || given === key) return [];
  return [{ pointer: '/ticketId', message: `must be ${key}, the ticket that the path names` }];
}

function mirrorKeyMismatch({ key, externalReference }: Ticket, given?: string): Refusal | null {
  if (given === undefined || given === (externalReference ?? '')) return null;
  return refuse('referenceMismatch', `The ticket ${key} has the mirrorKey ${externalReference}.`);
}
