import { type SpawnOptions, spawn } from 'node:child_process';
import type { Account } from './account.ts';
import { codeOf } from './error.ts';

/**
 * How the PostgreSQL programs are run: under the account, with an environment of their own, so that PGDATA, PGOPTIONS or
 * a locale of the caller change nothing and messages are in English.
 */
export function spawnOptions(account: Account | null, cwd: string): SpawnOptions {
  return {
    cwd,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  };
}

/**
 * How a program that runs in the database's folder is told of it. libuv changes the folder before the user, so the account
 * need not be able to walk down to it: below /root or a home with mode 0700 it could not.
 */
export function clusterArgument(account: Account | null, cluster: string): string {
  return account && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

export interface Outcome {
  /** Exit status; null when ended by a signal or never started. */
  code: number | null;
  output: string;
  /** The system's reason (`EACCES`, `ENOENT`, `EPERM`) when the program could not be started at all. */
  notStarted?: string;
}

/** Runs a program to its end and returns all it said. Never rejects. */
export function run(
  program: string,
  args: string[],
  where: { account: Account | null; cwd: string; input?: string },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...spawnOptions(where.account, where.cwd), stdio: 'pipe' });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    // A program that ends early closes its input; its exit status tells why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(where.input ?? '');
    child.on('error', (error) => resolve({ code: null, output, notStarted: codeOf(error) ?? error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
