import { Command } from 'commander';
import { accountCommand } from './account.ts';
import { apiKeyCommand } from './api-key.ts';
import { clientCommand } from './client.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { explainFault } from './fault.ts';
import { issuerCommand } from './issuer.ts';
import { migrateCommand } from './migrate.ts';
import { createOutput } from './output.ts';
import type { Cli, CliParts } from './parts.ts';
import { partyCommand } from './party.ts';
import { personCommand } from './person.ts';
import { serveCommand } from './serve.ts';
import { settingCommand } from './setting.ts';
import { tokenCommand } from './token.ts';

/** The commands, in the order of the help. */
const COMMANDS = [
  serveCommand,
  migrateCommand,
  demoCommand,
  doctorCommand,
  tokenCommand,
  clientCommand,
  apiKeyCommand,
  personCommand,
  partyCommand,
  accountCommand,
  settingCommand,
  issuerCommand,
];

/** The whole command line, without running it. */
export function createProgram(cli: Cli): Command {
  const program = new Command('tessera')
    .description('A self-hosted ticket exchange.')
    .version(cli.version)
    .configureOutput({
      writeOut: (text) => cli.output.data(text.replace(/\n$/, '')),
      writeErr: (text) => cli.output.words(text.replace(/\n$/, '')),
    })
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
  program.addHelpText(
    'after',
    '\nData goes to stdout, words to stderr. Exit code: 0 done, 1 refused or failed, 2 wrong usage.',
  );
  for (const make of COMMANDS) {
    const command = make(cli);
    // Commands that are added ready-made do not take over the program's settings by themselves.
    for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}

/**
 * Runs one command line.
 * @param args without the program and its file
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function runProgram(args: readonly string[], parts: CliParts): Promise<number> {
  const cli: Cli = { ...parts, output: createOutput(parts) };
  const exitCode = await createProgram(cli)
    .parseAsync(args, { from: 'user' })
    .then(
      () => 0,
      (error: unknown) => sayFault(cli, error, args),
    );
  await cli.output.flush();
  return exitCode;
}

function sayFault(cli: Cli, error: unknown, args: readonly string[]): number {
  const { message, exitCode, stack } = explainFault(error);
  if (message !== null) cli.output.words(message);
  if (!stack) return exitCode;
  if (isDebugging(cli) && error instanceof Error) cli.output.words(error.stack ?? '');
  else {
    const again = [cli.invocation, ...args.slice(0, 1), '...'].join(' ');
    cli.output.words(`This was not expected. To see where it comes from, run: LOG_LEVEL=debug ${again}`);
  }
  return exitCode;
}

function isDebugging(cli: Cli): boolean {
  try {
    return ['trace', 'debug'].includes(cli.config().logLevel);
  } catch {
    // The configuration itself is at fault, which was said already.
    return false;
  }
}
