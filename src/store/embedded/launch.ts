import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { explain } from './diagnosis.ts';
import type { Workshop } from './initialise.ts';
import { openLog, readFrom, shortenLog } from './log-file.ts';
import { isAlive, markOf, readPidFile } from './postmaster.ts';
import { clusterArgument, spawnOptions } from './process.ts';

/** `occupied`: another process was faster, or an old server still ends. `portTaken`: the port could not be bound. */
export type Launched = 'ready' | 'occupied' | 'portTaken';

export interface LaunchOptions {
  port: number;
  settings: Record<string, string>;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Starts PostgreSQL and waits until it takes connections; recovery after a crash may take its time. It gets a session of
 * its own (`detached`), so that a Ctrl-C in the terminal reaches only us, and it does not keep our process alive.
 * When `signal` aborts, waiting ends and PostgreSQL is left as it is, but not before postmaster.pid names it: who stops
 * next has to find it.
 */
export async function launch(workshop: Workshop, options: LaunchOptions): Promise<Launched> {
  const { folder, account, binaries } = workshop;
  await shortenLog(folder);
  const logFile = await openLog(folder);
  try {
    const { size: logStart } = await logFile.stat();
    const args = ['-D', clusterArgument(account, folder.cluster), ...(await flags(workshop, options))];
    const child = spawn(binaries.postgres, args, {
      ...spawnOptions(account, folder.cluster),
      detached: true,
      stdio: ['ignore', logFile.fd, logFile.fd],
    });
    child.unref();
    const ended = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
    });
    const pid = child.pid ?? 0;
    const outcome = await Promise.race([ended, untilReady(pid, workshop, options)]).catch(
      async (error: unknown) => {
        await Promise.race([ended, untilListed(pid, workshop)]);
        throw error;
      },
    );
    if (outcome === true) return 'ready';
    return await diagnose(workshop, await readFrom(logFile, logStart), outcome);
  } finally {
    await logFile.close();
  }
}

async function flags({ folder }: Workshop, { port, settings }: LaunchOptions): Promise<string[]> {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
  };
  const mark = await markOf(folder.cluster);
  return [mark, ...Object.entries(all).map(([name, value]) => `${name}=${value}`)].flatMap((flag) => [
    '-c',
    flag,
  ]);
}

async function untilReady(pid: number, { folder }: Workshop, { log, signal }: LaunchOptions): Promise<true> {
  for (let waited = 1; ; waited++) {
    const file = await readPidFile(folder.cluster);
    if (file?.pid === pid && file.status === 'ready') return true;
    if (waited % 1000 === 0) log.info({ pid }, 'PostgreSQL still recovers from its last end');
    await delay(10, undefined, { signal });
  }
}

async function untilListed(pid: number, { folder }: Workshop): Promise<void> {
  while (isAlive(pid) && (await readPidFile(folder.cluster))?.pid !== pid) await delay(5);
}

/** Reads from PostgreSQL's last words why it ended at once. */
async function diagnose({ folder }: Workshop, output: string, outcome: string): Promise<Launched> {
  if (/lock file "postmaster\.pid" (already exists|is empty)|pre-existing shared memory block/.test(output)) {
    return 'occupied';
  }
  if (/could not bind IPv4 address|could not create any TCP\/IP sockets/.test(output)) return 'portTaken';
  throw await explain(output, folder, {
    code: 'startFailed',
    what: `PostgreSQL does not start on ${folder.root}`,
    status: outcome,
  });
}
