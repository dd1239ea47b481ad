const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Of longer texts only the beginning is searched, so that the words of one stay below 200 kB. */
const LONGEST_TEXT = 50_000;
const LONGEST_WORD = 64;

/**
 * A text as the words that it is found by, and that it is asked for by: in lower case, characters that only look
 * different made the same, accents left as they are. Cutting it up here makes it independent of the database's locale.
 */
export function wordsOf(text: string): string[] {
  const words = text.slice(0, LONGEST_TEXT).normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return words.map((word) =>
    word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD).toWellFormed() : word,
  );
}
