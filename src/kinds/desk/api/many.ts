import type { FastifyRequest } from 'fastify';
import type { Command } from '../../../core/command.ts';
import type { Ticket } from '../../../core/ticket.ts';
import type { Answer, Written } from '../../../kernel/answer.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import type { BatchItem, BatchResult, BatchWriter } from '../../../store/write-batch.ts';
import { deskKind } from '../kind.ts';
import { findIds } from '../store.ts';
import { CONTRACT } from './contract-name.ts';
import { tellRefusal } from './errors.ts';
import type { WireOutcome } from './schema.ts';

export interface ManyParts {
  readonly store: Store;
  readonly batches: BatchWriter;
}

/** What is to be done to each of many tickets. */
export interface Many {
  readonly numbers: readonly number[];
  readonly command: (ticket: Ticket) => Command | Refusal | null;
  /** When absent, the outcome of each ticket. */
  readonly answer?: (outcomes: readonly WireOutcome[]) => Answer;
  /** Whose answer is not kept: one of several calls that a request amounts to. */
  readonly isPart?: boolean;
}

/** The numbers of a call, each once. */
export function numbersOf(ids: readonly (number | string)[]): number[] {
  return [...new Set(ids.map(Number))];
}

/**
 * Does one thing to each of up to 10,000 tickets, in one transaction: two statements find and lock them, and one for each
 * 500 writes them with their history. A ticket that is refused keeps no other from being written.
 */
export async function writeMany(
  { store, batches }: ManyParts,
  { actor, idempotency, ifMatch }: FastifyRequest,
  { numbers, command, answer = manyAnswer, isPart = false }: Many,
): Promise<Written | Refusal> {
  const ids = await findIds(store.sql, actor.account, numbers);
  const unchanged = new Set<number>();
  const items = numbers.map((number): BatchItem | Refusal => {
    const id = ids.get(number);
    if (id === undefined) return refuse('ticketNotFound');
    return {
      op: 'change',
      ref: { id },
      ifMatch: numbers.length === 1 ? ifMatch : null,
      admits: (_ticket, kind) => kind.name === deskKind.name,
      command(ticket) {
        const found = command(ticket);
        if (found === null) unchanged.add(number);
        else unchanged.delete(number);
        return found;
      },
    };
  });
  const outcome = await batches.write({
    actor,
    contract: CONTRACT,
    idempotency: isPart ? null : idempotency,
    atomic: false,
    items,
    answer: (results) =>
      answer(results.map((result, place) => toOutcome(numbers[place] ?? 0, result, unchanged))),
  });
  return outcome;
}

function toOutcome(id: number, result: BatchResult, unchanged: ReadonlySet<number>): WireOutcome {
  if (!result.ok) return { id, result: 'refused', message: tellRefusal(result) };
  return { id, result: unchanged.has(id) ? 'unchanged' : 'done' };
}

/** How many tickets there are of each outcome, and the outcome of each. */
export function manyAnswer(outcomes: readonly WireOutcome[]): Answer {
  const counts = { done: 0, unchanged: 0, refused: 0 };
  for (const { result } of outcomes) counts[result] += 1;
  return resultAnswer({ message: tellMany(counts), ...counts, results: outcomes });
}

/** An answer of the published shape. */
export function resultAnswer(body: { readonly message: string } & Record<string, unknown>): Answer {
  return { status: 200, headers: {}, body: JSON.stringify({ type: 'result', ...body }) };
}

function tellMany({ done, unchanged, refused }: Record<WireOutcome['result'], number>): string {
  const parts = [`Tickets done: ${done}`];
  if (unchanged > 0) parts.push(`unchanged: ${unchanged}`);
  if (refused > 0) parts.push(`refused: ${refused}`);
  return `${parts.join(', ')}.`;
}
