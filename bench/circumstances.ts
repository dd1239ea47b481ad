import { execFile } from 'node:child_process';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.ts';
import type { Circumstances } from './report.ts';

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, '..');

export async function findCircumstances(cluster: Cluster, args: readonly string[]): Promise<Circumstances> {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    commit: await commitOf(),
    cpu: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    postgres: cluster.version,
    postgresSettings: cluster.settings,
    fileSystem: cluster.fileSystem,
  };
}

async function commitOf(): Promise<string> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: REPOSITORY })).stdout.trim();
  try {
    const changed = await git(
      'status',
      '--porcelain',
      '--',
      'src',
      'migrations',
      'bench/*.ts',
      'package-lock.json',
    );
    return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
