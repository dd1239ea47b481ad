import { Command, Option } from 'commander';
import { accountOf, withDatabase, withIdentity } from './database.ts';
import { withExamples } from './examples.ts';
import { doneOr } from './fault.ts';
import { accountOption, toList, toMilliseconds } from './options.ts';
import type { Cli } from './parts.ts';

interface TokenOptions {
  readonly account: string;
  readonly sub?: string;
  readonly name?: string;
  readonly party?: string;
  readonly persona?: string;
  readonly permissions?: string[];
  readonly ttl: number;
}

export function tokenCommand(cli: Cli): Command {
  const command = new Command('token')
    .summary('Prints a bearer token.')
    .description(
      'Prints a bearer token, signed with the keys of the server: a JWT with the claims Account, party, Persona, ' +
        'PersonId, DisplayName and permissions.',
    )
    .option('--sub <id>', "who it stands for (sub and PersonId): a person's UUID or any stable text")
    .option('--name <name>', 'the name that history shows')
    .option('--party <key>', 'the organisation that it speaks for; without it the account’s own staff')
    .option('--persona <persona>', 'the persona, for contracts that ask for one')
    .option('--permissions <list>', 'permissions, separated by commas; admin for all', toList)
    .addOption(
      new Option('--ttl <time>', 'how long it is valid: 90s, 15m, 12h, 7d or PT1H')
        .argParser(toMilliseconds)
        .default(3_600_000, '1h'),
    )
    .addOption(accountOption())
    .action((options: TokenOptions) => mint(cli, options));
  return withExamples(command, cli.invocation, [
    { args: 'token --party onvia --name "Onvia NOC"', does: 'a token for a partner, valid for an hour' },
    {
      args: 'token --permissions admin --ttl 12h',
      does: 'a token that may do everything in the account default',
    },
    {
      args: 'token --party default --permissions trouble.operate --sub lucia --name "Lucía Ferrer"',
      does: "a token for one of the account's own operators",
    },
  ]);
}

async function mint(cli: Cli, { account, ttl, party, ...claims }: TokenOptions): Promise<void> {
  await withDatabase(cli, async (database) => {
    const { findParty } = await import('../store/accounts.ts');
    await accountOf(cli, database, account);
    if (party !== undefined && (await findParty(database.sql, account, party)) === null) {
      cli.output.words(
        `The account ${account} knows no party ${party}, so the token can do nothing yet. Make the party with: ` +
          `${cli.invocation} party --key ${party} --name NAME`,
      );
    }
    const { token } = await withIdentity(cli, database, async (identity) =>
      doneOr(await identity.mintToken({ ...claims, account, party, ttlMs: ttl }), cli),
    );
    cli.output.data(token);
  });
}
