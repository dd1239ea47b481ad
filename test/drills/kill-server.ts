import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import { findBreaches } from './consistency.ts';
import type { Drill } from './drill.ts';
import { between, timesOf } from './figures.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { embeddedPlace } from './place.ts';
import { beginServer, startServer } from './server-process.ts';
import { takeSnapshot } from './snapshot.ts';

/** In one round of this many the server is killed once more while it starts. */
const KILLED_AT_START_EVERY = 4;

export const killServer: Drill = {
  name: 'kill-server',
  title:
    'the server is killed with -9 under load and started again: no answered write is lost, none is done twice',
  rounds: 20,
  async run(stage) {
    const place = await embeddedPlace(stage);
    const port = await freePort();
    let server = await startServer(stage, place, { port });
    stage.say(`first start: ${Math.round(server.readyAfterMs)} ms`);
    const tokens = await prepareAccount(place);
    const load = await startLoad({ stage, tokens, target: () => server.url });
    const faults: string[] = [];
    const restarts: number[] = [];
    const backAtWork: number[] = [];
    for (let round = 1; round <= stage.rounds; round += 1) {
      await wait(between(300, 2_500));
      if (!server.isRunning()) faults.push(`The server ended by itself:\n${server.output()}`);
      const killedAt = performance.now();
      await server.kill();
      if (round % KILLED_AT_START_EVERY === 0) {
        const half = beginServer(stage, place, port);
        await wait(between(0, 1_500));
        await half.kill();
      }
      server = await startServer(stage, place, { port });
      restarts.push(server.readyAfterMs);
      await load.nextDone(20_000);
      backAtWork.push(performance.now() - killedAt);
      const breaches = findBreaches(await takeSnapshot(place));
      faults.push(...breaches.map((breach) => `after kill ${round}: ${breach}`));
      stage.say(
        `kill ${round}: ready after ${Math.round(server.readyAfterMs)} ms, ${load.journal.done.size} writes`,
      );
    }
    await load.stop();
    const audit = await auditAll(place, server.url, tokens, load.journal);
    const stopped = await server.stop();
    if (stopped.code !== 0) faults.push(`The last server ended with ${stopped.code}:\n${server.output()}`);
    return {
      faults: [...faults, ...audit.faults],
      figures: {
        ...figuresOf(load.journal),
        ...audit.figures,
        'restart, ms': timesOf(restarts),
        'from kill to the next write done, ms': timesOf(backAtWork),
      },
    };
  },
};
