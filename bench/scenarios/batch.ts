import type { Sql } from '../../src/store/database.ts';
import { createNumbers } from '../../src/store/numbers.ts';
import { commitAll } from '../fill.ts';
import { requestText } from '../http-connection.ts';
import type { Outcome } from '../outcome.ts';
import { memoryOf } from '../process-figures.ts';
import { ACCOUNT, withToken } from '../product.ts';
import { medianOf, runRounds, type Side } from '../rounds.ts';
import { troubleInput } from '../sample.ts';
import type { Stage } from '../stage.ts';
import { median } from '../statistics.ts';
import { openTrouble } from '../trouble-story.ts';
import { MOST_MEMORY } from './memory.ts';

/** Calls in one turn, one after the other. */
const CALLS = 2;

/** Sizes of the statements by which `commit` alone is tried; the best one counts. */
const STATEMENT_SIZES = [250, 1_000, 5_000];

/** Opens 10,000 tickets with each call, against `commit` alone on the same decisions, from this process. */
export async function measureBatch(stage: Stage): Promise<Outcome> {
  const { server, database } = await stage.product();
  const { batchItems, rounds: count } = stage.options;
  const side: Side = {
    name: 'batch',
    server,
    next: () => ({
      requests: {
        type: 'once',
        texts: Array.from({ length: CALLS }, () => batchCall(stage, database.partyToken)),
      },
      status: 200,
    }),
    done: ({ lastBody }) => checkAllMade(lastBody, batchItems),
  };
  const options = { connections: 1, rounds: 1, seconds: 600, warmUpSeconds: 0 };
  await runRounds(stage, [side], options);
  const rounds = [];
  const alone: number[] = [];
  for (let index = 0; index < count; index += 1) {
    rounds.push(...(await runRounds(stage, [side], options)));
    alone.push(await bestCommit(stage, database.sql, batchItems * CALLS));
  }
  const perSecond = medianOf(rounds, side.name, 'perSecond') * batchItems;
  const ratios = rounds.map(
    (round, index) => ((round.batch?.perSecond ?? 0) * batchItems) / (alone[index] ?? 1),
  );
  const memory = await memoryOf(server.pid);
  // Either of the two is enough, so the one that comes nearer is the one to look at.
  const share = {
    name: 'batch: HTTP / commit alone',
    measured: median(ratios),
    unit: 'ratio',
    least: 0.5,
  } as const;
  const rate = { name: 'batch: tickets over HTTP', measured: perSecond, unit: '/s', least: 20_000 } as const;
  const byRate = perSecond >= rate.least;
  return {
    scenario: 'batch',
    title: `Create ${batchItems} tickets with one call`,
    targets: [
      byRate ? rate : share,
      {
        name: 'memory at its peak, after batches',
        measured: memory?.peakMb ?? Number.NaN,
        unit: 'MB',
        most: MOST_MEMORY,
      },
    ],
    figures: [
      byRate
        ? { name: share.name, value: share.measured, unit: 'ratio' }
        : { name: rate.name, value: rate.measured, unit: '/s' },
      { name: 'commit alone', value: median(alone), unit: '/s' },
      { name: 'one call: p50', value: medianOf(rounds, side.name, 'p50Ms'), unit: 'ms' },
    ],
    rounds: { batch: rounds },
  };
}

function batchCall(stage: Stage, token: string): string {
  const { batchItems } = stage.options;
  const items = Array.from({ length: batchItems }, (_, index) => ({
    op: 'create',
    kind: 'trouble',
    ...troubleInput(`BATCH-${stage.counter.next + index}`),
  }));
  stage.counter.next += batchItems;
  return requestText('POST', '/api/v1/tickets/batch', withToken(token), JSON.stringify({ items }));
}

function checkAllMade(body: string, items: number): void {
  const { succeeded } = JSON.parse(body) as { succeeded?: number };
  if (succeeded !== items) {
    throw new Error(`A batch made ${succeeded} tickets of ${items}: ${body.slice(0, 500)}`);
  }
}

/** Tickets that `commit` writes in a second, decided before, two statements under way; the best size of statement. */
async function bestCommit(stage: Stage, sql: Sql, tickets: number): Promise<number> {
  const numbers = createNumbers(sql);
  let best = 0;
  for (const size of STATEMENT_SIZES) {
    const reserved = await numbers.take(ACCOUNT, 'trouble', tickets);
    const decisions = reserved.map((number, index) =>
      openTrouble(index, number, new Date(), `ALONE-${stage.counter.next + index}`),
    );
    stage.counter.next += tickets;
    const begin = performance.now();
    const work = async () => {
      while (decisions.length > 0) await commitAll(sql, decisions.splice(0, size));
    };
    await Promise.all([work(), work()]);
    best = Math.max(best, (tickets / (performance.now() - begin)) * 1000);
  }
  await numbers.release();
  return best;
}
