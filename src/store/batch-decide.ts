import type { Catalogue } from '../core/collection.ts';
import { decide } from '../core/decide.ts';
import type { Birth, Decision } from '../core/decision.ts';
import type { Ticket } from '../core/ticket.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { findParties } from './accounts.ts';
import type { Sql } from './database.ts';
import { preconditionRefusal, unknownPartyRefusal, withPresentState } from './precondition.ts';
import type { BatchChange, BatchItem, BatchParts, BatchRequest, BatchResult } from './write-batch.ts';

/** Decisions in one statement: from here on larger ones are not faster. */
const CHUNK = 500;
/** The same where a row is at fault, so that few have to be written one by one. */
const CAREFUL_CHUNK = 50;

/**
 * Each further write of one row in one transaction costs more than the one before, since none of its old versions can
 * be taken away yet. Measured on a busy machine: 500 took 2.6 s, 2,000 took 18 s.
 */
const MOST_ON_ONE_TICKET = 500;

/**
 * `together`: one transaction. `careful`: the same after that failed, each statement in a savepoint. `apart`: each
 * statement is a transaction of its own, where nothing has to hold over all of them. In the last two a statement that
 * fails is done again decision by decision, so that a bad one fails alone.
 */
export type BatchMode = 'together' | 'careful' | 'apart';

/** One attempt at a batch. */
export interface BatchAttempt {
  readonly parts: BatchParts;
  readonly request: BatchRequest;
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly now: Date;
  readonly births: ReadonlyMap<number, Birth>;
  readonly mode: BatchMode;
}

/** A decision that is going to be written. `before` is null for a creation. */
export interface Decided {
  readonly index: number;
  readonly before: Ticket | null;
  readonly decision: Decision;
}

export interface BatchState {
  readonly results: (BatchResult | null)[];
  /** The tickets that the batch changes, by id, as the decisions so far leave them. */
  readonly tickets: Map<string, Ticket>;
  readonly idsByKey: ReadonlyMap<string, string>;
  readonly knownParties: Map<string, boolean>;
  /** What the transaction has written; it counts once that is committed. */
  readonly decisions: Decision[];
  /** Creations that were not written because a unique key is taken. */
  readonly taken: Decided[];
  /** What was only decided on, because an atomic batch is lost already. */
  readonly unwritten: Decided[];
  /** The database went away between two statements of a batch that is written `apart`. */
  isCutShort: boolean;
}

/** The id of the ticket that an item means, empty where its key is unknown. */
function idOf({ idsByKey }: BatchState, { ref }: BatchChange): string {
  return 'id' in ref ? ref.id.toLowerCase() : (idsByKey.get(ref.key) ?? '');
}

/** The places of the items that are to be decided on, in their order; what is too much for one ticket is refused. */
export function itemsToDecide({ request: { items } }: BatchAttempt, state: BatchState): number[] {
  const counts = new Map<string, number>();
  const places: number[] = [];
  items.forEach((item, index) => {
    if (!('op' in item)) return;
    const id = item.op === 'change' ? idOf(state, item) : '';
    const count = (counts.get(id) ?? 0) + 1;
    if (id !== '') counts.set(id, count);
    if (count <= MOST_ON_ONE_TICKET) places.push(index);
    else {
      const message = `At most ${MOST_ON_ONE_TICKET} items of a batch may be on one ticket.`;
      state.results[index] = refuse('invalidRequest', message);
    }
  });
  return places;
}

/** The next items that may share a statement: a statement can write a ticket only once. */
export function takeChunk(
  { request: { items }, mode }: BatchAttempt,
  state: BatchState,
  waiting: readonly number[],
): { chunk: number[]; rest: number[] } {
  const size = mode === 'careful' ? CAREFUL_CHUNK : CHUNK;
  const chunk: number[] = [];
  const later: number[] = [];
  const taken = new Set<string>();
  let place = 0;
  for (; place < waiting.length && chunk.length < size; place += 1) {
    const index = waiting[place] as number;
    const item = items[index] as BatchItem;
    const id = item.op === 'change' ? idOf(state, item) : '';
    if (taken.has(id)) later.push(index);
    else {
      if (id !== '') taken.add(id);
      chunk.push(index);
    }
  }
  return { chunk, rest: [...later, ...waiting.slice(place)] };
}

export function decideChunk(run: BatchAttempt, state: BatchState, chunk: readonly number[]): Decided[] {
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
  { request: { actor, contract }, settings, catalogue, now, births }: BatchAttempt,
  { kind, command }: Extract<BatchItem, { op: 'create' }>,
  index: number,
): Outcome {
  const birth = births.get(index);
  if (!birth) throw new Error(`Item ${index} of the batch was given no number`);
  const decision = decide(kind, null, command, { actor, now, settings, catalogue, contract, birth });
  return decision.ok ? { before: null, decision } : decision;
}

function decideChange(
  { parts, request: { actor, contract }, settings, catalogue, now }: BatchAttempt,
  state: BatchState,
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
  const decision = decide(kind, ticket, command, { actor, now, settings, catalogue, contract });
  return decision.ok ? { before: ticket, decision } : refused(decision);
}

/** Both sides of a new ticket must be parties of the account. */
export async function refuseStrangers(
  tx: Sql,
  { request: { actor } }: BatchAttempt,
  { knownParties, results }: BatchState,
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
