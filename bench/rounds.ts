import type { Cluster } from './cluster.ts';
import type { Generator } from './generator.ts';
import type { LoadJob, LoadResult } from './load-job.ts';
import { childrenCpuMs, cpuMs } from './process-figures.ts';
import type { Server } from './server.ts';
import { median } from './statistics.ts';

/** One of the sides that are compared: a server, and what it is asked for. */
export interface Side {
  readonly name: string;
  readonly server: Server;
  /** Requests and expected status of its next turn. */
  next(): Pick<LoadJob, 'requests' | 'status'>;
  /** Told what the turn came to. */
  done?(result: LoadResult): void;
}

/** What one turn of one side came to. */
export interface Turn extends Omit<LoadResult, 'lastBody'> {
  /** Processor time for one answer in microseconds: of the server, of PostgreSQL, of the load generator. */
  readonly serverCpuUs: number | null;
  readonly databaseCpuUs: number | null;
  readonly generatorCpuUs: number;
}

export type Round = Readonly<Record<string, Turn>>;

export interface RoundsOptions {
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Seconds of load on each side before the first round, not counted. */
  readonly warmUpSeconds: number;
}

export interface Bench {
  readonly cluster: Cluster;
  readonly generator: Generator;
}

/**
 * Measures the sides in turns, so that whatever else the machine does at the time meets all of them alike. The order
 * is turned round from one round to the next. Figures of one round are comparable with each other: a ratio is taken
 * within each round, and the median of these ratios counts.
 */
export async function runRounds(
  bench: Bench,
  sides: readonly Side[],
  options: RoundsOptions,
): Promise<Round[]> {
  const { connections, rounds, seconds, warmUpSeconds } = options;
  if (warmUpSeconds > 0) for (const side of sides) await takeTurn(bench, side, connections, warmUpSeconds);
  await bench.cluster.checkpoint();
  const all: Round[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const round: Record<string, Turn> = {};
    for (const side of index % 2 === 0 ? sides : sides.toReversed()) {
      round[side.name] = await takeTurn(bench, side, connections, seconds);
    }
    all.push(round);
  }
  return all;
}

async function takeTurn(
  { cluster, generator }: Bench,
  side: Side,
  connections: number,
  seconds: number,
): Promise<Turn> {
  const { pid, port, name } = side.server;
  const cpu = async () => [
    await cpuMs(pid),
    cluster.postmasterPid && (await childrenCpuMs(cluster.postmasterPid)),
  ];
  const before = await cpu();
  const result = await generator
    .run({ port, connections, durationMs: seconds * 1000, ...side.next() })
    .catch((error: unknown) => {
      throw new Error(`${side.name}: the load on ${name} failed`, { cause: error });
    });
  const after = await cpu();
  side.done?.(result);
  const perAnswerUs = (ms: number) => (ms * 1000) / result.answers;
  const [serverCpuUs = null, databaseCpuUs = null] = after.map((end, index) => {
    const begin = before[index] ?? null;
    return end === null || begin === null ? null : perAnswerUs(end - begin);
  });
  const { lastBody: _lastBody, ...figures } = result;
  return { ...figures, serverCpuUs, databaseCpuUs, generatorCpuUs: perAnswerUs(result.cpuMs) };
}

/** The figure of a side, the middle one of all rounds. */
export function medianOf(rounds: readonly Round[], side: string, figure: keyof Turn): number {
  return median(rounds.map((round) => Number(round[side]?.[figure])));
}

/** One side's figure over another's, within each round; the middle one of all rounds. */
export function medianRatio(
  rounds: readonly Round[],
  side: string,
  base: string,
  figure: keyof Turn = 'perSecond',
): number {
  return median(rounds.map((round) => Number(round[side]?.[figure]) / Number(round[base]?.[figure])));
}
