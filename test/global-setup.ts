import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { installJobs } from '../src/jobs/install.ts';
import { startEmbedded } from '../src/store/embedded/index.ts';
import { migrate } from '../src/store/migrate.ts';
import { databaseUrl, withConnection } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the server's maintenance database, as somebody who may make databases. */
    databaseServer: string;
    /** Name of the migrated database that each test file's own one is a copy of. */
    databaseTemplate: string;
  }
}

/** Nothing of a test run has to survive a crash of the machine. */
const forgetful = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
};

const log = pino({ level: 'warn' }, pino.destination(2));

let end: () => Promise<void> = async () => {};

/**
 * Gives the whole run one PostgreSQL: the one that `TEST_DATABASE_URL` names (15 or newer, with the right to make
 * databases), or else an embedded one in a temporary folder.
 */
export async function setup(project: TestProject): Promise<void> {
  const server = await openServer(process.env.TEST_DATABASE_URL);
  end = server.stop;
  const template = `tessera_template_${randomBytes(6).toString('hex')}`;
  try {
    await withConnection(server.url, (sql) => sql`create database ${sql(template)}`);
    await migrate(databaseUrl(server.url, template), log);
    await installJobs(databaseUrl(server.url, template), log);
  } catch (error) {
    await server.stop();
    throw error;
  }
  end = async () => {
    await withConnection(server.url, (sql) => sql`drop database ${sql(template)}`);
    await server.stop();
  };
  project.provide('databaseServer', server.url);
  project.provide('databaseTemplate', template);
}

export async function teardown(): Promise<void> {
  await end();
}

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

async function openServer(outside: string | undefined): Promise<Server> {
  if (outside !== undefined) return { url: outside, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-test-'));
  const embedded = await startEmbedded({ dataDir, log, role: 'tool', settings: forgetful });
  return {
    url: embedded.adminUrl('postgres'),
    stop: async () => {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
