import { composeKinds } from '../src/app/compose.ts';
import { emptyCatalogue } from '../src/core/collection.ts';
import type { Command } from '../src/core/command.ts';
import { decide } from '../src/core/decide.ts';
import type { DecideContext, Decision } from '../src/core/decision.ts';
import type { Kind } from '../src/core/kind.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { newId } from '../src/kernel/id.ts';
import { type CommitItem, commit } from '../src/store/commit.ts';
import type { Sql } from '../src/store/database.ts';
import { createNumbers } from '../src/store/numbers.ts';
import { ACCOUNT } from './product.ts';
import { ISSUER, troubleInput } from './sample.ts';

/** Decisions that share one statement, and statements under way at once. */
const SHARED = 500;
const IN_FLIGHT = 2;

/** The tickets of a filled database were opened in this time before now. */
const SPREAD_MS = 90 * 86_400_000;

const OTHER_ISSUERS = ['LYN', 'AVT', 'NTG'];

/** What follows on the creation of each eight tickets: half of them have moved on. */
const STEPS: readonly (readonly [side: 'TU' | 'TO', transaction: string] | null)[] = [
  null,
  ['TU', 'TU09'],
  null,
  ['TO', 'TO05'],
  null,
  ['TU', 'TU09'],
  null,
  ['TU', 'TU03'],
];

/** Opens tickets as the account's party would see them: four issuers, the first one with a quarter of all. */
export async function fill(sql: Sql, tickets: number, onProgress: (done: number) => void): Promise<void> {
  for (const party of OTHER_ISSUERS) {
    await sql`insert into party (account, key, name) values (${ACCOUNT}, ${party}, ${party}) on conflict do nothing`;
  }
  const numbers = createNumbers(sql);
  const begin = Date.now() - SPREAD_MS;
  const stepMs = SPREAD_MS / tickets;
  let next = 0;
  let done = 0;
  async function work(): Promise<void> {
    while (next < tickets) {
      const first = next;
      const end = Math.min(first + SHARED, tickets);
      next = end;
      const reserved = await numbers.take(ACCOUNT, 'trouble', end - first);
      const created = reserved.map((number, offset) =>
        creation(first + offset, number, new Date(begin + (first + offset) * stepMs)),
      );
      await commitAll(sql, created);
      await commitAll(
        sql,
        created.flatMap((decision, offset) => followUp(decision, first + offset)),
      );
      done += end - first;
      onProgress(done);
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  await numbers.release();
  // As autovacuum would: it leaves tables alone that are empty.
  await sql`vacuum analyze ticket, event`;
}

/** The decision to open one ticket, as the write path of the product makes it. */
export function creation(index: number, number: number, now: Date, reference = `FILL-${index}`): Decision {
  const issuer = [ISSUER, ...OTHER_ISSUERS][Math.floor(index / STEPS.length) % 4] ?? ISSUER;
  const birth = { id: newId(now), number, key: `RED-${number}` };
  const command: Command = { type: 'create', name: 'TU01', input: troubleInput(reference) };
  return decided(null, command, { ...contextOf(issuer, now), birth });
}

function followUp(before: Decision, index: number): Decision[] {
  const step = STEPS[index % STEPS.length];
  if (!step) return [];
  const [side, name] = step;
  const { issuer, createdAt } = before.ticket;
  const now = new Date(createdAt.getTime() + 3_600_000);
  const command: Command = { type: 'transition', name, input: { dialog: 'Checked from both sides.' } };
  return [decided(before, command, contextOf(side === 'TU' ? (issuer ?? ISSUER) : ACCOUNT, now))];
}

function contextOf(party: string, now: Date): DecideContext {
  const actor: Actor = {
    account: ACCOUNT,
    id: `client-of-${party}`,
    name: party,
    type: 'client',
    party,
    persona: null,
    permissions: new Set(),
  };
  return { actor, now, settings: {}, catalogue: emptyCatalogue, contract: 'trouble' };
}

function decided(before: Decision | null, command: Command, context: DecideContext): Decision {
  const decision = decide(troubleKind(), before?.ticket ?? null, command, context);
  if (!decision.ok) throw new Error(`A ticket could not be made: ${decision.message}`);
  return decision;
}

function troubleKind(): Kind {
  const kind = composeKinds().get('trouble');
  if (!kind) throw new Error('This server has no trouble tickets.');
  return kind;
}

/** @throws when one of them was not written */
export async function commitAll(sql: Sql, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  const items: CommitItem[] = decisions.map((decision) => ({ decision, idempotency: null }));
  const written = await commit(sql, ACCOUNT, items);
  if (written.includes(false)) throw new Error('A ticket was not written.');
}
