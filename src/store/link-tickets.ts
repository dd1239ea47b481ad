import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import type { SeenRelation } from '../core/link.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { commit } from './commit.ts';
import { inTransaction, type Sql, takeTurn } from './database.ts';
import type { Directory } from './directory.ts';
import { isCollision, isUnavailable, isUniqueViolation, namedFault } from './failure.ts';
import { findEcho, recordUnchanged } from './idempotency.ts';
import { addLink, findLineage, hasLink, removeLink } from './links.ts';
import { idsOfRefs, lockTickets, type TicketRef } from './load.ts';
import { preconditionRefusal } from './precondition.ts';

/** How often it is begun anew when others write one of the tickets just then. */
const MOST_TRIES = 50;

export interface LinkRequest {
  readonly actor: Actor;
  readonly contract: string;
  readonly idempotency: IdempotencyKey | null;
  /** The ticket whose link it is: its history tells it. */
  readonly ref: TicketRef;
  readonly ifMatch: number | null;
  /** What is to become of the link. */
  readonly type: 'link' | 'unlink';
  readonly relation: SeenRelation;
  readonly other: TicketRef;
  /** Where the request names the other ticket, for faults. */
  readonly otherPointer: string;
  /** Whether a ticket is there for the actor; both have to be. */
  readonly admits: (ticket: Ticket, kind: Kind) => boolean;
  /** Why the actor may not change the first ticket's links, null where it may. */
  readonly refusal: (ticket: Ticket, kind: Kind) => Refusal | null;
  /** @param changed false where the link was there already, or was not there to be taken away */
  readonly answer: (ticket: Ticket, other: Ticket, changed: boolean) => Answer;
}

/** Makes and takes away links between tickets. */
export interface Linker {
  link(request: LinkRequest): Promise<Written | Refusal>;
}

export interface LinkerParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly directory: Directory;
  readonly onCommit: (decision: Decision) => void;
}

interface Done {
  readonly ok: true;
  readonly answer: Answer;
  readonly decision: Decision | null;
}

/**
 * Links of an account are changed one after the other, so that two links at once cannot make a ticket its own parent,
 * however long the way. Both tickets are locked, so that none of them is erased meanwhile.
 */
export function createLinker(parts: LinkerParts): Linker {
  const { sql, clock, kinds, directory, onCommit } = parts;

  async function linkIn(tx: Sql, request: LinkRequest): Promise<Done | Refusal> {
    const { actor, contract, idempotency, type, relation, otherPointer } = request;
    const { account } = actor;
    await takeTurn(tx, 'links', account);
    const [id, otherId] = await idsOfRefs(tx, account, [request.ref, request.other]);
    const ids = [id, otherId].filter((each) => each !== null && each !== undefined);
    const tickets = new Map((await lockTickets(tx, account, ids, [])).map((found) => [found.id, found]));
    const ticket = tickets.get(id ?? '');
    const kind = ticket && kinds.get(ticket.kind);
    if (!kind) return refuse('ticketNotFound');
    const refusal = preconditionRefusal(kind, ticket, request) ?? request.refusal(ticket, kind);
    if (refusal) return refusal;
    const other = tickets.get(otherId ?? '');
    const otherKind = other && kinds.get(other.kind);
    if (!otherKind || !request.admits(other, otherKind)) {
      return invalid([{ pointer: otherPointer, message: 'is not a ticket that you see' }]);
    }
    if (other.id === ticket.id) {
      return invalid([{ pointer: otherPointer, message: 'must be another ticket' }]);
    }
    const ends = { account, ticket: ticket.id, relation, other: other.id };
    if ((await hasLink(tx, ends)) === (type === 'link')) {
      const answer = request.answer(ticket, other, false);
      if (idempotency) await recordUnchanged(tx, ticket, actor.id, idempotency, answer, clock.now());
      return { ok: true, answer, decision: null };
    }
    if (type === 'link' && (await wouldCircle(tx, account, relation, ticket.id, other.id))) {
      const message = `would make ${ticket.key} its own parent, by way of ${other.key}`;
      return invalid([{ pointer: otherPointer, message }]);
    }
    const now = clock.now();
    const { settings, catalogue } = await directory.account(account);
    const command = { type, relation, other: { id: other.id, key: other.key, kind: other.kind } };
    const decision = decide(kind, ticket, command, { actor, now, settings, catalogue, contract });
    if (!decision.ok) return decision;
    if (type === 'link') await addLink(tx, ends, now);
    else await removeLink(tx, ends);
    const answer = request.answer(decision.ticket, other, true);
    const record = idempotency && { ...idempotency, actor: actor.id, answer };
    const [written] = await commit(tx, account, [{ decision, idempotency: record }]);
    if (!written) throw new SameKeyError();
    return { ok: true, answer, decision };
  }

  return {
    async link(request) {
      for (let tries = 1; ; tries += 1) {
        const echo = await findEcho(sql, request);
        if (echo) return echo;
        try {
          const done = await inTransaction(sql, (tx) => linkIn(tx, request));
          if (!done.ok) return (await findEcho(sql, request)) ?? done;
          if (done.decision) onCommit(done.decision);
          return { ok: true, answer: done.answer, replayed: false };
        } catch (error) {
          if (isUnavailable(error)) throw namedFault(error);
          const again = isCollision(error) || isUniqueViolation(error) || error instanceof SameKeyError;
          if (!again) throw error;
          if (tries === MOST_TRIES) return refuse('contention');
        }
      }
    },
  };
}

/** The same request came first; its record has the answer. */
class SameKeyError extends Error {
  override readonly name = 'SameKeyError';
}

/** Whether the ticket that is to be the child is a parent of the other one already. */
async function wouldCircle(
  tx: Sql,
  account: string,
  relation: SeenRelation,
  ticket: string,
  other: string,
): Promise<boolean> {
  if (relation !== 'parent' && relation !== 'child') return false;
  const [child, parent] = relation === 'parent' ? [ticket, other] : [other, ticket];
  return (await findLineage(tx, account, [parent])).get(parent)?.has(child) ?? false;
}
