import type { Sql } from './database.ts';
import { forgivingCloseness } from './word-match.ts';
import { wordsOf } from './words-of.ts';

const MOST_WORDS = 10;
const NEIGHBOURS = 5;
/** How many words that look alike are read for their neighbours to be chosen from. */
const LOOK_ALIKES = 50;
/** Trigram similarity from which a word counts as the same one mistyped, however many letters are wrong. */
const CLOSE_ENOUGH = 0.35;
/** Shorter words are too many words' neighbours. */
const SHORTEST_FORGIVEN = 4;

/**
 * A tsquery (as text) that finds tickets with all the words of `text`, each as the beginning of a word; a word that no
 * ticket has stands for its neighbours too, so typing errors are forgiven. At most ten words count. Null where the text
 * has no word. A word with a digit is a reference, which is not mistaken for another one. Which letters pg_trgm knows is
 * up to the database's LC_CTYPE: with C, as in the embedded server, it forgives errors in Latin letters only, but for
 * letters that changed places.
 */
export async function toSearchQuery(sql: Sql, account: string, text: string): Promise<string | null> {
  const words = wordsOf(text).slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const unknown = await unknownWords(sql, account, words.filter(isForgiven));
  const neighbours = new Map(
    await Promise.all(unknown.map(async (word) => [word, await neighboursOf(sql, account, word)] as const)),
  );
  return words
    .map((word) => `(${[`${quote(word)}:*`, ...(neighbours.get(word) ?? []).map(quote)].join(' | ')})`)
    .join(' & ');
}

function isForgiven(word: string): boolean {
  return word.length >= SHORTEST_FORGIVEN && !/\d/.test(word);
}

/** Those of the words that no word of the account begins with. Index: word_pkey. */
async function unknownWords(sql: Sql, account: string, words: readonly string[]): Promise<string[]> {
  if (words.length === 0) return [];
  const rows = await sql<{ word: string }[]>`
    select w.word from unnest(${words}::text[]) as w(word)
    where not exists (
      select from word same
      where same.account = ${account} and same.word >= w.word and same.word < w.word || chr(1114111)
    )`;
  return rows.map(({ word }) => word);
}

/**
 * The account's words that are nearest to one, at most five: first those that one typing error leads to, then those that
 * look alike. Indexes: word_trigrams, and word_pkey for letters that changed places, which leave few trigrams the same.
 */
async function neighboursOf(sql: Sql, account: string, word: string): Promise<string[]> {
  const rows = await sql<{ word: string; likeness: number }[]>`
    (
      select word, similarity(word, ${word}) as likeness from word
      where account = ${account} and word % ${word}
      order by likeness desc, word limit ${LOOK_ALIKES}
    )
    union
    select word, similarity(word, ${word}) from word
    where account = ${account} and word = any(${withNeighboursSwapped(word)}::text[])
    order by likeness desc, word`;
  const near = rows.filter((row) => forgivingCloseness(word, row.word) !== null);
  const alike = rows.filter((row) => row.likeness >= CLOSE_ENOUGH && !near.includes(row));
  return [...near, ...alike].slice(0, NEIGHBOURS).map((row) => row.word);
}

/** The word with each two letters that follow each other in the other order. */
function withNeighboursSwapped(word: string): string[] {
  const letters = [...word];
  return letters.slice(1).map((letter, index) => {
    const swapped = letters.with(index, letter).with(index + 1, letters[index] as string);
    return swapped.join('');
  });
}

function quote(word: string): string {
  return `'${word.replace(/['\\]/g, '$&$&')}'`;
}
