import { setTimeout as delay } from 'node:timers/promises';
import { bringUp } from './bring-up.ts';
import { EmbeddedError } from './error.ts';
import type { Workshop } from './initialise.ts';
import type { LaunchOptions } from './launch.ts';
import { enter, type Role, type Session } from './locks.ts';
import { stopPostmaster } from './postmaster.ts';

const ANSWER_WITHIN_MS = 5_000;
/** So often PostgreSQL may leave a connection without any answer before it is ended by force. */
const SILENT_AT_MOST = 2;
/** So often the lock of a server whose process is not found is waited for: its connection ends with it, within moments. */
const OCCUPIED_AT_MOST = 100;

export interface JoinOptions extends Omit<LaunchOptions, 'port'> {
  role: Role;
  password: string;
  /** The only port allowed for a start. */
  port: number | undefined;
}

export interface Joined {
  session: Session;
  port: number;
  adopted: boolean;
}

/**
 * Brings PostgreSQL up and takes our locks. It goes round again while another process stops it, while it recovers, and
 * while the server before us, which has died, still has its connection. Throws when `signal` aborts.
 */
export async function join(workshop: Workshop, options: JoinOptions): Promise<Joined> {
  const { folder } = workshop;
  const { log, role, password, signal } = options;
  let silent = 0;
  let occupied = 0;
  let started = false;
  for (;;) {
    const up = await bringUp(workshop, options);
    started ||= !up.adopted;
    const entry = await enter({ port: up.port, password }, role, ANSWER_WITHIN_MS);
    if (entry.ok) return { session: entry.session, port: up.port, adopted: !started };
    if (entry.reason === 'denied') {
      if (started) await stopPostmaster(folder.cluster, log, 'fast');
      throw passwordWrong(folder.passwordFile);
    }
    if (entry.reason === 'occupied' && (entry.holder !== null || ++occupied === OCCUPIED_AT_MOST)) {
      throw alreadyRunning(folder.root, entry.holder);
    }
    if (entry.reason === 'silent' && ++silent === SILENT_AT_MOST) {
      log.warn({ pid: up.pid }, 'PostgreSQL runs but does not answer: it is ended and started again');
      await stopPostmaster(folder.cluster, log, 'immediate');
      silent = 0;
    }
    await delay(50, undefined, { signal });
  }
}

function alreadyRunning(dataDir: string, pid: number | null): EmbeddedError {
  return new EmbeddedError(
    'alreadyRunning',
    `A Tessera server already runs on the data folder ${dataDir} (${pid ? `process ${pid}` : 'its process is not visible from here'}): ` +
      'stop it first, or choose another folder with TESSERA_DATA.',
  );
}

export function passwordWrong(passwordFile: string): EmbeddedError {
  return new EmbeddedError(
    'passwordWrong',
    `PostgreSQL does not accept the password in ${passwordFile}: put the right one there, ` +
      'or stop every Tessera on this folder, delete the file and start again (a new password is then made).',
  );
}
