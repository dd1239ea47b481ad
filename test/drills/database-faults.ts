import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import { findBreaches } from './consistency.ts';
import type { Drill, Findings, Stage } from './drill.ts';
import { between, timesOf } from './figures.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { embeddedPlace, outsidePlace, type Place } from './place.ts';
import { startProbes } from './probes.ts';
import { startServer } from './server-process.ts';
import { takeSnapshot } from './snapshot.ts';

/** So soon work goes on when the database answers again. */
const BACK_WITHIN_MS = 15_000;

/** A fault of the database; it is over when the promise resolves, or soon after. */
type Fault = (round: number) => Promise<void>;

/** The server stays up while its database goes away again and again. */
async function holdWith(stage: Stage, place: Place, fault: Fault): Promise<Findings> {
  const server = await startServer(stage, place, { port: await freePort() });
  const tokens = await prepareAccount(place);
  const load = await startLoad({ stage, tokens, target: () => server.url });
  const probes = await startProbes(stage, place, server.url, tokens);
  const { journal } = load;
  const faults: string[] = [];
  const back: number[] = [];
  for (let round = 1; round <= stage.rounds; round += 1) {
    await wait(between(500, 2_000));
    const failed = await fault(round).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (failed !== null) {
      return { faults: [`fault ${round}: ${failed}\n${server.output()}`], figures: figuresOf(journal) };
    }
    back.push(await load.nextDone(BACK_WITHIN_MS));
    if (!server.isRunning()) {
      return {
        faults: [`The server ended with the database:\n${server.output()}`],
        figures: figuresOf(journal),
      };
    }
    const breaches = findBreaches(await takeSnapshot(place));
    faults.push(...breaches.map((breach) => `after fault ${round}: ${breach}`));
    stage.say(
      `fault ${round}: next write done after ${Math.round(back.at(-1) ?? 0)} ms, ${journal.done.size} writes`,
    );
  }
  faults.push(...(await probes.stop()));
  await load.stop();
  const audit = await auditAll(place, server.url, tokens, journal);
  const stopped = await server.stop();
  if (stopped.code !== 0) faults.push(`The server ended with ${stopped.code}:\n${server.output()}`);
  return {
    faults: [...faults, ...audit.faults],
    figures: {
      ...figuresOf(journal),
      ...audit.figures,
      'next write done after the fault, ms': timesOf(back),
    },
  };
}

/** Ends PostgreSQL and waits until another process of it runs. */
async function endPostmaster(place: Place, signal: NodeJS.Signals): Promise<void> {
  const pid = await place.postmaster();
  if (pid === null) throw new Error('PostgreSQL does not run.');
  process.kill(pid, signal);
  const isBack = async () => ![pid, null].includes(await place.postmaster());
  await until(isBack, { withinMs: 60_000, everyMs: 20 });
}

export const killEmbedded: Drill = {
  name: 'kill-embedded',
  title: 'the embedded PostgreSQL is killed with -9 under load: the server starts it again and goes on',
  rounds: 6,
  async run(stage) {
    const place = await embeddedPlace(stage);
    return holdWith(stage, place, () => endPostmaster(place, 'SIGKILL'));
  },
};

export const restartEmbedded: Drill = {
  name: 'restart-embedded',
  title:
    'the embedded PostgreSQL is stopped (fast, then immediate) under load: the server starts it again and goes on',
  rounds: 6,
  async run(stage) {
    const place = await embeddedPlace(stage);
    return holdWith(stage, place, (round) => endPostmaster(place, round % 2 === 1 ? 'SIGINT' : 'SIGQUIT'));
  },
};

export const restartOutside: Drill = {
  name: 'restart-outside',
  title:
    'a PostgreSQL behind DATABASE_URL is stopped under load and started again, at once or up to 8 s later',
  rounds: 6,
  async run(stage) {
    const place = await outsidePlace(stage);
    return holdWith(stage, place, async (round) => {
      await place.stop();
      if (round % 2 === 0) await wait(between(2_000, 8_000));
      await place.start();
    });
  },
};
