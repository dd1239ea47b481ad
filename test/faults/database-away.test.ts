import { expect, it } from 'vitest';
import { killEmbedded } from '../drills/database-faults.ts';
import { hold } from '../drills/drill.ts';
import { fullDisk } from '../drills/full-disk.ts';
import { twoNodes } from '../drills/two-nodes.ts';

/** The same drills with more rounds: `npm run drill`. */
const WITHIN_MS = 120_000;

it.each([
  { drill: killEmbedded, rounds: 2 },
  { drill: twoNodes, rounds: 1 },
  { drill: fullDisk, rounds: 1 },
])('$drill.title', { timeout: WITHIN_MS }, async ({ drill, rounds }) => {
  expect(await hold(drill, { rounds })).toMatchObject({ faults: [] });
});
