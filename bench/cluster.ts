import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openDatabase, type Sql } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded/index.ts';
import type { Endings } from '../test/endings.ts';
import { parentOf } from './process-figures.ts';

/** The one PostgreSQL of a run, which floor and product share, each with databases of its own. */
export interface Cluster {
  readonly version: string;
  /** The settings that decide what a commit costs. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the file system with the data. */
  readonly fileSystem: string;
  /** The process whose children are the connections; null where there is no /proc. */
  readonly postmasterPid: number | null;
  makeDatabase(name: string): Promise<string>;
  /** Ends what would otherwise fall into some round and not into another. */
  checkpoint(): Promise<void>;
}

const SHOWN = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'max_wal_size',
  'wal_compression',
];

const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  2435016766: 'btrfs',
  1481003842: 'xfs',
  2035054128: 'overlay',
  16914836: 'tmpfs: nothing reaches a disk, the figures are too good',
};

/** Starts PostgreSQL 18 as the product itself starts it, with the same durable settings, in a temporary folder. */
export async function startCluster(endings: Endings, parent = tmpdir()): Promise<Cluster> {
  const dataDir = await mkdtemp(join(parent, 'tessera-bench-'));
  endings.add(() => rm(dataDir, { recursive: true, force: true }));
  const log = pino({ level: 'warn' }, pino.destination(2));
  const embedded = await startEmbedded({ dataDir, log, role: 'tool' });
  endings.add(() => embedded.stop());
  const sql = openDatabase({ url: embedded.adminUrl('postgres'), connections: 1, name: 'bench' });
  endings.add(() => sql.end());
  const [{ version, pid }] = await sql<[{ version: string; pid: number }]>`
    select current_setting('server_version') as version, pg_backend_pid() as pid`;
  const { type } = await statfs(dataDir);
  return {
    version,
    settings: await shownSettings(sql),
    fileSystem: FILE_SYSTEMS[type] ?? `type 0x${type.toString(16)}`,
    postmasterPid: await parentOf(pid),
    async makeDatabase(name) {
      await sql`create database ${sql(name)}`;
      return embedded.adminUrl(name);
    },
    async checkpoint() {
      await sql`checkpoint`;
    },
  };
}

async function shownSettings(sql: Sql): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; value: string }[]>`
    select name, current_setting(name) as value from pg_settings where name = any(${SHOWN}::text[]) order by name`;
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
