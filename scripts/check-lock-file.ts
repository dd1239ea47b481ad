import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { report } from './report.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const registry = 'https://registry.npmjs.org/';

const text = await readFile(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };

const faults: string[] = [];
for (const [path, entry] of Object.entries(packages)) {
  // npm leaves out what it could not fetch while it wrote the lock file, and then `npm ci` refuses the file.
  for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
    if (!isLocked(path, name)) faults.push(`${path || 'package.json'}: ${name} has no entry`);
  }
  if (path === '') continue;
  if (entry.version === undefined) faults.push(`${path}: has no version`);
  if (entry.integrity === undefined) faults.push(`${path}: has no integrity hash`);
  if (entry.resolved?.startsWith(registry) === false) faults.push(`${path}: comes from ${entry.resolved}`);
}

report(`the lock file, ${Object.keys(packages).length - 1} packages`, faults);

/** Looks for a package as Node does: beside the one that asks, then in each folder above. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}
