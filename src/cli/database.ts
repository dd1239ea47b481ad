import type { Logger } from 'pino';
import type { Account } from '../store/accounts.ts';
import type { Sql } from '../store/database.ts';
import { CommandFault } from './fault.ts';
import type { Cli } from './parts.ts';
import { createToolLog } from './tool-log.ts';

/** A migrated database, for as long as a command needs it. */
export interface Database {
  readonly sql: Sql;
  readonly url: string;
  readonly log: Logger;
}

/** A database as it stands: nothing was migrated or made. */
export interface RawDatabase {
  readonly url: string;
  readonly log: Logger;
}

/**
 * Reaches the database of DATABASE_URL, or the embedded one, which is started (or joined, beside a server) until
 * `work` is over.
 */
export async function withRawDatabase<T>(cli: Cli, work: (database: RawDatabase) => Promise<T>): Promise<T> {
  const config = cli.config();
  const log = createToolLog(config.logLevel);
  if (config.databaseUrl !== null) return work({ url: config.databaseUrl, log });
  const { startEmbedded } = await import('../store/embedded/index.ts');
  const embedded = await startEmbedded({ dataDir: config.dataDir, log, role: 'tool' });
  try {
    return await work({ url: embedded.url, log });
  } finally {
    await embedded.stop();
  }
}

/**
 * The same, migrated, and with the account `default`: a command works as the first one, too. When the process is asked
 * to stop, the work is left where it stands; work that heeds the interruption itself ends in its own way.
 */
export async function withDatabase<T>(
  cli: Cli,
  work: (database: Database) => Promise<T>,
  { heedsInterruption = false }: { heedsInterruption?: boolean } = {},
): Promise<T> {
  return withRawDatabase(cli, async ({ url, log }) => {
    const { migrate } = await import('../store/migrate.ts');
    await migrate(url, log);
    const { openDatabase } = await import('../store/database.ts');
    const sql = openDatabase({ url, connections: 3, name: 'tessera cli' });
    try {
      const database = { sql, url, log };
      await ensureFirstAccount(cli, database);
      return await (heedsInterruption ? work(database) : unlessInterrupted(cli, work(database)));
    } finally {
      await sql.end({ timeout: 5 });
    }
  });
}

async function unlessInterrupted<T>({ interruption }: Cli, work: Promise<T>): Promise<T> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new CommandFault('Stopped.'));
  interruption.addEventListener('abort', stop);
  try {
    if (interruption.aborted) stop();
    return await Promise.race([work, interrupted]);
  } finally {
    interruption.removeEventListener('abort', stop);
  }
}

/** What the first start of a server does, too; whoever comes first is told how to sign in. */
async function ensureFirstAccount(cli: Cli, database: Database): Promise<void> {
  const { findAccount } = await import('../store/accounts.ts');
  if ((await findAccount(database.sql, 'default')) !== null) return;
  const administrator = await withIdentity(cli, database, (identity) => identity.ensureAdministrator());
  if (administrator === null) return;
  const { email, password } = administrator;
  cli.output.words(
    `The account default was made. Sign in as ${email} with the password ${password} (shown only this once).`,
  );
}

/** The module of people, programs and keys. */
export type Identity = ReturnType<typeof import('../identity/index.ts').createIdentity>;

/** The same, over an open database. */
export async function withIdentity<T>(
  cli: Cli,
  { sql, url, log }: Database,
  work: (identity: Identity) => Promise<T>,
): Promise<T> {
  const { createIdentity } = await import('../identity/index.ts');
  const { systemClock } = await import('../kernel/clock.ts');
  const { publicUrl, tokenIssuer } = cli.config();
  const issuer = tokenIssuer ?? undefined;
  const identity = createIdentity({ sql, url, clock: systemClock, log, publicUrl, issuer });
  try {
    return await work(identity);
  } finally {
    await identity.close();
  }
}

/** The account of `--account`. */
export async function accountOf(cli: Cli, { sql }: Database, key: string): Promise<Account> {
  const { findAccount, listAccounts } = await import('../store/accounts.ts');
  const account = await findAccount(sql, key);
  if (account) return account;
  const known = (await listAccounts(sql)).join(', ');
  throw new CommandFault(
    `There is no account ${key}. There is: ${known}. Make one with: ${cli.invocation} account --key KEY --name NAME`,
  );
}
