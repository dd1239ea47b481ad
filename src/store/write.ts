import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { KindRegistry } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, Written } from '../kernel/answer.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import { changeInTurn, type Fate } from './change-in-turn.ts';
import type { CommitItem } from './commit.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Sql } from './database.ts';
import type { Directory } from './directory.ts';
import { createEraser, type Eraser } from './erase.ts';
import { isUniqueViolation } from './failure.ts';
import { type EchoRequest, findEcho, recordUnchanged } from './idempotency.ts';
import { createLinker, type Linker } from './link-tickets.ts';
import { loadByUniqueKey } from './load.ts';
import type { LoadQueue } from './load-queue.ts';
import type { Numbers } from './numbers.ts';
import { type Plan, planChange } from './plan-change.ts';
import { duplicateRefusal, unknownPartyRefusal } from './precondition.ts';
import { createTurns } from './turns.ts';
import { type ChangeRequest, type CreateRequest, commitItemOf } from './write-request.ts';

/** How often a command is decided anew when others write the same ticket in between. */
const MOST_TRIES = 50;

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
  const { sql, clock, queue, loads, numbers, directory, onCommit } = parts;
  const turns = createTurns();

  /** A refusal may be the echo of a success: the same request was written before, under the same key. */
  async function refusedUnlessReplayed(request: EchoRequest, refusal: Refusal): Promise<Written | Refusal> {
    return (await findEcho(sql, request)) ?? refusal;
  }

  /** Only the answer is written, unless the key is another request's. */
  async function unchanged(
    { actor, idempotency }: EchoRequest,
    ticket: Ticket,
    answer: Answer,
  ): Promise<Written | Refusal> {
    const written: Written = { ok: true, answer, replayed: false };
    if (!idempotency) return written;
    const echo = await findEcho(sql, { actor, idempotency });
    if (echo) return echo;
    try {
      await recordUnchanged(sql, ticket, actor.id, idempotency, answer, clock.now());
      return written;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return refusedUnlessReplayed({ actor, idempotency }, refuse('contention'));
    }
  }

  async function submit(actor: Actor, item: CommitItem): Promise<Fate> {
    try {
      if (!(await queue.submit(actor.account, item))) return 'overtaken';
      onCommit(item.decision);
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

  /** The answer to a command that was decided on this ticket; null where it has to be decided again. */
  async function conclude(request: ChangeRequest, plan: Plan, fate: Fate): Promise<Written | Refusal | null> {
    if ('refusal' in plan) return refusedUnlessReplayed(request, plan.refusal);
    if ('unchanged' in plan) return unchanged(request, plan.unchanged, plan.answer);
    if (fate === 'written') return { ok: true, answer: plan.answer, replayed: false };
    const echo = await findEcho(sql, request);
    return echo ?? (fate === 'taken' ? duplicateOf(plan.item.decision) : null);
  }

  async function createAs(request: CreateRequest, number: number): Promise<Written | Refusal> {
    const { kind, actor, contract } = request;
    const { settings, catalogue, ticketPrefix } = await directory.account(actor.account);
    const now = clock.now();
    const birth = { id: newId(now), number, key: `${kind.keyPrefix ?? ticketPrefix}-${number}` };
    const decision = decide(kind, null, request.command, {
      actor,
      now,
      settings,
      catalogue,
      contract,
      birth,
    });
    if (!decision.ok) return refusedUnlessReplayed(request, decision);
    const stranger = await unknownParty(directory, decision.ticket);
    if (stranger) return refusedUnlessReplayed(request, stranger);
    const answer = request.answer(decision.ticket, kind, now);
    if ((await submit(actor, commitItemOf(request, decision, answer))) === 'written')
      return { ok: true, answer, replayed: false };
    const refusal = (await duplicateOf(decision)) ?? refuse('contention');
    return refusedUnlessReplayed(request, refusal);
  }

  return {
    ...createEraser(parts),
    ...createLinker(parts),

    async create(request) {
      const { kind, actor } = request;
      const [number = 0] = await numbers.take(actor.account, kind.name, 1);
      const written = await createAs(request, number);
      if (!written.ok || written.replayed) numbers.giveBack(actor.account, kind.name, number);
      return written;
    },

    async change(request) {
      const { actor, ref } = request;
      const known = await directory.account(actor.account);
      const ticket = await loads.load(actor.account, ref);
      const plan = planChange(parts, request, known, ticket, null);
      const fate = plan.item ? await submit(actor, plan.item) : 'overtaken';
      const answer = await conclude(request, plan, fate);
      if (answer || !ticket) return answer ?? refuse('contention');
      // Those who write one ticket at once would overtake each other again and again; from here on they take turns.
      const endTurn = await turns.take(JSON.stringify([actor.account, ticket.id]));
      try {
        for (let tries = 1; tries < MOST_TRIES; tries += 1) {
          const outcome = await changeInTurn(sql, ticket, (present) =>
            planChange(parts, request, known, present, ticket.state),
          );
          if (!outcome) continue;
          if (outcome.plan.item && outcome.fate === 'written') onCommit(outcome.plan.item.decision);
          const answered = await conclude(request, outcome.plan, outcome.fate);
          if (answered) return answered;
        }
        return refuse('contention');
      } finally {
        endTurn();
      }
    },
  };
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
