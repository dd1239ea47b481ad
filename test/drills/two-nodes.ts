import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import { findBreaches } from './consistency.ts';
import type { Drill } from './drill.ts';
import { between, timesOf } from './figures.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { outsidePlace } from './place.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { takeSnapshot } from './snapshot.ts';

export const twoNodes: Drill = {
  name: 'two-nodes',
  title:
    'two nodes share a database and every ticket; one after the other is killed, and the other does its work',
  rounds: 6,
  async run(stage) {
    const place = await outsidePlace(stage);
    const nodes: ServerProcess[] = [];
    for (const port of [await freePort(), await freePort()])
      nodes.push(await startServer(stage, place, { port }));
    const tokens = await prepareAccount(place);
    // Each attempt goes to either node, so a repetition often meets the other one.
    const load = await startLoad({ stage, tokens, target: () => urlOf(nodes, Math.random() < 0.5 ? 0 : 1) });
    const faults: string[] = [];
    const aloneFor: number[] = [];
    for (let round = 1; round <= stage.rounds; round += 1) {
      await wait(between(500, 2_000));
      const victim = nodes[round % 2] as ServerProcess;
      await victim.kill();
      aloneFor.push(await load.nextDone(5_000));
      await wait(between(0, 2_000));
      nodes[round % 2] = await startServer(stage, place, { port: victim.port });
      const breaches = findBreaches(await takeSnapshot(place));
      faults.push(...breaches.map((breach) => `after kill ${round}: ${breach}`));
      stage.say(`kill ${round}: ${load.journal.done.size} writes`);
    }
    await load.stop();
    const audit = await auditAll(place, urlOf(nodes, 0), tokens, load.journal);
    for (const node of nodes) {
      const { code } = await node.stop();
      if (code !== 0) faults.push(`A node ended with ${code}:\n${node.output()}`);
    }
    return {
      faults: [...faults, ...audit.faults],
      figures: {
        ...figuresOf(load.journal),
        ...audit.figures,
        'next write done by the other node, ms': timesOf(aloneFor),
      },
    };
  },
};

function urlOf(nodes: readonly ServerProcess[], index: number): string {
  return (nodes[index] as ServerProcess).url;
}
