import { Command, Option } from 'commander';
import { accountOf, withDatabase } from './database.ts';
import { withExamples } from './examples.ts';
import { CommandFault, usageFault } from './fault.ts';
import { accountOption, jsonOption } from './options.ts';
import type { Cli } from './parts.ts';
import { printRows } from './rows.ts';
import { isLabel } from './text.ts';

interface PartyOptions {
  readonly account: string;
  readonly key?: string;
  readonly name?: string;
  readonly list?: true;
  readonly json?: true;
}

/** No spaces and no control characters: keys stand in claims, filters and command lines. */
const PARTY_KEY = /^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,99}$/u;

export function partyCommand(cli: Cli): Command {
  const command = new Command('party')
    .summary('Makes and lists organisations that take part in tickets.')
    .description(
      'Makes an organisation that takes part in tickets, or leaves it as it is, and prints its key.',
    )
    .option('--key <key>', 'its key, as in the claim `party` of a token')
    .option('--name <name>', 'what people call it')
    .addOption(new Option('--list', 'list the parties instead').conflicts(['key', 'name']))
    .addOption(jsonOption())
    .addOption(accountOption())
    .action((options: PartyOptions) => (options.list ? listAll(cli, options) : make(cli, options)));
  return withExamples(command, cli.invocation, [
    { args: 'party --key onvia --name "Onvia Telecom"', does: 'makes the party onvia' },
    { args: 'party --list', does: 'shows all parties of the account' },
  ]);
}

async function make(cli: Cli, { account, key, name }: PartyOptions): Promise<void> {
  if (key === undefined || name === undefined) throw usageFault('Give --key and --name, or --list.');
  if (!PARTY_KEY.test(key)) {
    throw new CommandFault(
      '--key must have 1 to 100 letters, digits and . _ : @ / -, a letter or digit first',
    );
  }
  if (!isLabel(name)) throw new CommandFault('--name must have 1 to 200 characters');
  await withDatabase(cli, async (database) => {
    const { ensureParty, findParty } = await import('../store/accounts.ts');
    await accountOf(cli, database, account);
    const found = await findParty(database.sql, account, key);
    await ensureParty(database.sql, account, { key, name });
    cli.output.data(key);
    if (found) cli.output.words(`The party ${key} (${found.name}) was there already and is left as it is.`);
  });
}

async function listAll(cli: Cli, { account, json }: PartyOptions): Promise<void> {
  await withDatabase(cli, async (database) => {
    const { listParties } = await import('../store/accounts.ts');
    await accountOf(cli, database, account);
    printRows(cli, ['key', 'name'], await listParties(database.sql, account), json);
  });
}
