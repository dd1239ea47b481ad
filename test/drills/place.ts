import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbedded } from '../../src/store/embedded/index.ts';
import { findPostmaster, stopPostmaster } from '../../src/store/embedded/postmaster.ts';
import type { Stage } from './drill.ts';

const log = pino({ level: process.env.DRILL_LOG_LEVEL ?? 'error' }, pino.destination(2));

/** Where a server of a drill keeps its data. */
export interface Place {
  /** What tells a server of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** For a plain connection beside the product. */
  databaseUrl(): Promise<string>;
  /** The process of PostgreSQL, null where none runs. */
  postmaster(): Promise<number | null>;
}

/** An outside PostgreSQL, which the drill runs as its operator would. */
export interface OutsidePlace extends Place {
  /** Ends its sessions and stops it. */
  stop(): Promise<void>;
  /** Starts it at the same address. */
  start(): Promise<void>;
}

async function makeFolder({ endings }: Stage): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-drill-'));
  endings.add(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
  return folder;
}

/** A new data folder, on which the server runs its own PostgreSQL. */
export async function embeddedPlace(stage: Stage, dataDir?: string): Promise<Place> {
  const root = dataDir ?? join(await makeFolder(stage), 'data');
  const cluster = join(root, 'postgres');
  const postmaster = async () => (await findPostmaster(cluster).catch(() => null))?.pid ?? null;
  // A server that was killed leaves it running.
  stage.endings.add(async () => {
    if ((await postmaster()) !== null) await stopPostmaster(cluster, log, 'immediate');
  });
  return {
    environment: { TESSERA_DATA: root },
    async databaseUrl() {
      const [password, port] = await Promise.all(
        ['postgres-password', 'postgres-port'].map((name) => readFile(join(root, name), 'utf8')),
      );
      return `postgres://tessera:${password?.trim()}@127.0.0.1:${port?.trim()}/tessera`;
    },
    postmaster,
  };
}

/** A PostgreSQL 18 of the drill's own, which the servers know by its URL only. */
export async function outsidePlace(stage: Stage): Promise<OutsidePlace> {
  const dataDir = join(await makeFolder(stage), 'outside');
  let running = await startEmbedded({ dataDir, log, role: 'tool' });
  const { url } = running;
  stage.endings.add(() => running.stop());
  const { port } = new URL(url);
  return {
    environment: { DATABASE_URL: url },
    databaseUrl: async () => url,
    postmaster: async () => (await findPostmaster(join(dataDir, 'postgres')))?.pid ?? null,
    stop: () => running.stop(),
    async start() {
      running = await startEmbedded({ dataDir, log, role: 'tool', settings: { port } });
    },
  };
}
