import type { Logger } from 'pino';
import { startEmbedded } from '../store/embedded/index.ts';
import type { Config } from './config.ts';

/** The database that this process uses, and what ends the use. */
export interface DatabaseHandle {
  readonly url: string;
  /** True for the PostgreSQL that comes with the product. */
  readonly embedded: boolean;
  stop(): Promise<void>;
}

/**
 * The outside database of the configuration, or the embedded one, started or found running.
 * @throws EmbeddedError with a sentence for the operator
 */
export async function useDatabaseOf(
  config: Config,
  role: 'server' | 'tool',
  log: Logger,
): Promise<DatabaseHandle> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, embedded: false, stop: async () => {} };
  const embedded = await startEmbedded({ dataDir: config.dataDir, log, role });
  return { url: embedded.url, embedded: true, stop: () => embedded.stop() };
}
