import { Command } from 'commander';
import { withRawDatabase } from './database.ts';
import { withExamples } from './examples.ts';
import type { Cli } from './parts.ts';

export function migrateCommand(cli: Cli): Command {
  const command = new Command('migrate')
    .summary('Brings the database up to date.')
    .description('Brings the database up to date. Every other command does that, too, when it is needed.')
    .action(async () => {
      await withRawDatabase(cli, async ({ url, log }) => {
        const { migrate } = await import('../store/migrate.ts');
        const { installJobs } = await import('../jobs/install.ts');
        const applied = await migrate(url, log);
        await installJobs(url, log);
        for (const name of applied) cli.output.data(name);
        cli.output.words(applied.length === 0 ? 'Nothing to do: the database is up to date.' : 'Done.');
      });
    });
  return withExamples(command, cli.invocation, [
    { args: 'migrate', does: 'applies what is missing and prints the name of each step' },
  ]);
}
