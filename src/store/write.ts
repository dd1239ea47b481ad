import { allowedTransitions } from '../core/available.ts';
import type { Command } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Birth, Decision } from '../core/decision.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Sql } from './database.ts';
import type { Directory } from './directory.ts';
import { isUniqueViolation } from './failure.ts';
import { findReplay } from './idempotency.ts';
import { loadByUniqueKey, loadTicket, type TicketRef } from './load.ts';
import type { Numbers } from './numbers.ts';

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
  /** What to do, once the ticket is known. */
  readonly command: (ticket: Ticket, kind: Kind, now: Date) => Command | Refusal;
  /**
   * What becomes of a command that another one overtook: decided again on the ticket as it now is, or refused
   * (`stateMoved`) if the ticket has left the state that the first decision was made on.
   */
  readonly whenOvertaken: 'decideAgain' | 'refuseIfMoved';
}

export interface Written {
  readonly ok: true;
  readonly answer: Answer;
  readonly replayed: boolean;
}

/** The one write path: load, decide, commit. */
export interface Writer {
  create(request: CreateRequest): Promise<Written | Refusal>;
  change(request: ChangeRequest): Promise<Written | Refusal>;
}

export interface WriterParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly queue: CommitQueue;
  readonly numbers: Numbers;
  readonly directory: Directory;
  /** Told after each commit on this node, so that readers and timers need not wait for their next look. */
  readonly onCommit: (decision: Decision) => void;
}

export function createWriter(parts: WriterParts): Writer {
  const { sql, clock, kinds, queue, directory, onCommit } = parts;

  /** A refusal may be the echo of a success: the same request was written before, under the same key. */
  async function refusedUnlessReplayed(request: WriteBase, refusal: Refusal): Promise<Written | Refusal> {
    if (!request.idempotency) return refusal;
    const { account, id } = request.actor;
    const replay = await findReplay(sql, account, id, request.idempotency);
    if (!replay) return refusal;
    return replay.ok ? { ok: true, answer: replay.replayed, replayed: true } : replay;
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
    return refuse('duplicate', `The ticket ${holder.key} has this reference already.`, {
      data: { key: holder.key, id: holder.id },
    });
  }

  return {
    async create(request) {
      const { kind, actor, contract } = request;
      const [account, birth] = await Promise.all([
        directory.account(actor.account),
        giveBirth(parts, kind, actor),
      ]);
      const now = clock.now();
      const { settings } = account;
      const decision = decide(kind, null, request.command, { actor, now, settings, contract, birth });
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
      const { actor, contract, ref, ifMatch } = request;
      const { settings } = await directory.account(actor.account);
      let decidedOn: string | null = null;
      for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
        const ticket = await loadTicket(sql, actor.account, ref);
        const kind = ticket && kinds.get(ticket.kind);
        if (!kind || (request.kind !== null && kind.name !== request.kind)) {
          return refusedUnlessReplayed(request, refuse('ticketNotFound'));
        }
        const now = clock.now();
        const refused = (refusal: Refusal) =>
          refusedUnlessReplayed(request, withPresentState(refusal, kind, ticket, actor, now));
        const refusal = precondition(kind, ticket, request, ifMatch, decidedOn);
        if (refusal) return refused(refusal);
        decidedOn ??= ticket.state;
        const command = request.command(ticket, kind, now);
        if ('ok' in command) return refused(command);
        const decision = decide(kind, ticket, command, { actor, now, settings, contract });
        if (!decision.ok) return refused(decision);
        const answer = request.answer(decision.ticket, kind, now);
        const outcome = await write(request, decision, answer);
        if (outcome === 'written') return { ok: true, answer, replayed: false };
        const echo = await refusedUnlessReplayed(request, refuse('contention'));
        if (echo.ok || echo.code !== 'contention') return echo;
        const duplicate = outcome === 'taken' ? await duplicateOf(decision) : null;
        if (duplicate) return duplicate;
      }
      return refuse('contention');
    },
  };
}

/** What must hold before a change is decided: the caller sees the ticket, at the version and state that it means. */
function precondition(
  kind: Kind,
  ticket: Ticket,
  { actor, whenOvertaken }: ChangeRequest,
  ifMatch: number | null,
  decidedOn: string | null,
): Refusal | null {
  if (actor.type !== 'system' && kind.roleOf(ticket, actor) === null) return refuse('ticketNotFound');
  if (ifMatch !== null && ifMatch !== ticket.version) {
    return refuse('versionMismatch', `The ticket is at version ${ticket.version}, not ${ifMatch}.`, {
      data: { version: ticket.version },
    });
  }
  if (decidedOn !== null && decidedOn !== ticket.state && whenOvertaken === 'refuseIfMoved') {
    return refuse('stateMoved', `Somebody else moved the ticket to ${ticket.state} at the same moment.`);
  }
  return null;
}

const ABOUT_THE_STATE = new Set(['invalidTransition', 'notYourTransition', 'stateMoved', 'versionMismatch']);

/** A refusal that has to do with the ticket's state tells that state, and what the caller may do in it. */
function withPresentState(refusal: Refusal, kind: Kind, ticket: Ticket, actor: Actor, now: Date): Refusal {
  if (!ABOUT_THE_STATE.has(refusal.code)) return refusal;
  const allowed = allowedTransitions(kind, ticket, actor, now);
  return { ...refusal, data: { ...refusal.data, state: ticket.state, allowed } };
}

/** Both sides of a ticket must be parties of the account. */
async function unknownParty(
  directory: Directory,
  { account, issuer, owner }: Ticket,
): Promise<Refusal | null> {
  for (const party of [issuer, owner]) {
    if (party !== null && !(await directory.hasParty(account, party))) {
      return refuse('unknownParty', `The party ${party} is not known to this account.`, { data: { party } });
    }
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
