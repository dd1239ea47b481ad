import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { IssuerInput } from '../identity/index.ts';
import { accountOf, type Database, withDatabase, withIdentity } from './database.ts';
import { withExamples } from './examples.ts';
import { CommandFault, doneOr, usageFault } from './fault.ts';
import { accountOption, jsonOption, toList } from './options.ts';
import type { Cli } from './parts.ts';
import { printRows } from './rows.ts';

interface AddOptions {
  readonly account: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl?: string;
  readonly jwksFile?: string;
  readonly claim: Record<string, string>;
  readonly fixed: Record<string, string>;
}

/** Other parties' token services that an account trusts. */
export function issuerCommand(cli: Cli): Command {
  const command = new Command('issuer')
    .summary('Trusts the tokens of another token service.')
    .description('Trusts the tokens of another token service (OpenID Connect).');
  command
    .command('add')
    .description('Trusts an issuer. It holds within a minute, without a restart.')
    .requiredOption('--name <name>', 'a short name: small letters, digits and dashes')
    .requiredOption('--issuer <iss>', 'the claim iss of its tokens, to the letter')
    .requiredOption('--audience <aud>', 'the claim aud of tokens that are meant for this server')
    .option('--jwks-url <url>', 'where its public keys are')
    .option('--jwks-file <file>', 'or the keys themselves, a JSON Web Key Set')
    .option('--claim <field=claim>', 'which claim holds sub, name, party, persona or permissions', toPair, {})
    .option('--fixed <field=value>', 'a value for all of its tokens, for the same fields', toPair, {})
    .addOption(accountOption())
    .action((options: AddOptions) => add(cli, options));
  command
    .command('list')
    .description('Shows the issuers that the account trusts.')
    .addOption(jsonOption())
    .addOption(accountOption())
    .action(({ account, json }: { account: string; json?: true }) =>
      within(cli, account, async (database) => {
        const list = await withIdentity(cli, database, (identity) => identity.listIssuers(account));
        printRows(cli, ['name', 'issuer', 'audience', 'jwksUrl'], list, json);
      }),
    );
  command
    .command('remove')
    .description('Trusts an issuer no more; its tokens stop within a minute.')
    .argument('<name>', 'its short name')
    .addOption(accountOption())
    .action((name: string, { account }: { account: string }) =>
      within(cli, account, async (database) => {
        if (!(await withIdentity(cli, database, (identity) => identity.removeIssuer(account, name)))) {
          throw new CommandFault(`The account ${account} trusts no issuer ${name}.`);
        }
        cli.output.words(`The issuer ${name} is trusted no more.`);
      }),
    );
  return withExamples(command, cli.invocation, [
    {
      args:
        'issuer add --name partner --issuer https://id.example.com --audience tessera ' +
        '--jwks-url https://id.example.com/jwks --fixed party=onvia --claim permissions=scope',
      does: 'takes the tokens of id.example.com for those of the party onvia',
    },
    { args: 'issuer list', does: 'shows who is trusted' },
    { args: 'issuer remove partner', does: 'ends the trust' },
  ]);
}

async function add(cli: Cli, options: AddOptions): Promise<void> {
  const { account, name, issuer, audience, jwksUrl, jwksFile, claim, fixed } = options;
  const { permissions, ...otherFixed } = fixed;
  const input: IssuerInput = {
    name,
    issuer,
    audience,
    jwksUrl,
    jwks: jwksFile === undefined ? undefined : await readKeys(jwksFile),
    mapping: {
      claims: claim,
      fixed: { ...otherFixed, ...(permissions !== undefined && { permissions: toList(permissions) }) },
    },
  };
  await within(cli, account, async (database) => {
    await withIdentity(cli, database, async (identity) =>
      doneOr(await identity.addIssuer(account, input), cli),
    );
    cli.output.data(name);
  });
}

async function within(cli: Cli, account: string, work: (database: Database) => Promise<void>): Promise<void> {
  await withDatabase(cli, async (database) => {
    await accountOf(cli, database, account);
    await work(database);
  });
}

async function readKeys(file: string): Promise<IssuerInput['jwks']> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(`--jwks-file ${file} cannot be read as JSON (${reason}).`);
  }
}

function toPair(text: string, before: Record<string, string>): Record<string, string> {
  const [field = '', ...value] = text.split('=');
  if (value.length === 0) throw usageFault(`"${text}" must be written as field=value.`);
  return { ...before, [field]: value.join('=') };
}
