import type { Decision } from '../core/decision.ts';
import type { Answer } from '../kernel/answer.ts';
import { refuse } from '../kernel/errors.ts';
import {
  type BatchAttempt,
  type BatchState,
  type Decided,
  decideChunk,
  itemsToDecide,
  refuseStrangers,
  takeChunk,
} from './batch-decide.ts';
import { commit } from './commit.ts';
import { inSavepoint, type Sql, takeTurn } from './database.ts';
import { isCollision, isUnavailable, isUniqueViolation } from './failure.ts';
import { recordAnswer } from './idempotency.ts';
import { loadByUniqueKeys, lockTickets } from './load.ts';
import { duplicateRefusal } from './precondition.ts';
import type { BatchResult } from './write-batch.ts';

/** Rolls an atomic batch back. */
export class BatchAborted extends Error {
  readonly results: readonly BatchResult[];

  constructor(results: readonly BatchResult[], refused: number) {
    super(`${refused} of ${results.length} items were refused, so nothing was written.`);
    this.name = 'BatchAborted';
    this.results = results;
  }
}

/**
 * Does a batch over the given handle: a transaction's, or the pool's where each statement stands alone. While PostgreSQL writes one chunk, the next one is decided and sent after it.
 * @throws BatchAborted when the batch is atomic and an item was refused
 */
export async function runBatch(
  sql: Sql,
  run: BatchAttempt,
): Promise<{ answer: Answer; decisions: readonly Decision[] }> {
  const { request, now } = run;
  const { actor, idempotency } = request;
  const state = await begin(sql, run);
  let waiting = itemsToDecide(run, state);
  let underWay: Promise<void> = Promise.resolve();
  while (waiting.length > 0 && !state.isCutShort) {
    const { chunk, rest } = takeChunk(run, state, waiting);
    waiting = rest;
    const decided = await refuseStrangers(sql, run, state, decideChunk(run, state, chunk));
    if (isDoomed(run, state)) {
      state.unwritten.push(...decided);
      continue;
    }
    const writing = writeChunk(sql, run, state, decided);
    // Its failure is met at the next await; until then it must not count as unhandled.
    writing.catch(() => {});
    await underWay;
    underWay = writing;
    if (run.mode === 'careful') await underWay;
  }
  await underWay;
  await refuseTaken(sql, actor.account, state);
  const results = state.results.map(
    (result) => result ?? refuse(state.isCutShort ? 'unavailable' : 'batchAborted'),
  );
  const refused = results.filter(({ ok }) => !ok).length;
  if (request.atomic && refused > 0) throw abortedBatch(results);
  const answer = request.answer(results);
  if (idempotency) await recordAnswer(sql, actor.account, actor.id, idempotency, answer, now);
  return { answer, decisions: state.decisions };
}

function abortedBatch(results: readonly BatchResult[]): BatchAborted {
  const refused = results.filter((result) => !result.ok && result.code !== 'batchAborted').length;
  return new BatchAborted(
    results.map((result) => (result.ok ? refuse('batchAborted') : result)),
    refused,
  );
}

async function begin(tx: Sql, { request: { actor, items } }: BatchAttempt): Promise<BatchState> {
  const ids = new Set<string>();
  const keys = new Set<string>();
  for (const item of items) {
    if (!('op' in item) || item.op !== 'change') continue;
    if ('id' in item.ref) ids.add(item.ref.id.toLowerCase());
    else keys.add(item.ref.key);
  }
  // Batches that lock some of the same tickets would overtake each other again and again.
  if (ids.size + keys.size > 0) await takeTurn(tx, 'batch', actor.account);
  const tickets = await lockTickets(tx, actor.account, [...ids], [...keys]);
  return {
    results: items.map((item) => ('op' in item ? null : item)),
    tickets: new Map(tickets.map((ticket) => [ticket.id, ticket])),
    idsByKey: new Map(tickets.map(({ key, id }) => [key, id])),
    knownParties: new Map(),
    decisions: [],
    taken: [],
    unwritten: [],
    isCutShort: false,
  };
}

/** An atomic batch with a refused item is only decided on, so that every other fault is found as well. */
function isDoomed({ request }: BatchAttempt, { results, taken }: BatchState): boolean {
  return request.atomic && (taken.length > 0 || results.some((result) => result?.ok === false));
}

async function writeChunk(
  sql: Sql,
  run: BatchAttempt,
  state: BatchState,
  decided: readonly Decided[],
): Promise<void> {
  if (decided.length === 0) return;
  const write = (handle: Sql) => writeTogether(handle, run, state, decided);
  if (run.mode === 'together') return write(sql);
  try {
    await (run.mode === 'careful' ? inSavepoint(sql, write) : write(sql));
  } catch (error) {
    if (run.mode === 'apart' && isUnavailable(error)) {
      cutShort(state, decided, error);
      return;
    }
    if (run.mode === 'careful' && (isUnavailable(error) || isCollision(error))) throw error;
    const [one] = decided;
    if (one && decided.length === 1) refuseRow(run, state, one, error);
    else for (const single of decided) await writeChunk(sql, run, state, [single]);
  }
}

/** Tells which items were not written; where none was, the batch as a whole has failed. */
function cutShort(state: BatchState, decided: readonly Decided[], error: unknown): void {
  if (!state.results.some((result) => result?.ok)) throw error;
  state.isCutShort = true;
  for (const { index } of decided) state.results[index] = refuse('unavailable');
}

async function writeTogether(
  tx: Sql,
  run: BatchAttempt,
  state: BatchState,
  decided: readonly Decided[],
): Promise<void> {
  const items = decided.map(({ decision }) => ({ decision, idempotency: null }));
  const written = await commit(tx, run.request.actor.account, items);
  decided.forEach((one, place) => {
    const { index, before, decision } = one;
    if (written[place]) {
      state.results[index] = { ok: true, created: before === null, ticket: decision.ticket };
      if (run.mode === 'apart') run.parts.committed(decision);
      else state.decisions.push(decision);
    } else if (before) {
      throw new Error(`The ticket ${before.key} is locked by this batch, yet it changed`);
    } else state.taken.push(one);
  });
}

/** One decision that cannot be stored: most often it gives its ticket a unique key that another one has. */
function refuseRow(
  { parts, request }: BatchAttempt,
  state: BatchState,
  { index, before, decision }: Decided,
  error: unknown,
): void {
  if (before) state.tickets.set(before.id, before);
  if (isUniqueViolation(error)) {
    state.results[index] = refuse('duplicate');
    return;
  }
  const { account } = request.actor;
  parts.log.error({ err: error, account, ticket: decision.ticket.id }, 'an item of a batch cannot be stored');
  state.results[index] = refuse('internalError', 'This item could not be stored; the log says why.');
}

/** Creations whose unique key another ticket has; one that was not written is refused even where nobody is found. */
async function refuseTaken(
  sql: Sql,
  account: string,
  { taken, unwritten, results, isCutShort }: BatchState,
): Promise<void> {
  for (const { index } of taken) results[index] = refuse('duplicate');
  if (isCutShort) return;
  const byKind = Map.groupBy(
    [...taken, ...unwritten].filter(({ before }) => before === null),
    ({ decision }) => decision.ticket.kind,
  );
  for (const [kind, group] of byKind) {
    const keys = group.map(({ decision }) => decision.ticket.uniqueKey).filter((key) => key !== null);
    const holders = await loadByUniqueKeys(sql, account, kind, keys);
    for (const { index, decision } of group) {
      const holder = holders.get(decision.ticket.uniqueKey ?? '');
      if (holder) results[index] = duplicateRefusal(holder);
    }
  }
}
