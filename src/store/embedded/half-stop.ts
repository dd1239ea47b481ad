import type { Logger } from 'pino';
import type { Folder } from './folder.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';

const CHECK_EVERY_MS = 2_500;
/** Together 15 s: longer than an application takes to leave, which got the same signal. */
const CHECKS = 6;

/**
 * On SIGTERM (a plain `kill`, or systemd which signals a whole service) PostgreSQL takes no more connections and waits for
 * the present ones to end. Ours do not, so it would stay like that. If it does, it is stopped for good, and the
 * supervisor starts it again. Returns what ends the watch.
 */
export function watchForHalfStop(folder: Folder, log: Logger, checkEveryMs = CHECK_EVERY_MS): () => void {
  let seen = 0;
  let busy = false;

  async function check(): Promise<void> {
    const running = await findPostmaster(folder.cluster);
    seen = running?.status === 'stopping' ? seen + 1 : 0;
    if (seen < CHECKS) return;
    seen = 0;
    log.warn('PostgreSQL was told to stop and waits for connections to end: it is started again');
    await stopPostmaster(folder.cluster, log, 'fast');
  }

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    check()
      .catch((error: unknown) => log.warn({ err: error }, 'the state of PostgreSQL could not be read'))
      .finally(() => {
        busy = false;
      });
  }, checkEveryMs).unref();
  return () => clearInterval(timer);
}
