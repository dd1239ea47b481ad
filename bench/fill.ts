import { composeKinds } from '../src/app/compose.ts';
import { emptyCatalogue } from '../src/core/collection.ts';
import type { Command } from '../src/core/command.ts';
import { decide } from '../src/core/decide.ts';
import type { Birth, Decision } from '../src/core/decision.ts';
import type { Ticket } from '../src/core/ticket.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { type CommitItem, commit } from '../src/store/commit.ts';
import type { Sql } from '../src/store/database.ts';
import { createNumbers } from '../src/store/numbers.ts';
import { ACCOUNT } from './product.ts';

/** Decisions that share one statement, and statements under way at once. */
const SHARED = 500;
const IN_FLIGHT = 2;

/** The tickets of a filled database were opened in this time before now. */
const SPREAD_MS = 90 * 86_400_000;

/** How the tickets of one kind come about. */
export interface Story {
  /** The ticket's kind. */
  readonly kind: string;
  create(index: number, number: number, now: Date): Decision;
  /** What follows on the creation, null where nothing does. */
  next(ticket: Ticket, index: number, now: Date): Decision | null;
}

/** Makes tickets by the product's own core and writes them by its own `commit`, as fast as that goes. */
export async function fill(
  sql: Sql,
  story: Story,
  tickets: number,
  onProgress: (done: number) => void,
): Promise<void> {
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
      const reserved = await numbers.take(ACCOUNT, story.kind, end - first);
      const created = reserved.map((number, offset) =>
        story.create(first + offset, number, new Date(begin + (first + offset) * stepMs)),
      );
      await commitAll(sql, created);
      const later = created.map(({ ticket }, offset) =>
        story.next(ticket, first + offset, new Date(ticket.createdAt.getTime() + 3_600_000)),
      );
      await commitAll(
        sql,
        later.filter((decision) => decision !== null),
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

/** The decision on a command, as the write path of the product makes it. */
export function decided(
  kindName: string,
  ticket: Ticket | null,
  command: Command,
  { now, birth, ...who }: { now: Date; birth?: Birth } & Pick<Actor, 'id' | 'name' | 'party' | 'permissions'>,
): Decision {
  const kind = composeKinds().get(kindName);
  if (!kind) throw new Error(`This server has no tickets of kind ${kindName}.`);
  const actor: Actor = { account: ACCOUNT, type: 'client', persona: null, ...who };
  const context = { actor, now, settings: {}, catalogue: emptyCatalogue, contract: kindName };
  const decision = decide(kind, ticket, command, birth ? { ...context, birth } : context);
  if (!decision.ok) throw new Error(`A ticket could not be made: ${decision.message}`);
  return decision;
}

/** @throws when one of them was not written */
export async function commitAll(sql: Sql, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  const items: CommitItem[] = decisions.map((decision) => ({ decision, idempotency: null }));
  const written = await commit(sql, ACCOUNT, items);
  if (written.includes(false)) throw new Error('A ticket was not written.');
}
