import { Command } from 'commander';
import { withExamples } from './examples.ts';
import { accountOption, jsonOption, toList, toWhole } from './options.ts';
import type { Cli } from './parts.ts';

export interface DemoOptions {
  readonly account: string;
  readonly kinds?: string[];
  readonly tickets: number;
  readonly seed: number;
  readonly yes?: true;
  readonly json?: true;
}

export function demoCommand(cli: Cli): Command {
  const command = new Command('demo')
    .summary('Fills an account with example tickets.')
    .description(
      'Fills an account with believable tickets in all states, with histories over the last 90 days, and prints what it ' +
        'made. It may be run again and adds more. Ctrl-C ends it; what was made stays.',
    )
    .option(
      '--kinds <list>',
      'the kinds of ticket, separated by commas; all that have examples when absent',
      toList,
    )
    .option(
      '--tickets <number>',
      'how many tickets of each kind, up to 1,000,000',
      toWhole(1, 1_000_000),
      2000,
    )
    .option('--seed <number>', 'another seed tells other stories', toWhole(0, 2 ** 32 - 1), 1)
    .option('--yes', 'do not ask, however many')
    .addOption(jsonOption())
    .addOption(accountOption())
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/run.ts');
      await runDemo(cli, options);
    });
  return withExamples(command, cli.invocation, [
    { args: 'demo', does: 'makes 2,000 tickets of each kind in the account default' },
    {
      args: 'demo --kinds trouble --tickets 1000000 --yes',
      does: 'enough to see how it behaves when it is large',
    },
  ]);
}
