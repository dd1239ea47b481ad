import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from './error.ts';
import { writeOwn } from './folder.ts';
import type { Workshop } from './initialise.ts';
import { type LaunchOptions, launch } from './launch.ts';
import { choosePort } from './port.ts';
import {
  disownStranger,
  findPostmaster,
  isAlive,
  isExiting,
  isPostmasterOf,
  readPidFile,
} from './postmaster.ts';

/** Some 40 s: so long the processes of a killed PostgreSQL may take to notice and end. */
const OCCUPIED_AT_MOST = 500;

export interface BroughtUp {
  pid: number;
  port: number;
  /** False when this call started it. */
  adopted: boolean;
}

/**
 * Finds the PostgreSQL of the folder or starts it. One that starts or stops is waited for; a pid file that a crash left is
 * made harmless. `port`: the only one allowed for a start; without it the folder's last one or a free one.
 */
export async function bringUp(
  workshop: Workshop,
  options: Omit<LaunchOptions, 'port'> & { port: number | undefined },
): Promise<BroughtUp> {
  const { folder } = workshop;
  const { signal, log } = options;
  let occupied = 0;
  for (;;) {
    signal.throwIfAborted();
    const running = await findPostmaster(folder.cluster);
    if (running?.status === 'ready') return { pid: running.pid, port: running.port, adopted: true };
    if (running) {
      await delay(20, undefined, { signal });
      continue;
    }
    const left = await readPidFile(folder.cluster);
    if (left && (await isExiting(left.pid))) {
      await delay(5, undefined, { signal });
      continue;
    }
    if (left && isAlive(left.pid) && !(await isPostmasterOf(left.pid, folder.cluster))) {
      log.info({ pid: left.pid }, 'postmaster.pid names a process that is not PostgreSQL');
      await disownStranger(folder.cluster);
    }
    const port = await choosePort(folder, options.port);
    const launched = await launch(workshop, { ...options, port });
    if (launched === 'ready') {
      await writeOwn(folder, folder.portFile, `${port}\n`);
      const started = await readPidFile(folder.cluster);
      return { pid: started?.pid ?? 0, port, adopted: false };
    }
    if (launched === 'occupied' && ++occupied === OCCUPIED_AT_MOST) {
      throw new EmbeddedError(
        'startFailed',
        `Processes of a PostgreSQL that was killed still use ${folder.cluster}: end them, or restart the machine; ` +
          `the log is ${folder.logFile}.`,
      );
    }
    await delay(50, undefined, { signal });
  }
}
