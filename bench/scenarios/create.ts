import type { Outcome } from '../outcome.ts';
import { medianOf, medianRatio, runRounds } from '../rounds.ts';
import { creatingSides } from '../sides.ts';
import type { Stage } from '../stage.ts';

/**
 * Opens trouble tickets: with token, checks, workflow, history and the record of the Idempotency-Key. The floor
 * inserts three rows.
 */
export async function measureCreate(stage: Stage): Promise<Outcome> {
  const sides = await creatingSides(stage);
  const rounds = await runRounds(stage, [sides.floor, sides.product, sides.withoutKey], stage.options);
  const { floor, product, withoutKey } = sides;
  return {
    scenario: 'create',
    title: 'Create a ticket',
    targets: [
      {
        name: 'create: product / floor',
        measured: medianRatio(rounds, product.name, floor.name),
        unit: 'ratio',
        least: 1,
      },
    ],
    figures: [
      {
        name: 'create without Idempotency-Key: product / floor',
        value: medianRatio(rounds, withoutKey.name, floor.name),
        unit: 'ratio',
      },
      { name: 'create: p50', value: medianOf(rounds, product.name, 'p50Ms'), unit: 'ms' },
      { name: 'create: p99', value: medianOf(rounds, product.name, 'p99Ms'), unit: 'ms' },
      { name: 'floor create: p50', value: medianOf(rounds, floor.name, 'p50Ms'), unit: 'ms' },
      { name: 'floor create: p99', value: medianOf(rounds, floor.name, 'p99Ms'), unit: 'ms' },
    ],
    rounds: { create: rounds },
  };
}
