import type { Episode } from './replay.ts';

/** An exception that there is. */
export interface ActualException {
  readonly number: number;
  readonly openedAt: Date;
  /** Null while it is open. */
  readonly closedAt: Date | null;
}

/**
 * One difference, or agreement, between what a rule would do and what is:
 * - `same`: the exception is there, and would be; `opens`: it is not, and would be; `misses`: it is, and would not be;
 * - `closes`: it is there and open, and the work item would have settled it.
 */
export interface RunDifference {
  readonly outcome: 'same' | 'opens' | 'closes' | 'misses';
  readonly would: Episode | null;
  readonly is: ActualException | null;
}

/**
 * Holds what a rule would do against the exceptions that there are. An exception is the same matter where it was opened
 * after the arming of the one that would be, and before the arming of the next one.
 * @param would in order of time
 */
export function compareRuns(would: readonly Episode[], actual: readonly ActualException[]): RunDifference[] {
  const left = [...actual].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const differences = would.map((episode, place): RunDifference => {
    const next = would[place + 1]?.armedAt;
    const index = left.findIndex(({ openedAt }) => openedAt >= episode.armedAt && (!next || openedAt < next));
    const [is = null] = index < 0 ? [] : left.splice(index, 1);
    if (!is) return { outcome: 'opens', would: episode, is };
    const closes = episode.settledAt !== null && is.closedAt === null;
    return { outcome: closes ? 'closes' : 'same', would: episode, is };
  });
  return [...differences, ...left.map((is): RunDifference => ({ outcome: 'misses', would: null, is }))];
}
