import type { Decision } from '../../core/decision.ts';
import type { DemoMaker } from '../../core/demo.ts';
import type { Kind } from '../../core/kind.ts';
import { newId } from '../../kernel/id.ts';
import { commitLives } from '../../store/commit-lives.ts';
import { inTransaction, type Sql } from '../../store/database.ts';
import type { DemoPlay } from '../../store/demo-play.ts';
import type { KnownAccount } from '../../store/directory.ts';
import { CommandFault } from '../fault.ts';
import { live } from './live.ts';
import { openingTimes } from './openings.ts';
import { seededRandom } from './random.ts';

/** Tickets that live in one transaction; their decisions are in memory together. */
const TOGETHER = 400;
/** While the database writes one group, the next one is decided. */
const LANES = 2;

export interface FillOptions {
  readonly sql: Sql;
  readonly takeNumbers: (account: string, kind: string, count: number) => Promise<number[]>;
  readonly kind: Kind;
  readonly maker: DemoMaker | DemoPlay;
  readonly account: KnownAccount;
  /** How many tickets, or things that a play counts, are to be made. */
  readonly tickets: number;
  readonly seed: number;
  readonly now: Date;
  /** Aborted: what is under way is written, nothing more is begun. */
  readonly signal: AbortSignal;
  readonly onProgress: (tickets: number, events: number) => void;
}

export interface Filled {
  readonly tickets: number;
  readonly events: number;
  /** How many tickets stand in which state, in the workflow's order. */
  readonly states: Readonly<Record<string, number>>;
  /** The newest ticket of each state. */
  readonly examples: Readonly<Record<string, string>>;
}

/**
 * Makes tickets with their histories. Each step is decided by the core, and written as `commit` writes it. A group of
 * tickets is one transaction, so a server beside it never sees a timer that was due and cancelled long ago.
 */
export async function fill(options: FillOptions): Promise<Filled> {
  const { kind, maker, tickets, signal, onProgress } = options;
  const states = Object.fromEntries(Object.keys(kind.workflow.states).map((state) => [state, 0]));
  const newest = new Map<string, { number: number; key: string }>();
  const openedAt = openingTimes(options.now, 'perform' in maker ? maker.days : undefined);
  const made = { tickets: 0, events: 0 };
  let next = 0;
  let done = 0;

  async function lane(): Promise<void> {
    while (next < tickets && !signal.aborted) {
      const first = next;
      const count = Math.min(TOGETHER, tickets - first);
      next += count;
      const lives = await (isPlay(options)
        ? perform(options, openedAt, first, count)
        : tellGroup({ ...options, maker: options.maker as DemoMaker }, openedAt, first, count));
      for (const decisions of lives) {
        const { state, number, key } = (decisions.at(-1) as Decision).ticket;
        states[state] = (states[state] ?? 0) + 1;
        if (number > (newest.get(state)?.number ?? 0)) newest.set(state, { number, key });
        made.events += decisions.length;
      }
      made.tickets += lives.length;
      done += count;
      onProgress(done, made.events);
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  const examples = Object.fromEntries([...newest].map(([state, { key }]) => [state, key]));
  return { ...made, states, examples };
}

type PlayOptions = FillOptions & { readonly maker: DemoPlay };
type StoryOptions = FillOptions & { readonly maker: DemoMaker };

function isPlay(options: FillOptions): options is PlayOptions {
  return 'perform' in options.maker;
}

async function perform(
  { sql, maker, account, tickets, seed, now, takeNumbers }: PlayOptions,
  openedAt: (share: number) => Date,
  first: number,
  count: number,
): Promise<readonly Decision[][]> {
  const parts = Array.from({ length: count }, (_, offset) => {
    const index = first + offset;
    const random = seededRandom(seed, index);
    return { index, beginsAt: openedAt((index + random()) / tickets), random };
  });
  return inTransaction(sql, (tx) => maker.perform(tx, { account, parts, now, takeNumbers }));
}

async function tellGroup(
  options: StoryOptions,
  openedAt: (share: number) => Date,
  first: number,
  count: number,
): Promise<Decision[][]> {
  const lives = await decideGroup(options, openedAt, first, count);
  await write(options, lives);
  return lives;
}

/** Numbers, ids and moments of opening all ascend together. */
async function decideGroup(
  options: StoryOptions,
  openedAt: (share: number) => Date,
  first: number,
  count: number,
): Promise<Decision[][]> {
  const { kind, maker, account, tickets, seed, now, takeNumbers } = options;
  const { settings, catalogue } = account;
  const prefix = kind.keyPrefix ?? account.ticketPrefix;
  const numbers = await takeNumbers(account.key, kind.name, count);
  return numbers.map((number, offset) => {
    const index = first + offset;
    const random = seededRandom(seed, index);
    const opened = openedAt((index + random()) / tickets);
    const story = maker.story({
      account: account.key,
      number,
      index,
      openedAt: opened,
      now,
      settings,
      catalogue,
      random,
    });
    const birth = { id: newId(opened), number, key: `${prefix}-${number}` };
    const decisions = live(kind, story, birth, account, now);
    if (decisions.length === 0) throw new Error(`The story of ${birth.key} could not begin.`);
    return decisions;
  });
}

async function write({ sql, account }: FillOptions, lives: readonly Decision[][]): Promise<void> {
  await inTransaction(sql, async (tx) => {
    const lost = await commitLives(tx, account.key, lives);
    if (lost) {
      const { key, externalReference } = lost.ticket;
      throw new CommandFault(
        `The ticket ${key} could not be written: another ticket has its reference ${externalReference} already.`,
      );
    }
  });
}
