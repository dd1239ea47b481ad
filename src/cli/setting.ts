import { Argument, Command, Option } from 'commander';
import { type SettingDefinition, settingFault, shownValue } from '../kernel/settings.ts';
import type { Account } from '../store/accounts.ts';
import { accountOf, type Database, withDatabase } from './database.ts';
import { withExamples } from './examples.ts';
import { CommandFault, usageFault } from './fault.ts';
import { accountOption, jsonOption } from './options.ts';
import type { Cli } from './parts.ts';
import { printRows } from './rows.ts';
import { settingDefinitions } from './setting-definitions.ts';

/** What a text that nobody set is called in a sentence. */
const EMPTY = 'empty';

interface SettingOptions {
  readonly account: string;
  readonly get?: true;
  readonly unset?: true;
  readonly json?: true;
}

export function settingCommand(cli: Cli): Command {
  const command = new Command('setting')
    .summary('Shows and changes the settings of an account.')
    .description('Shows or changes the settings of an account. A running server follows within a second.')
    .addArgument(new Argument('[key]', 'the setting; without it all are listed'))
    .addArgument(new Argument('[value]', 'its new value; without it the present one is printed'))
    .option('--get', 'print the present value, the default where none is set')
    .addOption(new Option('--unset', 'go back to the default').conflicts('get'))
    .addOption(jsonOption())
    .addOption(accountOption())
    .action((key: string | undefined, value: string | undefined, options: SettingOptions) =>
      run(cli, key, value, options),
    );
  return withExamples(command, cli.invocation, [
    { args: 'setting', does: 'lists every setting with its value' },
    { args: 'setting trouble.guaranteePeriod', does: 'prints one value' },
    { args: 'setting trouble.guaranteePeriod PT48H', does: 'sets it' },
    { args: 'setting --unset trouble.guaranteePeriod', does: 'goes back to the default' },
  ]);
}

async function run(
  cli: Cli,
  key: string | undefined,
  value: string | undefined,
  options: SettingOptions,
): Promise<void> {
  if (key === undefined && (options.get || options.unset)) throw usageFault('Name the setting.');
  if (value !== undefined && (options.get || options.unset)) {
    throw usageFault('A value is given only to set it, without --get and --unset.');
  }
  const definitions = settingDefinitions(await cli.kinds());
  await withDatabase(cli, async (database) => {
    const account = await accountOf(cli, database, options.account);
    if (key === undefined) {
      const rows = definitions.map((definition) => toRow(definition, account));
      return printRows(cli, ['key', 'value', 'set', 'default', 'label'], rows, options.json);
    }
    const definition = definitions.find((known) => known.key === key);
    if (!definition) {
      const known = definitions.map((one) => one.key).join(', ');
      throw new CommandFault(`There is no setting ${key}. The settings are: ${known}.`);
    }
    if (value !== undefined) await write(cli, database, account, definition, value);
    else if (options.unset) await write(cli, database, account, definition, null);
    else print(cli, toRow(definition, account), options.json);
  });
}

async function write(
  cli: Cli,
  database: Database,
  account: Account,
  definition: SettingDefinition,
  value: string | null,
): Promise<void> {
  const { key, default: fallback } = definition;
  const fault = value === null ? null : await faultOf(cli, database, account, definition, value);
  if (fault !== null)
    throw new CommandFault(
      `${key} ${fault}${value === null || definition.secret ? '' : `, and "${value}" is not`}.`,
    );
  const { writeSetting } = await import('../store/accounts.ts');
  await writeSetting(database.sql, account.key, key, value);
  const before = shownValue(definition, account.settings[key] ?? fallback);
  const now = shownValue(definition, value ?? fallback);
  cli.output.data(now);
  cli.output.words(`${key} of the account ${account.key} is ${now || EMPTY} now; it was ${before || EMPTY}.`);
}

async function faultOf(
  cli: Cli,
  { sql }: Database,
  account: Account,
  definition: SettingDefinition,
  value: string,
): Promise<string | null> {
  const fault = settingFault(definition, value);
  const { entryOf } = definition;
  const collection = entryOf === undefined ? undefined : (await cli.collections()).get(entryOf);
  if (fault !== null || !collection) return fault;
  const { findEntry } = await import('../store/catalogue/find.ts');
  const entry = await findEntry(sql, account.key, collection, value);
  return entry ? null : `must be the key of a ${collection.one} that there is`;
}

function print({ output }: Cli, row: ReturnType<typeof toRow>, json: true | undefined): void {
  output.data(json ? JSON.stringify(row) : row.value);
}

function toRow(definition: SettingDefinition, { settings }: Account) {
  const { key, label, default: fallback } = definition;
  return {
    key,
    value: shownValue(definition, settings[key] ?? fallback),
    set: Object.hasOwn(settings, key),
    default: fallback,
    label,
  };
}
