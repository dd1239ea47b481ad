import { decide } from '../core/decide.ts';
import type { Birth, Decision } from '../core/decision.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
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
import { type EchoRequest, findEcho } from './idempotency.ts';
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
  const { sql, clock, queue, loads, directory, onCommit } = parts;
  const turns = createTurns();

  /** A refusal may be the echo of a success: the same request was written before, under the same key. */
  async function refusedUnlessReplayed(request: EchoRequest, refusal: Refusal): Promise<Written | Refusal> {
    return (await findEcho(sql, request)) ?? refusal;
  }

  /** Nothing is written, so nothing is recorded; but the key may be another request's. */
  async function unchanged(request: EchoRequest, answer: Answer): Promise<Written | Refusal> {
    const echo = await refusedUnlessReplayed(request, refuse('contention'));
    return !echo.ok && echo.code === 'contention' ? { ok: true, answer, replayed: false } : echo;
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
    if (!plan.item) return unchanged(request, plan.answer);
    if (fate === 'written') return { ok: true, answer: plan.answer, replayed: false };
    const echo = await findEcho(sql, request);
    return echo ?? (fate === 'taken' ? duplicateOf(plan.item.decision) : null);
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
      if ((await submit(actor, commitItemOf(request, decision, answer))) === 'written')
        return { ok: true, answer, replayed: false };
      const refusal = (await duplicateOf(decision)) ?? refuse('contention');
      return refusedUnlessReplayed(request, refusal);
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
