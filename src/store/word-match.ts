/** How well a word of a text answers a word of a search; less is better, null: not at all. */
export type Closeness = 0 | 1 | 2 | 3 | null;

/** Shorter words are too many words' neighbours. */
const SHORTEST_FORGIVEN = 3;
const SHORTEST_FORGIVEN_BEGINNING = 5;
const DIGIT = /\p{N}/u;

/** Whether typing errors in the word are forgiven: what holds a digit is a reference, which is not mistaken for another. */
export function isForgiven(asked: string): boolean {
  return asked.length >= SHORTEST_FORGIVEN && !DIGIT.test(asked);
}

/** 0: it is the word itself, 1: its beginning, null: neither. */
export function exactCloseness(asked: string, word: string): Closeness {
  if (!word.startsWith(asked)) return null;
  return word.length === asked.length ? 0 : 1;
}

/**
 * As `exactCloseness`, and 2: the word with one typing error, 3: its beginning with one. An error is a letter too many,
 * too few or wrong, or two neighbours that changed places. `asked` is a word in which errors are forgiven.
 */
export function forgivingCloseness(asked: string, word: string): Closeness {
  let start = 0;
  while (start < asked.length && asked[start] === word[start]) start += 1;
  if (start === asked.length) return word.length === asked.length ? 0 : 1;
  let close: Closeness = null;
  for (const [skipped, passed] of errorsAt(asked, word, start)) {
    const end = endOfMatch(asked, start + skipped, word, start + passed);
    if (end === word.length) return 2;
    if (end !== null && asked.length >= SHORTEST_FORGIVEN_BEGINNING) close = 3;
  }
  return close;
}

type Skip = readonly [asked: number, word: number];
const ONE_LETTER: readonly Skip[] = [
  [1, 1],
  [1, 0],
  [0, 1],
];
const WITH_EXCHANGE: readonly Skip[] = [...ONE_LETTER, [2, 2]];

/** How many letters of each an error where they first differ may cover. */
function errorsAt(asked: string, word: string, start: number): readonly Skip[] {
  const exchanged = asked[start] === word[start + 1] && asked[start + 1] === word[start];
  return exchanged && start + 1 < asked.length ? WITH_EXCHANGE : ONE_LETTER;
}

/** Where in the word the rest of `asked` ends, null where it does not go on so, or the word is over before it. */
function endOfMatch(asked: string, from: number, word: string, wordFrom: number): number | null {
  const end = wordFrom + asked.length - from;
  if (end > word.length) return null;
  for (let at = from; at < asked.length; at += 1) {
    if (asked[at] !== word[wordFrom + at - from]) return null;
  }
  return end;
}
