import type { Command } from '../core/command.ts';
import type { Birth } from '../core/decision.ts';
import type { Kind } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../kernel/answer.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newIds } from '../kernel/id.ts';
import type { BatchAttempt, BatchMode } from './batch-decide.ts';
import { BatchAborted, runBatch } from './batch-run.ts';
import { inTransaction } from './database.ts';
import { isCollision, isUnavailable, namedFault } from './failure.ts';
import { createGate } from './gate.ts';
import { findEcho } from './idempotency.ts';
import type { Store } from './store.ts';

/** Batches of this node that are under way at once: each holds one or two connections, and a third one gains nothing. */
const AT_ONCE = 2;
/** How often a batch is begun anew when others write its tickets just then. */
const MOST_TRIES = 20;

export interface BatchCreation {
  readonly op: 'create';
  readonly kind: Kind;
  readonly command: Extract<Command, { type: 'create' }>;
}

export interface BatchChange {
  readonly op: 'change';
  readonly ref: { readonly id: string } | { readonly key: string };
  readonly ifMatch: number | null;
  readonly admits: (ticket: Ticket, kind: Kind) => boolean;
  /** What to do, once the ticket is known; null: nothing. */
  readonly command: (ticket: Ticket, kind: Kind, now: Date) => Command | Refusal | null;
}

export type BatchItem = BatchCreation | BatchChange;

export type BatchResult = { readonly ok: true; readonly created: boolean; readonly ticket: Ticket } | Refusal;

export interface BatchRequest {
  readonly actor: Actor;
  readonly contract: string;
  readonly idempotency: IdempotencyKey | null;
  /** All or nothing. */
  readonly atomic: boolean;
  /** A refusal stands for an item that was found wrong already. */
  readonly items: readonly (BatchItem | Refusal)[];
  /** Makes the answer of a batch that was written; the idempotency record holds it. */
  readonly answer: (results: readonly BatchResult[]) => Answer;
}

/** An atomic batch of which nothing was written: the refused items say why, the others `batchAborted`. */
export interface AbortedBatch extends Refusal {
  readonly results: readonly BatchResult[];
}

export type BatchParts = Pick<
  Store,
  'sql' | 'clock' | 'kinds' | 'directory' | 'log' | 'committed' | 'takeNumbers'
>;

export interface BatchWriter {
  write(request: BatchRequest): Promise<Written | AbortedBatch | Refusal>;
}

/**
 * Writes many commands of one actor. Items on one ticket are done in their order; items on different tickets have no
 * order among them. An item that is refused leaves the others as they are, unless the batch is atomic.
 *
 * It is one transaction, together with the idempotency record; but new tickets, without a key and not atomic, go in
 * statements of their own, two at once.
 *
 * The tickets to be changed are locked first: no item can lose a race. Batches of an account that change tickets take
 * turns. While the transaction runs, readers of the log wait for it.
 * @throws UnavailableError when the database cannot be reached; then nothing is written, or it is not known
 */
export function createBatchWriter(parts: BatchParts): BatchWriter {
  const gate = createGate(AT_ONCE);
  return { write: (request) => gate(() => writeBatch(parts, request)) };
}

async function writeBatch(
  parts: BatchParts,
  request: BatchRequest,
): Promise<Written | AbortedBatch | Refusal> {
  const known = await findEcho(parts.sql, request);
  if (known) return known;
  const { settings, catalogue, ticketPrefix } = await parts.directory.account(request.actor.account);
  const now = parts.clock.now();
  const births = await giveBirths(parts, request, ticketPrefix, now);
  const attempt = { parts, request, settings, catalogue, now, births };
  if (!needsTransaction(request)) return writeApart(parts, { ...attempt, mode: 'apart' });
  let mode: BatchMode = 'together';
  for (let tries = 1; ; tries += 1) {
    const run = { ...attempt, mode };
    try {
      const { answer, decisions } = await inTransaction(parts.sql, (tx) => runBatch(tx, run));
      for (const decision of decisions) parts.committed(decision);
      return { ok: true, answer, replayed: false };
    } catch (error) {
      if (error instanceof BatchAborted) {
        return { ...refuse('batchAborted', error.message), results: error.results };
      }
      if (isUnavailable(error)) throw namedFault(error);
      // The row at fault may be the idempotency record of the same request, written by another node.
      const echo = await findEcho(parts.sql, request);
      if (echo) return echo;
      if (isCollision(error)) {
        if (tries === MOST_TRIES) return refuse('contention');
      } else if (mode === 'careful') throw error;
      else mode = 'careful';
    }
  }
}

/** New tickets alone have nothing that must hold over all of them, unless the caller asks for it. */
function needsTransaction({ atomic, idempotency, items }: BatchRequest): boolean {
  return atomic || idempotency !== null || items.some((item) => 'op' in item && item.op === 'change');
}

async function writeApart({ sql }: BatchParts, attempt: BatchAttempt): Promise<Written> {
  try {
    const { answer } = await runBatch(sql, attempt);
    return { ok: true, answer, replayed: false };
  } catch (error) {
    throw namedFault(error);
  }
}

/** Ids, numbers and keys of the tickets that the batch makes, by the place of their item. */
async function giveBirths(
  { takeNumbers }: BatchParts,
  { actor, items }: BatchRequest,
  ticketPrefix: string,
  now: Date,
): Promise<ReadonlyMap<number, Birth>> {
  const places = new Map<Kind, number[]>();
  items.forEach((item, index) => {
    if (!('op' in item) || item.op !== 'create') return;
    const others = places.get(item.kind);
    if (others) others.push(index);
    else places.set(item.kind, [index]);
  });
  const births = new Map<number, Birth>();
  const ids = newIds(items.length, now);
  for (const [kind, indices] of places) {
    const numbers = await takeNumbers(actor.account, kind.name, indices.length);
    const prefix = kind.keyPrefix ?? ticketPrefix;
    indices.forEach((index, place) => {
      const number = numbers[place] as number;
      births.set(index, { id: ids[index] as string, number, key: `${prefix}-${number}` });
    });
  }
  return births;
}
