import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { runsAsRoot } from './account.ts';
import { codeOf, EmbeddedError, fromFileSystem, noSuchPlace } from './error.ts';

/** The data folder and what the embedded server keeps in it. All paths are absolute. */
export interface Folder {
  root: string;
  /** PostgreSQL's own folder (PGDATA). */
  cluster: string;
  passwordFile: string;
  portFile: string;
  logFile: string;
  /** Owner of `root`; files that we make as root are given to it. */
  owner: { uid: number; gid: number };
}

/** Makes the data folder (0700) or takes it as it is, and checks that we may write to it. */
export async function openFolder(dataDir: string): Promise<Folder> {
  const wanted = resolve(dataDir);
  try {
    await makeFolder(wanted);
    const root = await realpath(wanted);
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    const { uid, gid } = await stat(root);
    return {
      root,
      cluster: join(root, 'postgres'),
      passwordFile: join(root, 'postgres-password'),
      portFile: join(root, 'postgres-port'),
      logFile: join(root, 'postgres.log'),
      owner: { uid, gid },
    };
  } catch (error) {
    const isNowhere = codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP';
    throw isNowhere ? noSuchPlace(wanted, error) : fromFileSystem(error, wanted);
  }
}

/** Makes a folder and those above it. Node's own way of doing so never ends where none can be made, as below /proc. */
async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  const hasParent = await stat(parent).then(
    () => true,
    () => false,
  );
  if (!hasParent) await makeFolder(parent);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}

/** The major version in PG_VERSION, or null where no database has been made yet (an empty folder may be there). */
export async function clusterVersion(folder: Folder): Promise<string | null> {
  try {
    return (await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fromFileSystem(error, folder.root);
  }
  const entries = await readdir(folder.cluster).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw fromFileSystem(error, folder.root);
  });
  if (entries.length === 0) return null;
  throw new EmbeddedError(
    'notADatabase',
    `${folder.cluster} is not a PostgreSQL database (it has no PG_VERSION): ` +
      'move it away, or choose another folder with TESSERA_DATA.',
  );
}

/**
 * The database password: 256 random bits, made once for a folder. Two processes at once get the same one, because a
 * hard link to a finished file is made only where none is yet. `made` says that this call made it.
 */
export async function passwordOf(folder: Folder): Promise<{ password: string; made: boolean }> {
  const found = await readIfThere(folder.passwordFile);
  if (found) return { password: found, made: false };
  const password = randomBytes(32).toString('base64url');
  const draft = `${folder.passwordFile}.${randomBytes(6).toString('hex')}`;
  try {
    await writeOwn(folder, draft, `${password}\n`);
    await link(draft, folder.passwordFile);
    return { password, made: true };
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw fromFileSystem(error, folder.root);
    return { password: (await readIfThere(folder.passwordFile)) ?? '', made: false };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes a small file (0600) that belongs to the folder's owner and is on disk when this returns. */
export async function writeOwn(folder: Folder, path: string, text: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    if (runsAsRoot()) await file.chown(folder.owner.uid, folder.owner.gid);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames and links in the folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fromFileSystem(error, path);
  }
}
