import { type Db, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { runText, type Sql } from '../store/database.ts';

/** The library's tables have a schema of their own, which it makes and brings up to date itself. */
const SCHEMA = 'pgboss';
/** Jobs of a node that died run again after their time limit, and this at the latest. */
const LOOK_FOR_LOST_JOBS_SECONDS = 30;

/** The library's view of a pool or of a transaction of ours: what it is given takes part in that transaction. */
export function libraryHandle(sql: Sql): Db {
  return {
    executeSql: async (text, values = []) => ({ rows: await runText(sql, text, values) }),
  };
}

export interface LibraryOptions {
  readonly sql: Sql;
  readonly log: Logger;
  /** Whether this node looks after jobs that others lost, and clears out. */
  readonly upkeep: boolean;
}

/**
 * pg-boss on our own connections: it opens none, and what it writes can be part of our transactions. What we do not use
 * of it (schedules of its own, flows, registration of nodes, notifications) is off or rests.
 */
export function createLibrary({ sql, log, upkeep }: LibraryOptions): PgBoss {
  const boss = new PgBoss({
    db: libraryHandle(sql),
    schema: SCHEMA,
    schedule: false,
    supervise: upkeep,
    superviseIntervalSeconds: LOOK_FOR_LOST_JOBS_SECONDS,
    monitorIntervalSeconds: LOOK_FOR_LOST_JOBS_SECONDS,
    maintenanceIntervalSeconds: 3_600,
    queueCacheIntervalSeconds: 600,
    flowIntervalSeconds: 3_600,
    bamIntervalSeconds: 600,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the upkeep of jobs failed; it goes on'));
  boss.on('warning', (warning) => log.warn({ warning }, 'jobs'));
  return boss;
}

/** Whether a command of the library found the job that it was about; its types leave out what it answers. */
export function didApply(response: object): boolean {
  return 'affected' in response && response.affected === 1;
}
