import { parseArgs } from 'node:util';

export const SCENARIOS = [
  'create',
  'read',
  'update',
  'token',
  'memory',
  'batch',
  'list',
  'desk',
  'reasons',
  'service',
  'exceptions',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Options {
  readonly only: readonly ScenarioName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Tickets of the larger list; the smaller one has 10,000. */
  readonly tickets: number;
  /** Tickets in one call of the batch. */
  readonly batchItems: number;
  readonly profile: boolean;
  /** Not the complete run: its results are not kept as the latest. */
  readonly partial: boolean;
  /** Folder for the temporary database, the system's own when absent. */
  readonly data: string | undefined;
}

export const HELP = `Measures the product against a floor, a bare Fastify handler over the same driver and the same PostgreSQL.

  npm run bench                       everything, into bench/results/ (about 20 minutes)
  npm run bench -- --quick            the same with few and short rounds: to see that it works, not to quote
  npm run bench -- --only create,read some of: ${SCENARIOS.join(', ')}
  npm run bench -- --only create --profile
                                      also a processor profile of the product, and its hottest functions

  --rounds N       rounds of each comparison (5)
  --seconds N      length of one side's turn in a round (4)
  --connections N  connections of the load generator (16)
  --tickets N      tickets of the larger lists (1000000)
  --data DIR       where the temporary database goes; not a memory disk

Time never makes it fail: a target that is missed is printed as missed. A wrong answer does.
`;

/**
 * Reads the command line.
 * @returns null where help was asked for
 * @throws with a sentence for people when it is not right
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      tickets: { type: 'string' },
      data: { type: 'string' },
    },
  });
  if (values.help) return null;
  const { quick, profile, only } = values;
  const number = (name: 'rounds' | 'seconds' | 'connections' | 'tickets', otherwise: number) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (Number.isFinite(value) && value > 0) return value;
    throw new Error(`--${name} must be a number above 0`);
  };
  const seconds = number('seconds', quick ? 1 : 4);
  return {
    only: only === undefined ? SCENARIOS : readScenarios(only),
    rounds: number('rounds', quick ? 3 : 5),
    seconds,
    warmUpSeconds: seconds,
    connections: number('connections', 16),
    tickets: number('tickets', quick ? 30_000 : 1_000_000),
    batchItems: 10_000,
    profile,
    partial: args.length > 0,
    data: values.data,
  };
}

function readScenarios(text: string): ScenarioName[] {
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !SCENARIOS.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Error(`--only: there is no ${unknown.join(', ')}; there are ${SCENARIOS.join(', ')}`);
  }
  return SCENARIOS.filter((name) => wanted.includes(name));
}
