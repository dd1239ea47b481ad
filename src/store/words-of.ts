const WORD = /[\p{L}\p{N}]+/gu;
/** Of longer texts only the beginning is searched, so that the words of one stay below 200 kB. */
const LONGEST_TEXT = 50_000;
const LONGEST_WORD = 64;

/** Letters that Unicode does not take apart into a letter and an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};
const OTHER_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
const MARKS = /\p{M}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the range of ASCII that is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * A text as the words that it is found by, and that it is asked for by, each once: in lower case, without accents,
 * characters that only look different made the same. Cutting it up here makes it independent of the database's locale,
 * and costs a tenth of what PostgreSQL's `unaccent` does.
 */
export function wordsOf(text: string): string[] {
  const words = plain(text.slice(0, LONGEST_TEXT)).match(WORD) ?? [];
  return [...new Set(words.map((word) => (word.length > LONGEST_WORD ? shorten(word) : word)))];
}

function plain(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').toLowerCase().replace(MARKS, '').normalize('NFC');
  return bare.replace(OTHER_LETTERS, (letter) => LETTERS[letter] ?? letter);
}

function shorten(word: string): string {
  return word.slice(0, LONGEST_WORD).toWellFormed();
}
