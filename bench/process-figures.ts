import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time in these in /proc; getconf CLK_TCK is 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Memory {
  /** Resident now, in MB of 10^6 bytes. */
  readonly nowMb: number;
  /** The most that was resident since the process started. */
  readonly peakMb: number;
}

/** Processor time of a process so far, in milliseconds, in steps of 10; null where there is no /proc. */
export async function cpuMs(pid: number): Promise<number | null> {
  const fields = await statFields(pid);
  return fields && ticksOf(fields) * (1000 / TICKS_PER_SECOND);
}

/** Processor time so far of the processes that this one started and that still run. */
export async function childrenCpuMs(parent: number): Promise<number | null> {
  const names = await readdir('/proc').catch(() => null);
  if (!names) return null;
  const all = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => statFields(Number(name))),
  );
  const children = all.filter((fields) => fields !== null && Number(fields[1]) === parent);
  return children.reduce((sum, fields) => sum + ticksOf(fields ?? []), 0) * (1000 / TICKS_PER_SECOND);
}

export async function memoryOf(pid: number): Promise<Memory | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  if (text === null) return null;
  const megabytes = (name: string) =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1024) / 1e6;
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}

/** The process that started this one. */
export async function parentOf(pid: number): Promise<number | null> {
  const fields = await statFields(pid);
  return fields && Number(fields[1]);
}

/** What /proc says of a process from its state on: state, parent, …; null where it is gone. */
async function statFields(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name before may hold anything, and ends with the last parenthesis.
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** User and system time, fields 14 and 15 of the whole line. */
function ticksOf(fields: readonly string[]): number {
  return Number(fields[11]) + Number(fields[12]);
}
