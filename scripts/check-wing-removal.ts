import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './report.ts';

/**
 * Takes each wing out of a copy of the tree, with its lines in `src/app/compose.ts`, and asks the compiler whether
 * the rest still fits together.
 */

const repository = join(import.meta.dirname, '..');
const copied = ['src', 'test', 'bench', 'scripts', 'tsconfig.json', 'package.json', 'vitest.config.ts'];

const wings = (await readdir(join(repository, 'src/kinds'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const faults: string[] = [];
for (const wing of wings) {
  const house = await mkdtemp(join(tmpdir(), `tessera-without-${wing}-`));
  try {
    faults.push(...(await faultsWithout(wing, house)));
  } finally {
    await rm(house, { recursive: true, force: true });
  }
}

report(`the house without ${wings.join(', or without ')}`, faults);

async function faultsWithout(wing: string, house: string): Promise<string[]> {
  for (const name of copied) {
    if (existsSync(join(repository, name)))
      await cp(join(repository, name), join(house, name), { recursive: true });
  }
  await symlink(join(repository, 'node_modules'), join(house, 'node_modules'), 'dir');
  await rm(join(house, 'src/kinds', wing), { recursive: true });

  const compose = join(house, 'src/app/compose.ts');
  const lines = (await readFile(compose, 'utf8')).split('\n');
  const naming = new RegExp(`kinds/${wing}/|\\b${wing}Wing\\b`);
  const left = lines.filter((line) => !naming.test(line));
  if (left.length === lines.length) return [`src/app/compose.ts names no wing ${wing}`];
  await writeFile(compose, left.join('\n'));

  const { status, stdout, stderr, error } = spawnSync('tsc', ['-p', '.'], { cwd: house, encoding: 'utf8' });
  if (error !== undefined) return [`tsc could not be run: ${error.message}`];
  if (status === 0) return [];
  return `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `without ${wing}: ${line}`);
}
