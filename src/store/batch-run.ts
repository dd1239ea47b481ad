import { decide } from '../core/decide.ts';
import type { Birth, Decision } from '../core/decision.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Answer } from '../kernel/answer.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { findParties } from './accounts.ts';
import { commit } from './commit.ts';
import { inSavepoint, type Sql, takeTurn } from './database.ts';
import { isCollision, isUnavailable, isUniqueViolation } from './failure.ts';
import { recordAnswer } from './idempotency.ts';
import { loadByUniqueKeys, lockTickets } from './load.ts';
import {
  duplicateRefusal,
  preconditionRefusal,
  unknownPartyRefusal,
  withPresentState,
} from './precondition.ts';
import type { BatchChange, BatchItem, BatchParts, BatchRequest, BatchResult } from './write-batch.ts';

/** Decisions in one statement: from here on larger ones are not faster. */
const CHUNK = 500;
/** The same where a row is at fault, so that few have to be written one by one. */
const CAREFUL_CHUNK = 50;

export interface Run {
  readonly parts: BatchParts;
  readonly request: BatchRequest;
  readonly settings: Settings;
  readonly now: Date;
  readonly births: ReadonlyMap<number, Birth>;
  /** Each statement in a savepoint, its decisions one by one where it fails; after a run that failed. */
  readonly careful: boolean;
}

/** Rolls an atomic batch back. */
export class BatchAborted extends Error {
  readonly results: readonly BatchResult[];

  constructor(results: readonly BatchResult[], refused: number) {
    super(`${refused} of ${results.length} items were refused, so nothing was written.`);
    this.name = 'BatchAborted';
    this.results = results;
  }
}

/** A decision that is going to be written. `before` is null for a creation. */
interface Decided {
  readonly index: number;
  readonly before: Ticket | null;
  readonly decision: Decision;
}

interface State {
  readonly results: (BatchResult | null)[];
  /** The tickets that the batch changes, by id, as the decisions so far leave them. */
  readonly tickets: Map<string, Ticket>;
  readonly idsByKey: ReadonlyMap<string, string>;
  readonly knownParties: Map<string, boolean>;
  readonly decisions: Decision[];
  /** Creations that were not written because a unique key is taken. */
  readonly taken: Decided[];
  /** What was only decided on, because an atomic batch is lost already. */
  readonly unwritten: Decided[];
}

/**
 * Does a batch in the given transaction. While PostgreSQL writes one chunk, the next one is decided and sent after it.
 * @throws BatchAborted when the batch is atomic and an item was refused
 */
export async function runBatch(
  tx: Sql,
  run: Run,
): Promise<{ answer: Answer; decisions: readonly Decision[] }> {
  const { request, now } = run;
  const { actor, items, idempotency } = request;
  const state = await begin(tx, run);
  let waiting = items.flatMap((item, index) => ('op' in item ? [index] : []));
  let underWay: Promise<void> = Promise.resolve();
  while (waiting.length > 0) {
    const { chunk, rest } = takeChunk(run, state, waiting);
    waiting = rest;
    const decided = await refuseStrangers(tx, run, state, decideChunk(run, state, chunk));
    if (isDoomed(run, state)) {
      state.unwritten.push(...decided);
      continue;
    }
    const writing = writeChunk(tx, run, state, decided);
    // Its failure is met at the next await; until then it must not count as unhandled.
    writing.catch(() => {});
    await underWay;
    underWay = writing;
    if (run.careful) await underWay;
  }
  await underWay;
  await refuseTaken(tx, actor.account, state);
  const results = state.results.map((result) => result ?? refuse('batchAborted'));
  const refused = results.filter(({ ok }) => !ok).length;
  if (request.atomic && refused > 0) throw abortedBatch(results);
  const answer = request.answer(results);
  if (idempotency) await recordAnswer(tx, actor.account, actor.id, idempotency, answer, now);
  return { answer, decisions: state.decisions };
}

function abortedBatch(results: readonly BatchResult[]): BatchAborted {
  const refused = results.filter((result) => !result.ok && result.code !== 'batchAborted').length;
  return new BatchAborted(
    results.map((result) => (result.ok ? refuse('batchAborted') : result)),
    refused,
  );
}

async function begin(tx: Sql, { request: { actor, items } }: Run): Promise<State> {
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
  };
}

function idOf({ idsByKey }: State, { ref }: BatchChange): string {
  return 'id' in ref ? ref.id.toLowerCase() : (idsByKey.get(ref.key) ?? '');
}

/** The next items that may share a statement: a statement can write a ticket only once. */
function takeChunk(
  { request: { items }, careful }: Run,
  state: State,
  waiting: readonly number[],
): { chunk: number[]; rest: number[] } {
  const size = careful ? CAREFUL_CHUNK : CHUNK;
  const chunk: number[] = [];
  const later: number[] = [];
  const taken = new Set<string>();
  let place = 0;
  for (; place < waiting.length && chunk.length < size; place += 1) {
    const index = waiting[place] as number;
    const item = items[index] as BatchItem;
    const id = item.op === 'change' ? idOf(state, item) : null;
    if (id !== null && taken.has(id)) later.push(index);
    else {
      if (id !== null) taken.add(id);
      chunk.push(index);
    }
  }
  return { chunk, rest: [...later, ...waiting.slice(place)] };
}

function decideChunk(run: Run, state: State, chunk: readonly number[]): Decided[] {
  const decided: Decided[] = [];
  for (const index of chunk) {
    const item = run.request.items[index] as BatchItem;
    const outcome = item.op === 'create' ? decideCreation(run, item, index) : decideChange(run, state, item);
    if ('ok' in outcome) {
      state.results[index] = outcome;
      continue;
    }
    decided.push({ index, ...outcome });
    if (outcome.before) state.tickets.set(outcome.before.id, outcome.decision.ticket);
  }
  return decided;
}

type Outcome = Omit<Decided, 'index'> | BatchResult;

function decideCreation(
  { request: { actor, contract }, settings, now, births }: Run,
  { kind, command }: Extract<BatchItem, { op: 'create' }>,
  index: number,
): Outcome {
  const birth = births.get(index);
  if (!birth) throw new Error(`Item ${index} of the batch was given no number`);
  const decision = decide(kind, null, command, { actor, now, settings, contract, birth });
  return decision.ok ? { before: null, decision } : decision;
}

function decideChange(
  { parts, request: { actor, contract }, settings, now }: Run,
  state: State,
  item: BatchChange,
): Outcome {
  const ticket = state.tickets.get(idOf(state, item));
  const kind = ticket && parts.kinds.get(ticket.kind);
  if (!ticket || !kind) return refuse('ticketNotFound');
  const refused = (refusal: Refusal) => withPresentState(refusal, kind, ticket, actor, now);
  const refusal = preconditionRefusal(kind, ticket, { actor, ...item });
  if (refusal) return refused(refusal);
  const command = item.command(ticket, kind, now);
  if (command === null) return { ok: true, created: false, ticket };
  if ('ok' in command) return refused(command);
  const decision = decide(kind, ticket, command, { actor, now, settings, contract });
  return decision.ok ? { before: ticket, decision } : refused(decision);
}

/** Both sides of a new ticket must be parties of the account. */
async function refuseStrangers(
  tx: Sql,
  { request: { actor } }: Run,
  { knownParties, results }: State,
  decided: readonly Decided[],
): Promise<readonly Decided[]> {
  const asked = new Set<string>();
  for (const { before, decision } of decided) {
    if (before) continue;
    const { issuer, owner } = decision.ticket;
    if (issuer !== null && !knownParties.has(issuer)) asked.add(issuer);
    if (owner !== null && !knownParties.has(owner)) asked.add(owner);
  }
  if (asked.size > 0) {
    const found = new Set(await findParties(tx, actor.account, [...asked]));
    for (const party of asked) knownParties.set(party, found.has(party));
  }
  return decided.filter(({ index, before, decision: { ticket } }) => {
    if (before) return true;
    const stranger = [ticket.issuer, ticket.owner].find(
      (party) => party !== null && knownParties.get(party) === false,
    );
    if (stranger) results[index] = unknownPartyRefusal(stranger);
    return !stranger;
  });
}

/** An atomic batch with a refused item is only decided on, so that every other fault is found as well. */
function isDoomed({ request }: Run, { results, taken }: State): boolean {
  return request.atomic && (taken.length > 0 || results.some((result) => result?.ok === false));
}

async function writeChunk(tx: Sql, run: Run, state: State, decided: readonly Decided[]): Promise<void> {
  if (decided.length === 0) return;
  if (!run.careful) return writeTogether(tx, run, state, decided);
  try {
    await inSavepoint(tx, (inner) => writeTogether(inner, run, state, decided));
  } catch (error) {
    if (isUnavailable(error) || isCollision(error)) throw error;
    const [one] = decided;
    if (one && decided.length === 1) refuseRow(run, state, one, error);
    else for (const single of decided) await writeChunk(tx, run, state, [single]);
  }
}

async function writeTogether(tx: Sql, run: Run, state: State, decided: readonly Decided[]): Promise<void> {
  const items = decided.map(({ decision }) => ({ decision, idempotency: null }));
  const written = await commit(tx, run.request.actor.account, items);
  decided.forEach((one, place) => {
    const { index, before, decision } = one;
    if (written[place]) {
      state.results[index] = { ok: true, created: before === null, ticket: decision.ticket };
      state.decisions.push(decision);
    } else if (before) {
      throw new Error(`The ticket ${before.key} is locked by this batch, yet it changed`);
    } else state.taken.push(one);
  });
}

/** One decision that cannot be stored: most often it gives its ticket a unique key that another one has. */
function refuseRow(
  { parts, request }: Run,
  state: State,
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
async function refuseTaken(tx: Sql, account: string, { taken, unwritten, results }: State): Promise<void> {
  for (const { index } of taken) results[index] = refuse('contention');
  const byKind = Map.groupBy(
    [...taken, ...unwritten].filter(({ before }) => before === null),
    ({ decision }) => decision.ticket.kind,
  );
  for (const [kind, group] of byKind) {
    const keys = group.map(({ decision }) => decision.ticket.uniqueKey).filter((key) => key !== null);
    const holders = await loadByUniqueKeys(tx, account, kind, keys);
    for (const { index, decision } of group) {
      const holder = holders.get(decision.ticket.uniqueKey ?? '');
      if (holder) results[index] = duplicateRefusal(holder);
    }
  }
}
