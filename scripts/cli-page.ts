import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { examplesOf } from '../src/cli/examples.ts';
import type { Cli } from '../src/cli/parts.ts';
import { createProgram } from '../src/cli/program.ts';

const INVOCATION = 'npm run -s tessera --';

/** `docs/cli.md`: every command with its arguments, options and examples, from what `--help` is made of. */
export function cliPage(): string {
  const program = createProgram(nobody());
  return `# The command line

<!-- Generated from src/cli by \`npm run generate\`. -->

\`${INVOCATION} <command>\` in a checkout, \`tessera <command>\` where it is installed. It works beside a running server,
on the same database, and without one: then it starts the embedded database for as long as it needs it. A database
that is not up to date is brought up to date first. The first command, or the first start of the server, makes the
account \`default\` with its own party and an administrator, whose password is shown once, on stderr.

Data goes to stdout, words for people to stderr, so \`TOKEN=$(${INVOCATION} token)\` holds the token and nothing else.

| exit code | means |
|---|---|
| 0 | done |
| 1 | refused or failed; one sentence on stderr says why |
| 2 | wrong usage |

A fault that was not expected says so; \`LOG_LEVEL=debug\` then shows where it comes from.

## What the environment says

| variable | means | else |
|---|---|---|
| \`TESSERA_DATA\` | the folder of the embedded database | \`./data\` |
| \`DATABASE_URL\` | an outside PostgreSQL, 15 or newer, instead of the embedded one | none |
| \`PORT\`, \`HOST\` | where the server listens | 8080, 127.0.0.1 |
| \`DATABASE_CONNECTIONS\` | connections that the server holds | 10 |
| \`PUBLIC_URL\` | how clients reach the server, where that is not the address that it listens on | none |
| \`TOKEN_ISSUER\` | the issuer in the tokens; changing it makes all tokens invalid | a built-in name |
| \`REQUESTS_PER_MINUTE\` | what one credential may send, 0 for no limit | 1,200,000 |
| \`TRUST_PROXY\` | \`true\` behind a reverse proxy whose X-Forwarded headers hold | \`false\` |
| \`LOG_LEVEL\` | \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\` or \`silent\` | \`info\` |

${program.commands.map((command) => section(command, '##')).join('\n')}`;
}

function section(command: Command, heading: string, parents = ''): string {
  const name = `${parents}${command.name()}`;
  const usage = `${name} ${command.usage()}`.replace(' [options] [command]', ' [command]');
  const parts = [
    `${heading} ${name}`,
    command.description(),
    `\`\`\`\n${usage}\n\`\`\``,
    table(['argument', 'means'], argumentRows(command)),
    table(['option', 'means', 'default'], optionRows(command)),
    examples(command),
    ...command.commands.map((inner) => section(inner, `${heading}#`, `${name} `).trimEnd()),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function argumentRows(command: Command): string[][] {
  return command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]);
}

function optionRows(command: Command): string[][] {
  return command.options.map((option) => {
    const { flags, description, defaultValue, defaultValueDescription, argChoices, mandatory } = option;
    const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
    const isPlain = ['string', 'number'].includes(typeof defaultValue);
    const fallback = isPlain ? `\`${defaultValueDescription ?? defaultValue}\`` : '';
    return [`\`${flags}\``, `${description}${choices}`, mandatory ? 'required' : fallback];
  });
}

function table(columns: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}

function examples(command: Command): string {
  const list = examplesOf(command);
  if (list.length === 0) return '';
  const lines = list.map(({ args, does }) => `# ${does}\n${INVOCATION} ${args}`);
  return `\`\`\`sh\n${lines.join('\n\n')}\n\`\`\``;
}

/** The program is described, never run. */
function nobody(): Cli {
  const never = () => {
    throw new Error('The page runs no command.');
  };
  const stream = new Writable();
  return {
    version: '0.0.0',
    invocation: INVOCATION,
    config: never,
    kinds: never,
    collections: never,
    demos: never,
    serve: never,
    interruption: new AbortController().signal,
    stdin: process.stdin,
    stdout: stream,
    stderr: stream,
    output: { data: never, words: never, flush: never },
  };
}
