import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const repository = join(import.meta.dirname, '..');
const roots = ['src', 'test', 'bench', 'scripts'];

export interface Cruise {
  /** Paths from the tree's root, such as `src/kernel/clock.ts`. */
  readonly seen: readonly string[];
  /** Source files that dependency-cruiser did not look at: its answer says nothing about them. */
  readonly unseen: readonly string[];
  /** One line each: the rule and the two files. */
  readonly violations: readonly string[];
}

/** Runs the import rules of `.dependency-cruiser.cjs` over a tree that is laid out like this repository. */
export async function cruiseTree(tree: string): Promise<Cruise> {
  const present = roots.filter((root) => existsSync(join(tree, root)));
  const options = await extractDepcruiseOptions(join(repository, '.dependency-cruiser.cjs'));
  const { output } = await cruise(present, { ...options, baseDir: tree, validate: true }, undefined, {
    tsConfig: extractTsConfig(join(repository, 'tsconfig.json')),
  });
  if (typeof output === 'string')
    throw new Error('dependency-cruiser answered with text instead of a result');

  const seen = output.modules.map((module) => module.source);
  const known = new Set(seen);
  const files = await sourceFiles(tree);
  return {
    seen,
    unseen: files.filter((file) => !known.has(file)),
    violations: output.summary.violations.map(({ rule, from, to, cycle }) => {
      const path = cycle === undefined ? to : cycle.map((step) => step.name).join(' → ');
      return `${rule.name}: ${from} → ${path}`;
    }),
  };
}

/** Every TypeScript file of the tree, as paths from its root with forward slashes. */
export async function sourceFiles(tree: string): Promise<string[]> {
  const found: string[] = [];
  for (const root of roots) {
    if (!existsSync(join(tree, root))) continue;
    for (const entry of await readdir(join(tree, root), { recursive: true })) {
      if (/[.][cm]?tsx?$/.test(entry)) found.push(`${root}/${entry.replaceAll('\\', '/')}`);
    }
  }
  return found.sort();
}
