/**
 * A path prefix that a contract claims, compared segment by segment. A segment is a word, or has one `*` that stands
 * for any characters: `/v2/tickets/*-tickets` is every path below `/v2/tickets` whose next segment ends so.
 */
export interface PathClaim {
  readonly segments: readonly Segment[];
}

interface Segment {
  readonly text: string;
  /** What comes before and after the `*`; null where there is none. */
  readonly around: readonly [string, string] | null;
}

/** @throws when the prefix is no path, or a segment has more than one `*` */
export function pathClaim(prefix: string): PathClaim {
  if (!prefix.startsWith('/') || prefix.endsWith('/')) throw new Error(`${prefix} is not a path prefix`);
  return { segments: prefix.slice(1).split('/').map(toSegment) };
}

function toSegment(text: string): Segment {
  const [before, after, ...more] = text.split('*');
  if (text === '' || more.length > 0) throw new Error(`"${text}" is not a segment of a path prefix`);
  return { text, around: before === undefined || after === undefined ? null : [before, after] };
}

/** Whether a path, cut at its slashes and without the first one, begins with what is claimed. */
export function claims({ segments }: PathClaim, path: readonly string[]): boolean {
  return segments.every((segment, index) => fits(segment, path[index]));
}

function fits({ text, around }: Segment, given: string | undefined): boolean {
  if (given === undefined || around === null) return given === text;
  const [before, after] = around;
  // The `*` stands for one character at least, so that it never makes an empty segment into a name.
  return given.length > text.length - 1 && given.startsWith(before) && given.endsWith(after);
}

/**
 * Orders claims so that the first one that fits a path is its owner: at the first segment where two differ, the one
 * that says more; of two that say the same so far, the longer one.
 */
export function byPrecision(a: PathClaim, b: PathClaim): number {
  for (const [index, left] of a.segments.entries()) {
    const right = b.segments[index];
    if (right === undefined) return -1;
    const difference = weight(right) - weight(left);
    if (difference !== 0) return difference;
  }
  return b.segments.length - a.segments.length;
}

/** A word outweighs every pattern; a pattern weighs what it spells out. */
function weight({ text, around }: Segment): number {
  return around === null ? Number.MAX_SAFE_INTEGER : text.length - 1;
}
