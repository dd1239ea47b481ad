import { Command, Option } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { withExamples } from './examples.ts';
import { doneOr, usageFault } from './fault.ts';
import { type Grants, handleGrants } from './grants.ts';
import { accountOption, jsonOption, toList, toMilliseconds } from './options.ts';
import type { Cli } from './parts.ts';

interface ApiKeyOptions {
  readonly account: string;
  readonly name?: string;
  readonly permissions?: string[];
  readonly party?: string;
  readonly persona?: string;
  readonly ttl?: number;
  readonly list?: true;
  readonly revoke?: string;
  readonly json?: true;
}

export function apiKeyCommand(cli: Cli): Command {
  const command = new Command('api-key')
    .summary('Makes, lists and revokes API keys.')
    .description('Makes an API key and prints it. It is shown only this once.')
    .option('--name <name>', 'what people call it')
    .option('--permissions <list>', 'permissions, separated by commas; admin for all', toList)
    .option('--party <key>', 'the organisation that it speaks for')
    .option('--persona <persona>', 'the persona, for contracts that ask for one')
    .option(
      '--ttl <time>',
      'how long it is valid, as 90s, 15m, 12h, 7d or P1Y; without it for ever',
      toMilliseconds,
    )
    .addOption(new Option('--list', 'list the keys instead, by id').conflicts('name'))
    .addOption(
      new Option('--revoke <id>', 'take a key back; it stops within a minute').conflicts(['list', 'name']),
    )
    .addOption(jsonOption())
    .addOption(accountOption())
    .action((options: ApiKeyOptions) => run(cli, options));
  return withExamples(command, cli.invocation, [
    { args: 'api-key --name "Night report" --permissions tickets.read', does: 'a key for a script' },
    { args: 'api-key --list', does: 'shows when each key was made, last used and revoked' },
    { args: 'api-key --revoke 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', does: 'takes that key back' },
  ]);
}

const API_KEYS: Grants = {
  one: 'API key',
  columns: ['id', 'name', 'party', 'permissions', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'],
  list: (identity, account) => identity.listApiKeys(account),
  ended: 'revoked',
  end: (identity, account, id) => identity.revokeApiKey(account, id),
};

async function run(cli: Cli, options: ApiKeyOptions): Promise<void> {
  const { account, name, list, revoke, json, ttl, ...grant } = options;
  if (list === undefined && revoke === undefined && (name === undefined || grant.permissions === undefined)) {
    throw usageFault('Give --name and --permissions, or --list, or --revoke.');
  }
  await handleGrants(cli, API_KEYS, {
    account,
    list,
    end: revoke,
    json,
    async make(identity) {
      const expiresAt = ttl === undefined ? undefined : new Date(systemClock.now().getTime() + ttl);
      const made = doneOr(
        await identity.createApiKey(account, { ...grant, name: name ?? '', expiresAt }),
        cli,
      );
      cli.output.data(made.key);
      cli.output.words(`Its id, to revoke it by, is ${made.id}.`);
    },
  });
}
