import type { Logger } from 'pino';
import { openDatabase } from '../store/database.ts';
import { createLibrary } from './library.ts';

/**
 * Makes the tables of the jobs, or brings them up to date, under the library's own lock: several nodes may do it at once.
 * A server does it at its start as well.
 */
export async function installJobs(url: string, log: Logger): Promise<void> {
  const sql = openDatabase({ url, connections: 1, name: 'tessera migrate' });
  const library = createLibrary({ sql, log, upkeep: false });
  try {
    await library.start();
  } finally {
    await library.stop({ graceful: false });
    await sql.end();
  }
}
