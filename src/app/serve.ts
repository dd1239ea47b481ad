import type { Logger } from 'pino';
import { Histogram, Registry } from 'prom-client';
import packageFile from '../../package.json' with { type: 'json' };
import { createServer } from '../http/server.ts';
import { createIdentity, type Identity } from '../identity/index.ts';
import { openJobs } from '../jobs/jobs.ts';
import { systemClock } from '../kernel/clock.ts';
import { migrate, migrationState } from '../store/migrate.ts';
import { openStore, type Store } from '../store/store.ts';
import { createCourier } from '../webhooks/courier.ts';
import { createWebhooks } from '../webhooks/webhooks.ts';
import {
  composeCollections,
  composeContracts,
  composeKinds,
  composePayloadFormats,
  composeQueues,
  composeReaders,
  composeSubjects,
  type Services,
} from './compose.ts';
import type { Config, NodeRole } from './config.ts';
import { type DatabaseHandle, useDatabaseOf } from './database.ts';
import { indexPage } from './index-page.ts';
import { listen } from './listen.ts';
import { startWorkers, type Workers } from './workers.ts';

export interface ServeOptions {
  /** `api` answers requests, `worker` fires timers and follows the log, `all` does both. */
  readonly role: NodeRole;
  readonly log: Logger;
}

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  readonly dataDir: string | null;
  /** The first administrator, on the very first start only. */
  readonly administrator: { readonly email: string; readonly password: string } | null;
  /** Finishes what it has begun, within 10 s, and ends everything that it started. */
  stop(): Promise<void>;
}

/**
 * Starts the product: database, migrations, workers, HTTP.
 * @throws EmbeddedError, MigrationError, ListenError or UnavailableError with a sentence for the operator; then nothing is left running
 */
export async function serve(config: Config, { role, log }: ServeOptions): Promise<RunningServer> {
  const opened: { stop(): Promise<unknown> }[] = [];
  /** In the reverse order of opening; a part that fails to end does not keep the others from ending. */
  const stop = async () => {
    for (const part of opened.splice(0).reverse()) {
      await part.stop().catch((error: unknown) => log.error({ err: error }, 'a part did not end cleanly'));
    }
  };
  try {
    const database = await useDatabaseOf(config, 'server', log);
    opened.push(database);
    const applied = await migrate(database.url, log);
    if (applied.length > 0) log.info({ applied }, 'the database was brought up to date');

    const store = openStore({
      url: database.url,
      connections: config.databaseConnections,
      clock: systemClock,
      kinds: composeKinds(),
      collections: composeCollections(),
      log,
    });
    opened.push({ stop: () => store.close() });
    const identity = createIdentity({
      sql: store.sql,
      url: database.url,
      clock: systemClock,
      log,
      publicUrl: config.publicUrl,
      issuer: config.tokenIssuer ?? undefined,
    });
    opened.push({ stop: () => identity.close() });

    const courier = createCourier(store, composePayloadFormats(store));
    opened.push({ stop: async () => courier.close() });
    const queues = [courier.queue, ...composeQueues(store)];
    const jobs = await openJobs({ sql: store.sql, clock: systemClock, log, queues, upkeep: role !== 'api' });
    opened.push(jobs);
    const webhooks = createWebhooks(store, jobs, courier);
    const registry = new Registry();
    if (role !== 'api') {
      jobs.run(queues);
      opened.push(runWorkers(store, { jobs, webhooks }, registry, log));
    }
    const app = await createApp(config, role, {
      store,
      services: { jobs, webhooks },
      identity,
      registry,
      log,
    });
    opened.push({ stop: () => app.close() });
    const url = await listen(app, config);
    // It is told its password only once, which a port in use must not keep from it.
    const administrator = await identity.ensureAdministrator();
    // Loading the two large libraries takes half a second, which only the first sign-in would have to wait for.
    if (role !== 'worker')
      void identity.warmUp().catch((error: unknown) => log.warn({ err: error }, 'not warmed up'));
    const stopAll = () => {
      // Jobs that run may take as long to end as requests do: both begin now.
      jobs.stop().catch(() => {});
      return stop();
    };
    return { url, dataDir: dataDirOf(config, database), administrator, stop: stopAll };
  } catch (error) {
    await stop();
    throw error;
  }
}

function dataDirOf({ dataDir }: Config, { embedded }: DatabaseHandle): string | null {
  return embedded ? dataDir : null;
}

function runWorkers(store: Store, services: Services, registry: Registry, log: Logger): Workers {
  const lateness = new Histogram({
    name: 'tessera_timer_lateness_seconds',
    help: 'How long after its due time a timer was fired.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 60, 3600],
    registers: [registry],
  });
  return startWorkers(store, services.webhooks, {
    log,
    readers: composeReaders(store, services),
    keepers: composeSubjects(store),
    onFired: (latenessMs) => lateness.observe(latenessMs / 1000),
  });
}

interface AppParts {
  readonly store: Store;
  readonly services: Services;
  readonly identity: Identity;
  readonly registry: Registry;
  readonly log: Logger;
}

/** A worker serves its health and metrics only. */
async function createApp(config: Config, role: NodeRole, parts: AppParts) {
  const { store, services, identity, registry, log } = parts;
  const contracts = role === 'worker' ? [] : composeContracts(store, services);
  const pages = [
    indexPage(contracts, packageFile.version),
    { name: 'identity', register: identity.registerRoutes },
  ];
  return createServer({
    contracts,
    plugins: role === 'worker' ? [] : pages,
    authenticate: identity.authenticate,
    readiness: () => readiness(store),
    log,
    registry,
    limits: { requestsPerMinute: config.requestsPerMinute, trustProxy: config.trustProxy },
  });
}

async function readiness({ sql }: Store): Promise<{ ok: boolean; checks: Record<string, string> }> {
  try {
    const { pending } = await migrationState(sql);
    const migrations = pending.length === 0 ? 'ok' : `${pending.length} to be applied`;
    return { ok: pending.length === 0, checks: { database: 'ok', migrations } };
  } catch {
    return { ok: false, checks: { database: 'cannot be reached', migrations: 'unknown' } };
  }
}
