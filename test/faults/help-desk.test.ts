import { expect, it } from 'vitest';
import { hold } from '../drills/drill.ts';
import { killBeforeDesk, killBeforeZendesk } from '../drills/help-desk.ts';

/** The same drills with more rounds: `npm run drill`. A job of a killed node waits until its time is over. */
const WITHIN_MS = 300_000;

it.each([
  { drill: killBeforeDesk, rounds: 2 },
  { drill: killBeforeZendesk, rounds: 2 },
])('$drill.title', { timeout: WITHIN_MS }, async ({ drill, rounds }) => {
  expect(await hold(drill, { rounds })).toMatchObject({ faults: [] });
});
