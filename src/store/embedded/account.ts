import { lchown, lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError } from './error.ts';
import type { Folder } from './folder.ts';

/**
 * PostgreSQL refuses to run as root. When we are root it runs under an unprivileged account that exists already;
 * when we are an ordinary user it runs as that user.
 */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account for PostgreSQL; null means this process's own. As root: the owner of the database, else of the data
 * folder, so that a folder keeps working when it is started by root and by its owner in turn; else `postgres` or `nobody`.
 */
export async function chooseAccount(folder: Folder): Promise<Account | null> {
  if (!runsAsRoot()) return null;
  const known = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const cluster = await lstat(folder.cluster).catch(() => null);
  if (cluster && cluster.uid !== 0) {
    const name = known.find((account) => account.uid === cluster.uid)?.name ?? String(cluster.uid);
    return { name, uid: cluster.uid, gid: cluster.gid };
  }
  const owner = known.find((account) => account.uid === folder.owner.uid && account.uid !== 0);
  const account =
    owner ??
    known.find((candidate) => candidate.name === 'postgres') ??
    known.find((candidate) => candidate.name === 'nobody');
  if (account && account.uid !== 0) return account;
  throw new EmbeddedError(
    'noAccount',
    'PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody` for it: ' +
      'start Tessera as an ordinary user, or set DATABASE_URL.',
  );
}

/** Gives a folder and all in it to the account, if it is not its own yet. Links are changed, never followed. */
export async function giveTo(account: Account | null, path: string): Promise<void> {
  if (!account || (await lstat(path)).uid === account.uid) return;
  // With file types readdir does not walk through links.
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  for (const entry of entries) await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  // The folder itself comes last: its owner says whether the work was finished.
  await lchown(path, account.uid, account.gid);
}

function parsePasswd(text: string): Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}
