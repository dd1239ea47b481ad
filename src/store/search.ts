import type { Sql } from './database.ts';
import { wordsOf } from './words-of.ts';

const MOST_WORDS = 10;
const NEIGHBOURS = 5;
/** Trigram similarity from which a word counts as the same one mistyped: one wrong letter in five. */
const CLOSE_ENOUGH = 0.35;

/**
 * A tsquery (as text) that finds tickets with all the words of `text`, each as the beginning of a word; a word that no
 * ticket has stands for its neighbours too, so typing errors are forgiven. At most ten words count. Null where the text
 * has no word. A word with a digit is a reference, which is not mistaken for another one. Which letters pg_trgm knows is
 * up to the database's LC_CTYPE: with C, as in the embedded server, it forgives errors in Latin letters only.
 * Indexes: word's primary key for prefixes, word_trigrams for neighbours.
 */
export async function toSearchQuery(sql: Sql, account: string, text: string): Promise<string | null> {
  const words = wordsOf(text).slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const rows = await sql<{ word: string; neighbours: string[] }[]>`
    select w.word, array(
      select near.word from word near
      where w.word !~ '[0-9]' and near.account = ${account} and near.word % w.word and similarity(near.word, w.word) >= ${CLOSE_ENOUGH}
        and not exists (
          select from word same
          where same.account = ${account} and same.word >= w.word and same.word < w.word || chr(1114111)
        )
      order by similarity(near.word, w.word) desc, near.word limit ${NEIGHBOURS}
    ) as neighbours
    from unnest(${words}::text[]) with ordinality as w(word, ord)
    order by w.ord`;
  return rows
    .map(({ word, neighbours }) => `(${[`${quote(word)}:*`, ...neighbours.map(quote)].join(' | ')})`)
    .join(' & ');
}

function quote(word: string): string {
  return `'${word.replace(/['\\]/g, '$&$&')}'`;
}
