import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import type { Drill } from './drill.ts';
import { between, timesOf } from './figures.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { embeddedPlace, outsidePlace } from './place.ts';
import { startServer } from './server-process.ts';

const STOPS_WITHIN_MS = 10_000;

export const gracefulStop: Drill = {
  name: 'graceful-stop',
  title:
    'the server is asked to stop under load: within 10 s, with code 0, with its PostgreSQL, no answer cut short',
  rounds: 6,
  async run(stage) {
    const place = await embeddedPlace(stage);
    const port = await freePort();
    let server = await startServer(stage, place, { port });
    const tokens = await prepareAccount(place);
    const load = await startLoad({ stage, tokens, target: () => server.url });
    const { journal } = load;
    const faults: string[] = [];
    const stops: number[] = [];
    for (let round = 1; round <= stage.rounds; round += 1) {
      await wait(between(500, 2_000));
      const { code, tookMs } = await server.stop();
      stops.push(tookMs);
      stage.say(`stop ${round}: ${Math.round(tookMs)} ms, ${journal.done.size} writes`);
      if (code !== 0) faults.push(`stop ${round} ended with ${code}:\n${server.output()}`);
      if (tookMs > STOPS_WITHIN_MS) faults.push(`stop ${round} took ${Math.round(tookMs)} ms`);
      if ((await place.postmaster()) !== null) faults.push(`PostgreSQL runs on after stop ${round}`);
      server = await startServer(stage, place, { port });
    }
    await load.stop();
    if (journal.cutShort > 0) faults.push(`${journal.cutShort} answers were cut short`);
    const audit = await auditAll(place, server.url, tokens, journal);
    await server.stop();
    return {
      faults: [...faults, ...audit.faults],
      figures: { ...figuresOf(journal), ...audit.figures, 'stop, ms': timesOf(stops) },
    };
  },
};

export const stopWithoutDatabase: Drill = {
  name: 'stop-without-database',
  title: 'the server is asked to stop under load while its database is away: within 10 s, with code 0',
  rounds: 3,
  async run(stage) {
    const place = await outsidePlace(stage);
    const port = await freePort();
    let server = await startServer(stage, place, { port });
    const tokens = await prepareAccount(place);
    const load = await startLoad({ stage, tokens, target: () => server.url });
    const faults: string[] = [];
    const stops: number[] = [];
    for (let round = 1; round <= stage.rounds; round += 1) {
      await wait(between(500, 2_000));
      await place.stop();
      await wait(between(0, 3_000));
      const { code, tookMs } = await server.stop();
      stops.push(tookMs);
      stage.say(`stop ${round}: ${Math.round(tookMs)} ms`);
      if (code !== 0) faults.push(`stop ${round} ended with ${code}:\n${server.output()}`);
      if (tookMs > STOPS_WITHIN_MS) faults.push(`stop ${round} took ${Math.round(tookMs)} ms`);
      await place.start();
      server = await startServer(stage, place, { port });
    }
    await load.stop();
    const audit = await auditAll(place, server.url, tokens, load.journal);
    await server.stop();
    return {
      faults: [...faults, ...audit.faults],
      figures: { ...figuresOf(load.journal), ...audit.figures, 'stop, ms': timesOf(stops) },
    };
  },
};
