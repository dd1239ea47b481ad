import type { Outcome } from '../outcome.ts';
import { memoryOf } from '../process-figures.ts';
import { runRounds } from '../rounds.ts';
import { creatingSides } from '../sides.ts';
import type { Stage } from '../stage.ts';
import { readingSides } from './read.ts';

/** In MB, the product's server process at its peak. */
export const MOST_MEMORY = 400;

/** The memory of the two server processes at their peak, after creating and reading at full load. */
export async function measureMemory(stage: Stage): Promise<Outcome> {
  const creating = await creatingSides(stage);
  const reading = await readingSides(stage);
  const sides = [creating.floor, creating.product, reading.floor, reading.product];
  const options = { ...stage.options, rounds: 1, warmUpSeconds: 0 };
  for (const side of sides) await runRounds(stage, [side], options);
  const product = await memoryOf(creating.product.server.pid);
  const floor = await memoryOf(creating.floor.server.pid);
  return {
    scenario: 'memory',
    title: 'Memory of the server process under load',
    targets: [
      {
        name: 'memory at its peak, create and read',
        measured: product?.peakMb ?? Number.NaN,
        unit: 'MB',
        most: MOST_MEMORY,
      },
    ],
    figures: [
      { name: 'memory at the end', value: product?.nowMb ?? Number.NaN, unit: 'MB' },
      { name: 'floor: memory at its peak', value: floor?.peakMb ?? Number.NaN, unit: 'MB' },
    ],
    rounds: {},
  };
}
