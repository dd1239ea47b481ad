import type { DemoMaker } from '../../core/demo.ts';
import type { Kind } from '../../core/kind.ts';
import { systemClock } from '../../kernel/clock.ts';
import { ensureParty } from '../../store/accounts.ts';
import type { DemoPlay } from '../../store/demo-play.ts';
import { openStore, type Store } from '../../store/store.ts';
import { accountOf, withDatabase } from '../database.ts';
import type { DemoOptions } from '../demo.ts';
import { CommandFault, usageFault } from '../fault.ts';
import type { Cli } from '../parts.ts';
import { toTable } from '../table.ts';
import { ensureEntries } from './entries.ts';
import { type Filled, fill } from './fill.ts';
import { ensurePeople } from './people.ts';
import { startProgress } from './progress.ts';

/** From here on it takes minutes, and gigabytes. */
const MANY = 100_000;
/** Measured: a ticket with its history and all indexes. */
const BYTES_EACH = 5000;

interface Play {
  readonly kind: Kind;
  readonly maker: DemoMaker | DemoPlay;
}

export async function runDemo(cli: Cli, options: DemoOptions): Promise<void> {
  const plays = await choosePlays(cli, options.kinds);
  await confirmMany(cli, options, plays.length);
  await withDatabase(
    cli,
    async (database) => {
      const account = await accountOf(cli, database, options.account);
      const { url, log } = database;
      const [kinds, collections] = await Promise.all([cli.kinds(), cli.collections()]);
      const name = 'tessera demo';
      const store = openStore({ url, connections: 3, name, clock: systemClock, kinds, collections, log });
      try {
        for (const { maker } of plays) await ensurePeople(cli, database, account.key, maker.people ?? []);
        await perform(cli, options, store, account.key, plays);
      } finally {
        await store.close();
      }
    },
    { heedsInterruption: true },
  );
}

async function perform(
  cli: Cli,
  { tickets, seed, json }: DemoOptions,
  store: Store,
  accountKey: string,
  plays: readonly Play[],
): Promise<void> {
  const { sql, takeNumbers, directory } = store;
  const signal = cli.interruption;
  const all: Record<string, Filled> = {};
  for (const { kind, maker } of plays) {
    for (const party of maker.parties) await ensureParty(sql, accountKey, party);
    await ensureEntries(store, accountKey, maker.entries ?? {});
    const account = await directory.account(accountKey);
    const counted = 'perform' in maker ? maker.counted : 'tickets';
    const progress = startProgress(cli, kind.name, tickets, counted);
    try {
      const now = systemClock.now();
      const onProgress = progress.update;
      const parts = { sql, takeNumbers, kind, maker, account, tickets, seed, now, signal, onProgress };
      all[kind.name] = await fill(parts);
    } finally {
      progress.stop();
    }
  }
  if (!signal.aborted) {
    // Without new statistics the first lists and searches would be planned for an empty table.
    await sql`vacuum (analyze) ticket, event, timer`;
  }
  cli.output.data(json ? JSON.stringify({ account: accountKey, kinds: all }) : describe(all));
  if (signal.aborted) throw new CommandFault('Stopped before the end; what was made stays.');
}

function describe(all: Readonly<Record<string, Filled>>): string {
  return Object.entries(all)
    .map(([kind, { tickets, events, states, examples }]) => {
      const rows = Object.entries(states).map(([state, count]) => ({
        state,
        tickets: count,
        'look at': examples[state],
      }));
      const table = toTable(['state', 'tickets', 'look at'], rows);
      return `${kind}: ${tickets} tickets with ${events} events\n\n${table}`;
    })
    .join('\n\n');
}

async function choosePlays(cli: Cli, wanted: readonly string[] | undefined): Promise<Play[]> {
  const [kinds, demos] = await Promise.all([cli.kinds(), cli.demos()]);
  const names = wanted ?? [...demos.keys()];
  return names.map((name) => {
    const kind = kinds.get(name);
    const maker = demos.get(name);
    if (kind && maker) return { kind, maker };
    throw usageFault(`There are no examples of kind ${name}. There are: ${[...demos.keys()].join(', ')}.`);
  });
}

async function confirmMany(cli: Cli, { tickets, yes }: DemoOptions, plays: number): Promise<void> {
  const { stdin, stderr, interruption } = cli;
  const total = tickets * plays;
  if (total < MANY || yes || !stdin.isTTY || !stderr.isTTY) return;
  const { confirm } = await import('@clack/prompts');
  const gigabytes = ((total * BYTES_EACH) / 1e9).toFixed(1);
  const agreed = await confirm({
    message: `This makes ${total.toLocaleString('en')} tickets, about ${gigabytes} GB. Go on?`,
    input: stdin,
    output: stderr,
    signal: interruption,
  });
  // A cancelled question is answered by a symbol.
  if (agreed !== true) throw new CommandFault('Nothing was made.');
}
