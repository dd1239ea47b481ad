import { parseArgs } from 'node:util';
import type { Drill } from './drill.ts';

function help(drills: readonly Drill[]): string {
  return `Breaks what the product stands on, while it is under load, and checks that nothing is lost or done twice.
Everything runs in temporary folders. Exit code 1: a drill failed; 2: wrong usage.

  npm run drill                       all of them (some half an hour)
  npm run drill -- --only NAME,NAME   some of them
  npm run drill -- --rounds N         how often each fault is made

${drills.map(({ name, rounds, title }) => `  ${name} (${rounds} rounds)\n      ${title}`).join('\n')}

DRILL_LOG_LEVEL=info shows more of the servers' logs where a drill fails.`;
}

/**
 * @returns what to do, or the text that was asked for
 * @throws with a sentence for people where the command line is wrong
 */
export function readOptions(
  args: readonly string[],
  drills: readonly Drill[],
): { readonly drills: readonly Drill[]; readonly rounds: number | undefined } | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  if (values.help) return help(drills);
  const names = values.only?.split(',') ?? drills.map(({ name }) => name);
  const unknown = names.filter((name) => !drills.some((drill) => drill.name === name));
  if (unknown.length > 0) throw new Error(`--only: there is no drill ${unknown.join(', ')}; see --help`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error('--rounds must be a whole number above 0');
  }
  return { drills: drills.filter(({ name }) => names.includes(name)), rounds };
}
