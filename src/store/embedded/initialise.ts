import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chown, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explain } from './diagnosis.ts';
import { codeOf, fromFileSystem } from './error.ts';
import { clusterVersion, type Folder, syncFolder } from './folder.ts';
import { isAlive } from './postmaster.ts';
import { clusterArgument, run } from './process.ts';

/**
 * Written to postgresql.conf when the database is made, where the owner of the machine may change them. For two cores and
 * a memory that we do not know. The log keeps no statement and no detail, because they hold people's data.
 */
const SETTINGS = {
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  work_mem: '8MB',
  max_connections: '100',
  wal_compression: 'on',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  // So that the planner knows of the first tickets of a new database after seconds, and not after a minute.
  autovacuum_naptime: '10s',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const ACCESS =
  '# Loopback with the password in postgres-password; nothing else.\nhost all tessera 127.0.0.1/32 scram-sha-256\n';

export interface Workshop {
  folder: Folder;
  account: Account | null;
  binaries: Binaries;
}

/**
 * Makes the database where there is none, under a draft name; the finished one is renamed. When two processes do so at
 * once the first rename counts, and the other takes what is there (renaming onto a folder with content fails).
 */
export async function initialise(workshop: Workshop, password: string): Promise<void> {
  const { folder, account } = workshop;
  const draft = join(folder.root, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await removeLeftovers(folder);
    await mkdir(draft, { mode: 0o700 });
    if (account) await chown(draft, account.uid, account.gid);
    await runInitdb(workshop, draft);
    await replaceFile(join(draft, 'pg_hba.conf'), ACCESS);
    await runSingleUser(workshop, draft, [
      `create role tessera login createdb password '${password}'`,
      'grant pg_monitor, pg_checkpoint to tessera',
      'create database tessera owner tessera',
    ]);
    await rename(draft, folder.cluster);
    await syncFolder(folder.root);
  } catch (error) {
    const lost = codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST';
    if (!lost || !(await clusterVersion(folder))) throw fromFileSystem(error, folder.root);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** Gives the role `tessera` this password, in a database that does not run. */
export async function resetPassword(workshop: Workshop, password: string): Promise<void> {
  await runSingleUser(workshop, workshop.folder.cluster, [`alter role tessera password '${password}'`]);
}

async function runInitdb({ folder, account, binaries }: Workshop, draft: string): Promise<void> {
  // The bootstrap superuser has no password and no line in pg_hba.conf: nobody connects as it.
  const args = ['--pgdata', clusterArgument(account, draft), '--username=postgres', '--auth=reject'];
  args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  args.push(
    '--no-instructions',
    ...Object.entries(SETTINGS).map(([name, value]) => `--set=${name}=${value}`),
  );
  const made = await run(binaries.initdb, args, { account, cwd: draft });
  if (made.code === 0) return;
  throw await explain(made.output, folder, {
    code: 'initialiseFailed',
    what: `PostgreSQL could not make its database in ${folder.root}`,
    status: made.notStarted ?? `exit status ${made.code}`,
  });
}

/** Runs statements, one a line, as superuser without a server. The first failing one ends it. */
async function runSingleUser(
  { folder, account, binaries }: Workshop,
  cluster: string,
  statements: string[],
): Promise<void> {
  const args = ['--single', '-D', clusterArgument(account, cluster), '-c', 'exit_on_error=on', 'postgres'];
  const input = `${statements.join('\n')}\n`;
  const done = await run(binaries.postgres, args, { account, cwd: cluster, input });
  if (done.code === 0) return;
  throw await explain(done.output, folder, {
    code: 'initialiseFailed',
    what: `PostgreSQL could not prepare its database in ${folder.root}`,
    status: done.notStarted ?? `exit status ${done.code}`,
  });
}

/** Keeps the owner. The folder is the account's, so we as root follow no link in it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
  await file.writeFile(text).finally(() => file.close());
}

/** Drafts of processes that were killed while they made the database; their initdb may still be at it for a moment. */
async function removeLeftovers(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.root)) {
    const pid = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (!pid || isAlive(Number(pid))) continue;
    const path = join(folder.root, name);
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
