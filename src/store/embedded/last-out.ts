import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Folder } from './folder.ts';
import { type Address, enter, type Session } from './locks.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';

/** Some 8 s when PostgreSQL recovers from a crash meanwhile: a service manager waits for 10 s and more. */
const ATTEMPTS = 80;

/**
 * Leaves the embedded server; whoever is the last one out stops PostgreSQL, the others leave it running. Without a session
 * (PostgreSQL has just died, or is coming up again) one is taken first, so that nothing is left running by accident.
 */
export async function lastOut(
  folder: Folder,
  address: Address,
  session: Session | null,
  log: Logger,
): Promise<void> {
  let current = session;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!current) {
      if (!(await findPostmaster(folder.cluster))) return;
      const entry = await enter(address, 'tool', 1000);
      if (entry.ok) current = entry.session;
      else await delay(100);
      continue;
    }
    const alone = await current.leave().catch(() => null);
    if (alone) {
      await stopPostmaster(folder.cluster, log, 'fast');
      log.info('PostgreSQL stopped');
    }
    await current.end();
    if (alone !== null) return;
    current = null;
  }
  log.warn('PostgreSQL does not answer and is left as it is; the next start finds it');
}
