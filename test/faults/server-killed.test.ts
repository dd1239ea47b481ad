import { expect, it } from 'vitest';
import { hold } from '../drills/drill.ts';
import { gracefulStop } from '../drills/graceful-stop.ts';
import { killServer } from '../drills/kill-server.ts';
import { secondServer } from '../drills/second-server.ts';

/** The same drills with more rounds: `npm run drill`. */
const WITHIN_MS = 120_000;

it.each([
  { drill: killServer, rounds: 2 },
  { drill: gracefulStop, rounds: 1 },
  { drill: secondServer, rounds: 1 },
])('$drill.title', { timeout: WITHIN_MS }, async ({ drill, rounds }) => {
  expect(await hold(drill, { rounds })).toMatchObject({ faults: [] });
});
