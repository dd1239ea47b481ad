/**
 * The embedded server: the PostgreSQL 18 that Tessera starts when DATABASE_URL is not set.
 *
 * Its life, on one data folder:
 *
 * - `openFolder` makes the folder. In it: `postgres/` (the database), `postgres-password`, `postgres-port`, `postgres.log`.
 * - `chooseAccount` and `useBinaries`: as root PostgreSQL runs under an unprivileged account that exists already, with
 *   programs that this account can reach; as an ordinary user it runs as that user.
 * - `initialise`, once: initdb under a draft name, the role and the database `tessera`, then a rename. The role is not a
 *   superuser; nobody can connect as one.
 * - `bringUp`: finds the PostgreSQL of the folder by postmaster.pid (one that outlived a killed Tessera, or that another
 *   process uses) or starts it, on loopback only. PostgreSQL itself never runs twice on one folder.
 * - `enter`: takes locks on a connection of our own. Every process shares the lock `user`; a server also takes the lock
 *   `server` alone, so a second server on the folder is refused.
 * - `supervise`: when that connection ends, PostgreSQL is found or started again on the same port and the locks are taken
 *   again, until `stop`.
 * - `lastOut`: gives the locks back; who then gets the lock `user` alone is the last one and stops PostgreSQL. Who starts
 *   at that moment sees the lock taken, waits for the end and starts PostgreSQL anew.
 *
 * A process that is killed leaves PostgreSQL running and its locks free: the next start adopts it, nothing is lost.
 * Settings are in `postgres/postgresql.conf`, written when the database is made; a change there holds from the next start.
 */
import type { Logger } from 'pino';
import { chooseAccount, giveTo } from './account.ts';
import { findPackage, useBinaries } from './binaries.ts';
import { EmbeddedError, fromFileSystem } from './error.ts';
import { clusterVersion, type Folder, openFolder, passwordOf } from './folder.ts';
import { watchForHalfStop } from './half-stop.ts';
import { initialise, resetPassword, type Workshop } from './initialise.ts';
import { join, passwordWrong } from './join.ts';
import { lastOut } from './last-out.ts';
import { type Role, urlOf } from './locks.ts';
import { shortenLog } from './log-file.ts';
import { findPostmaster } from './postmaster.ts';
import { supervise } from './supervisor.ts';

export { EmbeddedError } from './error.ts';

/** Longer than any recovery within max_wal_size should take. */
const START_WITHIN_MS = 10 * 60_000;
const LOG_CHECK_MS = 10 * 60_000;

export interface EmbeddedOptions {
  dataDir: string;
  log: Logger;
  role: Role;
  /** Settings for PostgreSQL beyond its postgresql.conf; `port` asks for that port and no other. Not used when adopting. */
  settings?: Record<string, string>;
}

export interface EmbeddedDatabase {
  /** postgres://tessera:<password>@127.0.0.1:<port>/tessera; the role owns the database and may create others. */
  url: string;
  /** The same for another database. */
  adminUrl(database: string): string;
  /** A PostgreSQL that ran already on this folder was found and is used. */
  adopted: boolean;
  /** Ends the use; the last one out stops PostgreSQL. Connections of one's own should have ended before. */
  stop(): Promise<void>;
}

/**
 * Starts or adopts the PostgreSQL of the data folder. `url` stays valid until `stop`, through restarts of PostgreSQL.
 * Throws EmbeddedError for what can be expected to go wrong on a machine.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { log, role } = options;
  const folder = await openFolder(options.dataDir);
  const { workshop, password } = await prepare(folder, log).catch((error: unknown) => {
    throw fromFileSystem(error, folder.root);
  });
  const { port: fixedPort, ...settings } = options.settings ?? {};
  const common = { role, password, settings, log };
  const limit = AbortSignal.timeout(START_WITHIN_MS);
  const first = await join(workshop, {
    ...common,
    port: fixedPort ? Number(fixedPort) : undefined,
    signal: limit,
  }).catch((error: unknown) => {
    throw limit.aborted ? notAnswering(folder.root, folder.logFile) : fromFileSystem(error, folder.root);
  });
  const address = { port: first.port, password };
  log.info({ port: first.port, adopted: first.adopted, folder: folder.root }, 'PostgreSQL runs');

  async function rejoin(signal: AbortSignal) {
    const again = await join(workshop, { ...common, port: first.port, signal });
    if (again.port === first.port) return again.session;
    await lastOut(folder, { port: again.port, password }, again.session, log);
    throw new EmbeddedError(
      'portTaken',
      `PostgreSQL runs on port ${again.port} now, but this process was started with ${first.port}: restart it.`,
    );
  }
  const supervisor = supervise(first.session, rejoin, log);
  const logCheck = setInterval(() => {
    shortenLog(folder).catch((error: unknown) =>
      log.warn({ err: error }, 'postgres.log could not be shortened'),
    );
  }, LOG_CHECK_MS).unref();

  const endWatch = watchForHalfStop(folder, log);

  async function stop(): Promise<void> {
    clearInterval(logCheck);
    endWatch();
    await lastOut(folder, address, await supervisor.stop(), log);
  }
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(address, 'tessera'),
    adminUrl: (database) => urlOf(address, database),
    adopted: first.adopted,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** All that a start needs before PostgreSQL runs: account, programs, password, database. */
async function prepare(folder: Folder, log: Logger): Promise<{ workshop: Workshop; password: string }> {
  const account = await chooseAccount(folder);
  const binaries = await useBinaries(await findPackage(), account);
  const workshop = { folder, account, binaries };
  // Before the password: a database without a password file has lost it, but another start may make both right now.
  const version = await clusterVersion(folder);
  const { password, made } = await passwordOf(folder);
  if (version === null) {
    log.info({ folder: folder.root }, 'making a new database');
    await initialise(workshop, password);
  } else if (version !== binaries.major) {
    throw otherVersion(folder.root, version, binaries.major);
  } else {
    await giveTo(account, folder.cluster);
    if (made) {
      if (await findPostmaster(folder.cluster)) throw passwordWrong(folder.passwordFile);
      log.warn('postgres-password was missing: a new password is set');
      await resetPassword(workshop, password);
    }
  }
  return { workshop, password };
}

function otherVersion(dataDir: string, found: string, ours: string): EmbeddedError {
  return new EmbeddedError(
    'dataVersion',
    `The database in ${dataDir} was made by PostgreSQL ${found}, and this Tessera brings PostgreSQL ${ours}: ` +
      'back up with the Tessera that made it and restore the backup into a new folder.',
  );
}

function notAnswering(dataDir: string, logFile: string): EmbeddedError {
  return new EmbeddedError(
    'notAnswering',
    `PostgreSQL on ${dataDir} did not take connections within ten minutes; its log is ${logFile}.`,
  );
}
