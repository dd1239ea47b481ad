import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { withConnection } from '../postgres-server.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import type { Drill, Stage } from './drill.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { embeddedPlace, type Place } from './place.ts';
import { startServer } from './server-process.ts';

const shell = promisify(execFile);
const MEGABYTES = 160;
const FULL_FOR_MS = 6_000;
/** PostgreSQL may have to be started again, which is tried every five seconds. */
const BACK_WITHIN_MS = 30_000;

export const fullDisk: Drill = {
  name: 'full-disk',
  title:
    'the disk fills up under load: writes fail with 503, the server survives, and goes on when there is room again',
  rounds: 2,
  async run(stage) {
    const disk = await makeDisk(stage);
    if (disk === null) return { faults: [], figures: {}, skipped: 'a small disk cannot be mounted here' };
    const place = await embeddedPlace(stage, join(disk, 'data'));
    const server = await startServer(stage, place, { port: await freePort() });
    const tokens = await prepareAccount(place);
    const load = await startLoad({ stage, tokens, target: () => server.url });
    const { journal } = load;
    for (let round = 1; round <= stage.rounds; round += 1) {
      await wait(1_000);
      const refusedBefore = journal.unavailable;
      const filler = join(disk, 'filler');
      const full = performance.now();
      while (performance.now() - full < FULL_FOR_MS) {
        await fill(disk, filler);
        if (round % 2 === 0) await writeLog(place);
        await wait(100);
      }
      const refused = journal.unavailable - refusedBefore;
      await rm(filler);
      const backMs = await load.nextDone(BACK_WITHIN_MS);
      stage.say(`full ${round}: ${refused} answers 503, next write done after ${Math.round(backMs)} ms`);
      if (!server.isRunning()) {
        return { faults: [`The server ended:\n${server.output()}`], figures: figuresOf(journal) };
      }
    }
    await load.stop();
    const audit = await auditAll(place, server.url, tokens, journal);
    await server.stop();
    return { faults: audit.faults, figures: { ...figuresOf(journal), ...audit.figures } };
  },
};

/**
 * Makes PostgreSQL write much into its log, and nothing into its tables: without room for a new file of the log it
 * ends, and cannot start until there is room.
 */
async function writeLog(place: Place): Promise<void> {
  const write = withConnection(
    await place.databaseUrl(),
    (sql) => sql`select pg_logical_emit_message(false, 'drill', repeat('x', 4000000))`,
  );
  await write.catch(() => {});
}

/** A small disk in memory, null where mounting is not permitted. */
async function makeDisk({ endings }: Stage): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-disk-'));
  endings.add(() => rm(folder, { recursive: true, force: true }));
  const mounted = await shell('mount', [
    ...['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'tmpfs', folder],
  ]).catch(() => null);
  if (mounted === null) return null;
  endings.add(() => shell('umount', [folder]));
  return folder;
}

/** Takes what is free; nothing is free any more when PostgreSQL has taken the rest. */
async function fill(disk: string, filler: string): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  if (bavail > 0) await writeFile(filler, Buffer.alloc(bavail * bsize), { flag: 'a' }).catch(() => {});
}
