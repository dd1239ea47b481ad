import type { Decision } from '../core/decision.ts';
import { decideErasure } from '../core/erase.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { inTransaction, type Sql } from './database.ts';
import { eraseRows, holdCounts } from './erase-rows.ts';
import { isCollision, isUnavailable, isUniqueViolation, namedFault } from './failure.ts';
import { findEcho, recordAnswer } from './idempotency.ts';
import { idsOfRefs, lockToErase, type TicketRef } from './load.ts';
import { preconditionRefusal } from './precondition.ts';

/** How often an erasure is begun anew when others write its tickets just then. */
const MOST_TRIES = 20;

interface EraseBase {
  readonly actor: Actor;
  readonly contract: string;
  readonly idempotency: IdempotencyKey | null;
  /** The version that the caller has seen of each ticket, null where it does not say. */
  readonly ifMatch: number | null;
  /** Only tickets of this kind are found; null: any kind. */
  readonly kind: string | null;
  /** Whether the ticket is there for the actor; when absent, it is for those who play a role on it. */
  readonly admits?: (ticket: Ticket, kind: Kind) => boolean;
  /** Why the actor may not erase the ticket, null where it may. When absent, whoever finds a ticket may erase it. */
  readonly refusal?: (ticket: Ticket, kind: Kind) => Refusal | null;
}

export interface EraseRequest extends EraseBase {
  readonly ref: TicketRef;
  readonly answer: (ticket: Ticket) => Answer;
}

/** The ticket as it was. */
export type Erasure = { readonly ok: true; readonly ticket: Ticket } | Refusal;

export interface EraseManyRequest extends EraseBase {
  /** A refusal stands for an item that was found wrong already. A ticket that is named again is not there any more. */
  readonly refs: readonly (TicketRef | Refusal)[];
  readonly answer: (results: readonly Erasure[]) => Answer;
}

/**
 * Erases tickets with their history, files, timers and links. One event is left of each, which tells that it was erased,
 * and from which state. What idempotency records say of it is erased as well.
 */
export interface Eraser {
  erase(request: EraseRequest): Promise<Written | Refusal>;
  /** Up to some 10,000 tickets in one transaction; one that is refused leaves the others as they are. */
  eraseMany(request: EraseManyRequest): Promise<Written | Refusal>;
}

export interface EraserParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  /** Told after each erasure on this node. */
  readonly onCommit: (decision: Decision) => void;
}

/** Rolls back the erasure of a single ticket: nothing is recorded under its key. */
class NotErased extends Error {
  override readonly name = 'NotErased';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function createEraser(parts: EraserParts): Eraser {
  const { sql, kinds, clock, onCommit } = parts;

  async function eraseIn(
    tx: Sql,
    request: EraseManyRequest,
  ): Promise<{ answer: Answer; decisions: Decision[] }> {
    const { actor, idempotency } = request;
    const { account } = actor;
    const now = clock.now();
    const ids = await idsOfRefs(tx, account, request.refs);
    const counted = await holdCounts(tx, account);
    const tickets = await lockToErase(
      tx,
      account,
      ids.filter((id) => id !== null),
    );
    const decisions: Decision[] = [];
    const results = request.refs.map((ref, index): Erasure => {
      if ('ok' in ref) return ref;
      const ticket = tickets.get(ids[index] ?? '');
      const kind = ticket && kinds.get(ticket.kind);
      if (!kind || (request.kind !== null && kind.name !== request.kind)) return refuse('ticketNotFound');
      const refusal = preconditionRefusal(kind, ticket, request) ?? request.refusal?.(ticket, kind);
      if (refusal) return refusal;
      tickets.delete(ticket.id);
      decisions.push(decideErasure(kind, ticket, { actor, now, contract: request.contract }));
      return { ok: true, ticket };
    });
    const answer = request.answer(results);
    if (decisions.length > 0) await eraseRows(tx, account, decisions, counted, now);
    if (idempotency) await recordAnswer(tx, account, actor.id, idempotency, answer, now);
    return { answer, decisions };
  }

  async function attempt(request: EraseManyRequest): Promise<Written | Refusal> {
    const known = await findEcho(sql, request);
    if (known) return known;
    for (let tries = 1; ; tries += 1) {
      try {
        const { answer, decisions } = await inTransaction(sql, (tx) => eraseIn(tx, request));
        for (const decision of decisions) onCommit(decision);
        return { ok: true, answer, replayed: false };
      } catch (error) {
        if (isUnavailable(error)) throw namedFault(error);
        // The same request, on another node or a moment before, may have come first.
        const echo = await findEcho(sql, request);
        if (echo) return echo;
        if (error instanceof NotErased) return error.refusal;
        if (!isCollision(error) && !isUniqueViolation(error)) throw error;
        if (tries === MOST_TRIES) return refuse('contention');
      }
    }
  }

  return {
    erase({ ref, answer, ...request }) {
      const single = ([result]: readonly Erasure[]) => {
        if (!result?.ok) throw new NotErased(result ?? refuse('ticketNotFound'));
        return answer(result.ticket);
      };
      return attempt({ ...request, refs: [ref], answer: single });
    },
    eraseMany: attempt,
  };
}
