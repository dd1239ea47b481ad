import { randomBytes } from 'node:crypto';
import {
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BinaryPackage } from './binaries.ts';

/** Where copies of the programs may lie, best first. The last one is emptied by the system now and then. */
export function cacheFolders(): string[] {
  return ['/var/cache/tessera', join(tmpdir(), 'tessera-cache')];
}

/**
 * A copy of the package's programs that every account may run, or null if this cache cannot be used. Only a folder that
 * belongs to us and that nobody else may write is trusted, so that no one plants a program which we would run.
 * A copy gets its name when it is complete: two starts at once each make one, and the first name given counts.
 */
export async function copyToCache(source: BinaryPackage, cache: string): Promise<string | null> {
  const target = join(cache, `${basename(source.name)}-${source.version}`);
  const draft = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    const made = await mkdir(cache, { recursive: true });
    if (made) await chmod(cache, 0o755);
    if (!(await isTrusted(cache))) return null;
    if (await isTrusted(target)) return target;
    await copyTree(source.native, draft);
    await rename(draft, target);
    return target;
  } catch {
    // Lost the race, read-only, full, or no such place: if another start finished the copy it is there now.
    return (await isTrusted(target)) ? target : null;
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

async function isTrusted(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** Copies what running needs (no static libraries, no build files), readable by all whatever the umask is. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isDirectory() && entry.name !== 'pgxs' && entry.name !== 'pkgconfig')
      await copyTree(source, target);
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
    }
  }
  await chmod(to, 0o755);
}
