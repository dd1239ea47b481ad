import { Command, Option } from 'commander';
import { withExamples } from './examples.ts';
import { doneOr, usageFault } from './fault.ts';
import { type Grants, handleGrants } from './grants.ts';
import { accountOption, jsonOption, toList } from './options.ts';
import type { Cli } from './parts.ts';

interface ClientOptions {
  readonly account: string;
  readonly name?: string;
  readonly permissions?: string[];
  readonly party?: string;
  readonly persona?: string;
  readonly integration?: string;
  readonly list?: true;
  readonly revoke?: string;
  readonly json?: true;
}

export function clientCommand(cli: Cli): Command {
  const command = new Command('client')
    .summary('Makes, lists and revokes client programs (OAuth 2).')
    .description(
      'Makes a client program that gets tokens at POST /oauth2/token (OAuth 2 client credentials), and prints its id ' +
        'and secret as JSON. The secret is shown only this once.',
    )
    .option('--name <name>', 'what people call it')
    .option('--permissions <list>', 'permissions, separated by commas; admin for all', toList)
    .option('--party <key>', 'the organisation that it speaks for')
    .option('--persona <persona>', 'the persona of its tokens')
    .option('--integration <name>', 'the built-in integration that uses it, such as zendesk')
    .addOption(new Option('--list', 'list the clients instead').conflicts('name'))
    .addOption(
      new Option('--revoke <id>', 'take a client back; its tokens stop within a minute').conflicts([
        'list',
        'name',
      ]),
    )
    .addOption(jsonOption())
    .addOption(accountOption())
    .action((options: ClientOptions) => run(cli, options));
  return withExamples(command, cli.invocation, [
    { args: 'client --name "Onvia gateway" --party onvia', does: 'a client that speaks for the party onvia' },
    { args: 'client --list', does: 'shows all clients of the account, the revoked ones too' },
    { args: 'client --revoke default.x7HkPq2LmN4sT9vB', does: 'takes that client back' },
  ]);
}

const CLIENTS: Grants = {
  one: 'client',
  columns: ['id', 'name', 'party', 'permissions', 'integration', 'createdAt', 'revokedAt'],
  list: (identity, account) => identity.listClients(account),
  ended: 'revoked',
  end: (identity, account, id) => identity.revokeClient(account, id),
};

async function run(cli: Cli, options: ClientOptions): Promise<void> {
  const { account, name, list, revoke, json, ...grant } = options;
  if (name === undefined && !list && revoke === undefined) {
    throw usageFault('Give --name, --list or --revoke.');
  }
  await handleGrants(cli, CLIENTS, {
    account,
    list,
    end: revoke,
    json,
    async make(identity) {
      const made = doneOr(await identity.createClient(account, { ...grant, name: name ?? '' }), cli);
      cli.output.data(JSON.stringify({ client_id: made.clientId, client_secret: made.clientSecret }));
    },
  });
}
