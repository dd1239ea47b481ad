/** The different words of many texts, in an order that finds them by their beginnings. */
export interface Vocabulary {
  /** The words that begin with this. */
  beginning(text: string): Iterable<string>;
  /** All words that one typing error leads to from this one, or to whose beginning it leads, among some others. */
  near(asked: string): Iterable<string>;
}

export function createVocabulary(words: Iterable<string>): Vocabulary {
  const all = [...words].sort();
  const tails = all.map((word) => ({ tail: word.slice(1), word })).sort((a, b) => compare(a.tail, b.tail));

  function* beginning(text: string): Generator<string> {
    for (let at = firstFrom(all, text, identity); all[at]?.startsWith(text); at += 1) yield all[at] as string;
  }

  function* withTail(text: string): Generator<string> {
    const first = firstFrom(tails, text, ({ tail }) => tail);
    for (let at = first; tails[at]?.tail.startsWith(text); at += 1)
      yield (tails[at] as { word: string }).word;
  }

  return {
    beginning,
    *near(asked) {
      const [first, second, rest] = [asked.slice(0, 1), asked.slice(1, 2), asked.slice(1)];
      // Behind the first letter the error may be anywhere.
      yield* beginning(first);
      // The first letter is one too many, or has changed places, or is wrong, or there is one more before it.
      yield* beginning(rest);
      yield* beginning(second + first + rest.slice(1));
      yield* withTail(rest);
      yield* withTail(asked);
    },
  };
}

function identity(text: string): string {
  return text;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The place of the first item whose text is not before this one; those that begin with it follow each other from there. */
function firstFrom<T>(sorted: readonly T[], text: string, textOf: (item: T) => string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (textOf(sorted[middle] as T) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
