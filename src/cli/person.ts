import { Command, Option } from 'commander';
import { withExamples } from './examples.ts';
import { CommandFault, doneOr, usageFault } from './fault.ts';
import { type Grants, handleGrants } from './grants.ts';
import { accountOption, jsonOption, toList } from './options.ts';
import type { Cli } from './parts.ts';

interface PersonOptions {
  readonly account: string;
  readonly email?: string;
  readonly name?: string;
  readonly operator?: true;
  readonly password?: string;
  readonly askPassword?: true;
  readonly permissions?: string[];
  readonly party?: string;
  readonly persona?: string;
  readonly list?: true;
  readonly disable?: string;
  readonly json?: true;
}

export function personCommand(cli: Cli): Command {
  const command = new Command('person')
    .summary('Makes, lists and disables people who sign in.')
    .description('Makes a person who can sign in, and prints the UUID.')
    .option('--email <address>', 'the e-mail address to sign in with')
    .option('--name <name>', 'what others call them')
    .option('--operator', 'may be assigned tickets as an operator')
    .option('--password <password>', 'the password; without it one is made and shown once on stderr')
    .addOption(new Option('--ask-password', 'ask for the password on the terminal').conflicts('password'))
    .option('--permissions <list>', 'permissions, separated by commas; admin for all', toList)
    .option('--party <key>', 'the organisation that they speak for; without it the account’s own staff')
    .option('--persona <persona>', 'the persona, for contracts that ask for one')
    .addOption(new Option('--list', 'list the people instead').conflicts(['email', 'name']))
    .addOption(
      new Option('--disable <id>', 'end their sessions and let them in no more').conflicts([
        'list',
        'email',
        'name',
      ]),
    )
    .addOption(jsonOption())
    .addOption(accountOption())
    .action((options: PersonOptions) => run(cli, options));
  return withExamples(command, cli.invocation, [
    {
      args: 'person --email lucia@example.com --name "Lucía Ferrer" --operator --permissions trouble.operate',
      does: 'makes an operator; the password is shown once',
    },
    {
      args: 'person --email root@example.com --name Root --permissions admin',
      does: 'somebody who may do all',
    },
    { args: 'person --list', does: 'shows all people of the account' },
  ]);
}

const PEOPLE: Grants = {
  one: 'person',
  columns: ['id', 'email', 'name', 'isOperator', 'permissions', 'party', 'createdAt', 'disabledAt'],
  list: (identity, account) => identity.listPeople(account),
  ended: 'disabled',
  end: (identity, account, id) => identity.disablePerson(account, id),
};

async function run(cli: Cli, options: PersonOptions): Promise<void> {
  const { account, list, disable, json } = options;
  if (!list && disable === undefined && (options.email === undefined || options.name === undefined)) {
    throw usageFault('Give --email and --name, or --list, or --disable.');
  }
  const password = options.askPassword ? await askPassword(cli) : options.password;
  await handleGrants(cli, PEOPLE, {
    account,
    list,
    end: disable,
    json,
    async make(identity) {
      const { email = '', name = '', operator, permissions, party, persona } = options;
      const input = { email, name, password, permissions, party, persona, isOperator: operator ?? false };
      const made = doneOr(await identity.createPerson(account, input), cli);
      cli.output.data(made.id);
      if (made.password !== null) {
        cli.output.words(`The password is ${made.password} (shown only this once).`);
      } else if (password === undefined) {
        cli.output.words(`${email} keeps the password that is known from another account.`);
      }
    },
  });
}

async function askPassword({ stdin, stderr, interruption }: Cli): Promise<string> {
  if (!stdin.isTTY) throw usageFault('--ask-password needs a terminal; give --password instead.');
  const { isCancel, password } = await import('@clack/prompts');
  const answer = await password({
    message: 'Password (8 to 128 characters)',
    input: stdin,
    output: stderr,
    signal: interruption,
    validate: (text) => ((text ?? '').length < 8 ? 'At least 8 characters.' : undefined),
  });
  if (isCancel(answer)) throw new CommandFault('Nothing was made.');
  return answer;
}
