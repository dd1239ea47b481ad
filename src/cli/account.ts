import { Command, Option } from 'commander';
import { withDatabase } from './database.ts';
import { withExamples } from './examples.ts';
import { CommandFault, usageFault } from './fault.ts';
import { jsonOption } from './options.ts';
import type { Cli } from './parts.ts';
import { printRows } from './rows.ts';
import { isLabel } from './text.ts';

interface AccountOptions {
  readonly key?: string;
  readonly name?: string;
  readonly ticketPrefix: string;
  readonly timeZone: string;
  readonly list?: true;
  readonly json?: true;
}

const ACCOUNT_KEY = /^[a-z0-9][a-z0-9-]{0,39}$/;
const TICKET_PREFIX = /^[A-Z][A-Z0-9]{0,9}$/;

export function accountCommand(cli: Cli): Command {
  const command = new Command('account')
    .summary('Makes and lists accounts.')
    .description(
      'Makes an account with its own party of the same key, or leaves it as it is, and prints its key. Nobody sees ' +
        "another account's tickets.",
    )
    .option('--key <key>', 'its key: small letters, digits and dashes')
    .option('--name <name>', 'what people call it')
    .option('--ticket-prefix <prefix>', 'how the keys of its tickets begin', 'RED')
    .option('--time-zone <zone>', 'its IANA time zone, such as Europe/Madrid', 'UTC')
    .addOption(new Option('--list', 'list the accounts instead').conflicts(['key', 'name']))
    .addOption(jsonOption())
    .action((options: AccountOptions) => (options.list ? listAll(cli, options) : make(cli, options)));
  return withExamples(command, cli.invocation, [
    {
      args: 'account --key norte --name "Red Norte" --ticket-prefix NOR --time-zone Europe/Madrid',
      does: 'makes the account norte, whose tickets are NOR-1, NOR-2 …',
    },
    { args: 'account --list', does: 'shows all accounts' },
  ]);
}

async function make(cli: Cli, { key, name, ticketPrefix, timeZone }: AccountOptions): Promise<void> {
  if (key === undefined || name === undefined) throw usageFault('Give --key and --name, or --list.');
  const faults = [
    !ACCOUNT_KEY.test(key) && '--key must have 1 to 40 small letters, digits and dashes, no dash first',
    !isLabel(name) && '--name must have 1 to 200 characters',
    !TICKET_PREFIX.test(ticketPrefix) &&
      '--ticket-prefix must have 1 to 10 capital letters and digits, a letter first',
    !isTimeZone(timeZone) && `--time-zone ${timeZone} is not known; give one such as Europe/Madrid or UTC`,
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new CommandFault(faults.join('\n'));
  const owner = [...(await cli.kinds()).values()].find(({ keyPrefix }) => keyPrefix === ticketPrefix);
  if (owner) {
    throw new CommandFault(
      `--ticket-prefix ${ticketPrefix} is that of ${owner.name} tickets; give another one`,
    );
  }
  await withDatabase(cli, async ({ sql }) => {
    const { ensureAccount, findAccount } = await import('../store/accounts.ts');
    const found = await findAccount(sql, key);
    await ensureAccount(sql, { key, name, ticketPrefix, timeZone });
    cli.output.data(key);
    if (found) cli.output.words(`The account ${key} (${found.name}) was there already and is left as it is.`);
  });
}

async function listAll(cli: Cli, { json }: AccountOptions): Promise<void> {
  await withDatabase(cli, async ({ sql }) => {
    const { findAccount, listAccounts } = await import('../store/accounts.ts');
    const accounts = await Promise.all((await listAccounts(sql)).map((key) => findAccount(sql, key)));
    const rows = accounts.filter((account) => account !== null).map(({ settings: _, ...account }) => account);
    printRows(cli, ['key', 'name', 'ticketPrefix', 'timeZone'], rows, json);
  });
}

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +01:00 are taken by Intl, but an account's zone has to know summer time.
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
