import { accountOf, type Identity, withDatabase, withIdentity } from './database.ts';
import { CommandFault } from './fault.ts';
import type { Cli } from './parts.ts';
import { printRows } from './rows.ts';

/** One sort of what lets somebody in: clients, API keys, people. */
export interface Grants {
  /** What one is called, as in "The API key". */
  readonly one: string;
  readonly columns: readonly string[];
  list(identity: Identity, account: string): Promise<readonly object[]>;
  /** What has become of one that was taken back, as in "is revoked". */
  readonly ended: string;
  /** Takes one back. */
  end(identity: Identity, account: string, id: string): Promise<boolean>;
}

/** What the command line asks of them; where it asks for neither a list nor an end, one is made. */
interface Asked {
  readonly account: string;
  readonly list: true | undefined;
  /** The id of one that is to be taken back. */
  readonly end: string | undefined;
  readonly json: true | undefined;
  make(identity: Identity): Promise<void>;
}

/** Lists what an account has given out, takes one back, or makes one. */
export async function handleGrants(cli: Cli, grants: Grants, asked: Asked): Promise<void> {
  const { account, list, end: id, json } = asked;
  const { one, columns, ended } = grants;
  await withDatabase(cli, async (database) => {
    await accountOf(cli, database, account);
    await withIdentity(cli, database, async (identity) => {
      if (list) printRows(cli, columns, await grants.list(identity, account), json);
      else if (id === undefined) await asked.make(identity);
      else if (await grants.end(identity, account, id)) cli.output.words(`The ${one} ${id} is ${ended}.`);
      else throw new CommandFault(`The account ${account} has no ${one} ${id}, or it was ${ended} before.`);
    });
  });
}
