import { Command } from 'commander';
import { withExamples } from './examples.ts';
import { jsonOption } from './options.ts';
import type { Cli } from './parts.ts';

export function doctorCommand(cli: Cli): Command {
  const command = new Command('doctor')
    .summary('Checks the set-up and says what to do.')
    .description(
      'Checks the set-up and says what to do: Node, data folder, database, migrations, clock, settings, keys, port. ' +
        'Exit code 1 when something does not work.',
    )
    .addOption(jsonOption())
    .action(async (options: { readonly json?: true }) => {
      const { runDoctor } = await import('./doctor/run.ts');
      await runDoctor(cli, options);
    });
  return withExamples(command, cli.invocation, [
    { args: 'doctor', does: 'lists what was looked at, and what to do about what is wrong' },
    { args: 'doctor --json', does: 'the same for a program' },
  ]);
}
