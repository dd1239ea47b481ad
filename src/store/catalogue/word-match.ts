/** How well a word of a text answers a word of a search; less is better, null: not at all. */
export type Closeness = 0 | 1 | 2 | 3 | null;

/** Shorter words are too many words' neighbours. */
const SHORTEST_FORGIVEN = 3;
const SHORTEST_FORGIVEN_BEGINNING = 5;
const DIGIT = /\p{N}/u;

/** 0: the word itself, 1: its beginning; with `forgiving` also 2: the word with one typing error, 3: its beginning with one. */
export function closeness(asked: string, word: string, forgiving: boolean): Closeness {
  if (word.startsWith(asked)) return word.length === asked.length ? 0 : 1;
  if (!forgiving || !isForgiven(asked)) return null;
  const longer = word.length - asked.length;
  if (longer >= -1 && longer <= 1 && isOneErrorApart(asked, word)) return 2;
  if (asked.length < SHORTEST_FORGIVEN_BEGINNING || longer < 1) return null;
  for (const length of [asked.length, asked.length + 1, asked.length - 1]) {
    if (isOneErrorApart(asked, word.slice(0, length))) return 3;
  }
  return null;
}

/** Whether typing errors in the word are forgiven: what holds a digit is a reference, which is not mistaken for another. */
export function isForgiven(asked: string): boolean {
  return asked.length >= SHORTEST_FORGIVEN && !DIGIT.test(asked);
}

/** Whether one letter too many, too few or wrong, or two neighbours that changed places, tell the two apart. */
export function isOneErrorApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1);
  if (short.slice(start + 1) === long.slice(start + 1)) return true;
  return (
    short[start] === long[start + 1] &&
    short[start + 1] === long[start] &&
    short.slice(start + 2) === long.slice(start + 2)
  );
}
