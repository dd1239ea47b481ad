import { setTimeout as wait } from 'node:timers/promises';

/** Looks until `condition` gives something that is true in a condition (so not 0); fails when that takes too long. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { withinMs = 5_000, everyMs = 5 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await condition();
    if (found) return found as Exclude<T, false | null | undefined | 0 | ''>;
    if (performance.now() > giveUpAt)
      throw new Error(`This did not come true in ${withinMs} ms: ${condition}`);
    await wait(everyMs);
  }
}

/**
 * For what comes by the log: an event is told when every older transaction of the database server has ended, and other
 * test files, on databases of their own, have transactions that take seconds.
 */
export const forTheLog = { withinMs: 60_000 };
