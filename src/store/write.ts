import type { Catalogue } from '../core/collection.ts';
import type { Command } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Birth, Decision } from '../core/decision.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import type { Settings } from '../kernel/settings.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Sql } from './database.ts';
import type { Directory } from './directory.ts';
import { createEraser, type Eraser } from './erase.ts';
import { isUniqueViolation } from './failure.ts';
import { findEcho } from './idempotency.ts';
import { createLinker, type Linker } from './link-tickets.ts';
import { loadByUniqueKey, type TicketRef } from './load.ts';
import type { LoadQueue } from './load-queue.ts';
import type { Numbers } from './numbers.ts';
import {
  duplicateRefusal,
  preconditionRefusal,
  unknownPartyRefusal,
  withPresentState,
} from './precondition.ts';
import { createTurns } from './turns.ts';

/** How often a command is decided anew when others write the same ticket in between. */
const MOST_TRIES = 50;

/** Makes the answer from the ticket as it will be, before it is written: the idempotency record holds it. */
export type ToAnswer = (ticket: Ticket, kind: Kind, now: Date) => Answer;

interface WriteBase {
  readonly actor: Actor;
  readonly contract: string;
  readonly idempotency: IdempotencyKey | null;
  readonly answer: ToAnswer;
}

export interface CreateRequest extends WriteBase {
  readonly kind: Kind;
  readonly command: Extract<Command, { type: 'create' }>;
}

export interface ChangeRequest extends WriteBase {
  readonly ref: TicketRef;
  /** Only a ticket of this kind is found; null: any kind. */
  readonly kind: string | null;
  /** The version that the caller has seen, null where it does not say. */
  readonly ifMatch: number | null;
  /** Whether the ticket is there for the actor; when absent, it is for those who play a role on it. */
  readonly admits?: (ticket: Ticket, kind: Kind) => boolean;
  /** What to do, once the ticket is known; null: nothing, and the answer is the ticket as it is. */
  readonly command: (ticket: Ticket, kind: Kind, now: Date) => Command | Refusal | null;
  /**
   * What becomes of a command that another one overtook: decided again on the ticket as it now is, or refused
   * (`stateMoved`) if the ticket has left the state that the first decision was made on.
   */
  readonly whenOvertaken: 'decideAgain' | 'refuseIfMoved';
}

/** What decisions need to know of the account. */
interface Known {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
}

/** Another command changed the ticket after it was decided on. */
interface Overtaken {
  readonly overtaken: Ticket;
}

/** The one write path: load, decide, commit. */
export interface Writer extends Eraser, Linker {
  create(request: CreateRequest): Promise<Written | Refusal>;
  change(request: ChangeRequest): Promise<Written | Refusal>;
}

export interface WriterParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly queue: CommitQueue;
  readonly loads: LoadQueue;
  readonly numbers: Numbers;
  readonly directory: Directory;
  /** Told after each commit on this node, so that readers and timers need not wait for their next look. */
  readonly onCommit: (decision: Decision) => void;
}

export function createWriter(parts: WriterParts): Writer {
  const { sql, clock, kinds, queue, loads, directory, onCommit } = parts;
  const turns = createTurns();

  /** A refusal may be the echo of a success: the same request was written before, under the same key. */
  async function refusedUnlessReplayed(request: WriteBase, refusal: Refusal): Promise<Written | Refusal> {
    return (await findEcho(sql, request)) ?? refusal;
  }

  /** Nothing is written, so nothing is recorded; but the key may be another request's. */
  async function unchanged(request: WriteBase, answer: Answer): Promise<Written | Refusal> {
    const echo = await refusedUnlessReplayed(request, refuse('contention'));
    return !echo.ok && echo.code === 'contention' ? { ok: true, answer, replayed: false } : echo;
  }

  async function write(
    request: WriteBase,
    decision: Decision,
    answer: Answer,
  ): Promise<'written' | 'not' | 'taken'> {
    const { actor, idempotency } = request;
    const record = idempotency && { ...idempotency, actor: actor.id, answer };
    try {
      if (!(await queue.submit(actor.account, { decision, idempotency: record }))) return 'not';
      onCommit(decision);
      return 'written';
    } catch (error) {
      // A unique key that moved to this ticket, or the same idempotency key on another node.
      if (isUniqueViolation(error)) return 'taken';
      throw error;
    }
  }

  async function duplicateOf(decision: Decision): Promise<Refusal | null> {
    const { account, kind, uniqueKey, id } = decision.ticket;
    const holder = uniqueKey === null ? null : await loadByUniqueKey(sql, account, kind, uniqueKey);
    if (!holder || holder.id === id) return null;
    return duplicateRefusal(holder);
  }

  /** @param decidedOn the state that the first attempt was decided on, null in that attempt */
  async function attempt(
    request: ChangeRequest,
    { settings, catalogue }: Known,
    decidedOn: string | null,
  ): Promise<Written | Refusal | Overtaken> {
    const { actor, contract } = request;
    const ticket = await loads.load(actor.account, request.ref);
    const kind = ticket && kinds.get(ticket.kind);
    if (!kind || (request.kind !== null && kind.name !== request.kind)) {
      return refusedUnlessReplayed(request, refuse('ticketNotFound'));
    }
    const now = clock.now();
    const refused = (refusal: Refusal) =>
      refusedUnlessReplayed(request, withPresentState(refusal, kind, ticket, actor, now));
    const refusal = preconditionRefusal(kind, ticket, request) ?? movedRefusal(ticket, decidedOn, request);
    if (refusal) return refused(refusal);
    const command = request.command(ticket, kind, now);
    if (command === null) return unchanged(request, request.answer(ticket, kind, now));
    if ('ok' in command) return refused(command);
    const decision = decide(kind, ticket, command, { actor, now, settings, catalogue, contract });
    if (!decision.ok) return refused(decision);
    const answer = request.answer(decision.ticket, kind, now);
    const outcome = await write(request, decision, answer);
    if (outcome === 'written') return { ok: true, answer, replayed: false };
    const echo = await refusedUnlessReplayed(request, refuse('contention'));
    if (echo.ok || echo.code !== 'contention') return echo;
    const duplicate = outcome === 'taken' ? await duplicateOf(decision) : null;
    return duplicate ?? { overtaken: ticket };
  }

  return {
    ...createEraser(parts),
    ...createLinker(parts),

    async create(request) {
      const { kind, actor, contract } = request;
      const [account, birth] = await Promise.all([
        directory.account(actor.account),
        giveBirth(parts, kind, actor),
      ]);
      const now = clock.now();
      const { settings, catalogue } = account;
      const context = { actor, now, settings, catalogue, contract, birth };
      const decision = decide(kind, null, request.command, context);
      if (!decision.ok) return refusedUnlessReplayed(request, decision);
      const stranger = await unknownParty(directory, decision.ticket);
      if (stranger) return refusedUnlessReplayed(request, stranger);
      const answer = request.answer(decision.ticket, kind, now);
      if ((await write(request, decision, answer)) === 'written')
        return { ok: true, answer, replayed: false };
      const refusal = (await duplicateOf(decision)) ?? refuse('contention');
      return refusedUnlessReplayed(request, refusal);
    },

    async change(request) {
      const { account } = request.actor;
      const known = await directory.account(account);
      const first = await attempt(request, known, null);
      if (!('overtaken' in first)) return first;
      // Those who write one ticket at once would overtake each other again and again; from here on they take turns.
      const endTurn = await turns.take(JSON.stringify([account, first.overtaken.id]));
      try {
        for (let tries = 1; tries < MOST_TRIES; tries += 1) {
          const outcome = await attempt(request, known, first.overtaken.state);
          if (!('overtaken' in outcome)) return outcome;
        }
        return refuse('contention');
      } finally {
        endTurn();
      }
    },
  };
}

function movedRefusal(
  ticket: Ticket,
  decidedOn: string | null,
  { whenOvertaken }: ChangeRequest,
): Refusal | null {
  if (decidedOn === null || decidedOn === ticket.state || whenOvertaken === 'decideAgain') return null;
  return refuse('stateMoved', `Somebody else moved the ticket to ${ticket.state} at the same moment.`);
}

/** Both sides of a ticket must be parties of the account. */
async function unknownParty(
  directory: Directory,
  { account, issuer, owner }: Ticket,
): Promise<Refusal | null> {
  for (const party of [issuer, owner]) {
    if (party !== null && !(await directory.hasParty(account, party))) return unknownPartyRefusal(party);
  }
  return null;
}

async function giveBirth(
  { numbers, directory, clock }: WriterParts,
  kind: Kind,
  actor: Actor,
): Promise<Birth> {
  const [[number = 0], account] = await Promise.all([
    numbers.take(actor.account, kind.name, 1),
    directory.account(actor.account),
  ]);
  return { id: newId(clock.now()), number, key: `${kind.keyPrefix ?? account.ticketPrefix}-${number}` };
}
