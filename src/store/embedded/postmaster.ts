import { constants } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { codeOf } from './error.ts';
import { run } from './process.ts';

/** postmaster.pid: https://www.postgresql.org/docs/18/storage-file-layout.html and miscadmin.h (LOCK_FILE_LINE_*). */
export interface PidFile {
  pid: number;
  port: number;
  /** Empty in the first moments of a start. */
  status: string;
}

/** No process has this number, on any system: kill() says so to PostgreSQL too. */
const NO_PROCESS = '2147483647';

export async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' };
}

/** A setting that names the database's folder in the command line, so that a process can be told from a stranger. */
export async function markOf(cluster: string): Promise<string> {
  const { dev, ino } = await stat(cluster, { bigint: true });
  return `tessera.cluster=${dev}-${ino}`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Whether the process is the PostgreSQL of this folder, and not another one that got its number after a crash or a
 * restart of the container. Root without CAP_SYS_PTRACE may not see another user's /proc/pid/cwd, but everyone may read
 * the command line; where somebody started PostgreSQL by hand without our mark, cwd decides.
 */
export async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  const command = await commandLine(pid);
  if (command.includes(await markOf(cluster))) return true;
  if (basename(command[0] ?? '') !== 'postgres') return false;
  const [theirs, ours] = await Promise.all([
    stat(`/proc/${pid}/cwd`, { bigint: true }).catch(() => null),
    stat(cluster, { bigint: true }),
  ]);
  return theirs !== null && theirs.dev === ours.dev && theirs.ino === ours.ino;
}

/** Empty for a process that is gone or only waits to be reaped. */
async function commandLine(pid: number): Promise<string[]> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').filter(Boolean);
  }
  const listed = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { account: null, cwd: '/' });
  return listed.code === 0 ? listed.output.trim().split(/\s+/) : [];
}

/** The PostgreSQL that runs on this folder, in whatever state, or null. */
export async function findPostmaster(cluster: string): Promise<PidFile | null> {
  const file = await readPidFile(cluster);
  return file && (await isPostmasterOf(file.pid, cluster)) ? file : null;
}

/**
 * PostgreSQL refuses to start while the process in postmaster.pid is alive, whatever it is. When it is a stranger we
 * change the number to one that is no process. The file stays, so that PostgreSQL still makes its own check on the
 * shared memory that the file names: should anything of the old server live, it refuses.
 */
export async function disownStranger(cluster: string): Promise<void> {
  const file = await open(join(cluster, 'postmaster.pid'), constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const text = await file.readFile('utf8');
    await file.truncate(0);
    await file.write(text.replace(/^\d+/, NO_PROCESS), 0);
  } finally {
    await file.close();
  }
}

/**
 * Stops the PostgreSQL of this folder and returns when its process is gone. `fast` ends sessions and writes a checkpoint;
 * `immediate` loses nothing committed either, but the next start has to recover.
 */
export async function stopPostmaster(cluster: string, log: Logger, how: 'fast' | 'immediate'): Promise<void> {
  const found = await findPostmaster(cluster);
  if (!found) return;
  const steps: [NodeJS.Signals, number][] = [
    // PostgreSQL itself kills what does not end within 5 s.
    ['SIGQUIT', 7_000],
    ['SIGKILL', 10_000],
  ];
  if (how === 'fast') steps.unshift(['SIGINT', 60_000]);
  for (const [signal, limitMs] of steps) {
    try {
      process.kill(found.pid, signal);
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
    if (await isGone(found.pid, cluster, limitMs)) return;
    log.warn({ pid: found.pid, signal, limitMs }, 'PostgreSQL does not stop');
  }
}

async function isGone(pid: number, cluster: string, limitMs: number): Promise<boolean> {
  const limit = AbortSignal.timeout(limitMs);
  while ((await isPostmasterOf(pid, cluster)) || (await isExiting(pid))) {
    if (limit.aborted) return false;
    await delay(10);
  }
  return true;
}

/** The flag of a process that is on its way out: include/linux/sched.h (PF_EXITING). */
const EXITING = 0x4;

/**
 * Linux takes a process's command line away before it closes its files and ports, and only then makes a zombie of it. In
 * between nobody can say whose process it was, but the data folder and the port are still in use.
 */
export async function isExiting(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // What stands behind the name in brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const [state = 'X', , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return !'ZXx'.includes(state) && (Number(flags) & EXITING) !== 0;
}
