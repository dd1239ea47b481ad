import type { Catalogue, Collection, Entry, EntryData } from '../../core/collection.ts';
import type { Fragment, Sql } from '../database.ts';
import type { Store } from '../store.ts';
import { exactCloseness, forgivingCloseness, isForgiven } from '../word-match.ts';
import { wordsOf } from '../words-of.ts';
import { type EntryRow, entryColumns, toEntry } from './entry-row.ts';
import { createWordIndex, type WordIndex } from './word-index.ts';

const MOST_WORDS = 10;
/** Rows of a large collection that are looked at for typing errors, the most alike first. */
const MOST_CANDIDATES = 500;

/**
 * The entries that have all the words of `text`, each as the beginning of a word, the best first. Where there are none,
 * one typing error in each word is forgiven. At most ten words count. A small collection is searched in memory, a large
 * one by entry_words; what came with the product is searched in small ones only.
 */
export async function searchEntries(
  store: Pick<Store, 'listSql' | 'catalogue'>,
  account: string,
  collection: Collection,
  text: string,
  limit: number,
): Promise<Entry[]> {
  const words = wordsOf(text).slice(0, MOST_WORDS);
  if (words.length === 0 || !collection.searchText) return [];
  if (collection.size === 'large') return searchLarge(store.listSql, account, collection, words, limit);
  const index = indexOf(await store.catalogue(account), collection);
  const exact = index.find(words, false);
  return (exact.length > 0 ? exact : index.find(words, true)).slice(0, limit);
}

const indexes = new WeakMap<Catalogue, Map<string, WordIndex>>();

/** The index of a collection as it stands in this catalogue; made when it is first asked. */
function indexOf(catalogue: Catalogue, collection: Collection): WordIndex {
  const known = indexes.get(catalogue) ?? new Map<string, WordIndex>();
  indexes.set(catalogue, known);
  const { name } = collection;
  const index =
    known.get(name) ?? createWordIndex(catalogue.entries(name), ({ data }) => textOf(collection, data));
  known.set(name, index);
  return index;
}

function textOf({ searchText }: Collection, data: EntryData): string {
  return searchText?.(data) ?? '';
}

async function searchLarge(
  sql: Sql,
  account: string,
  collection: Collection,
  words: readonly string[],
  limit: number,
): Promise<Entry[]> {
  const begins = words.map((word) => sql`words like ${`% ${word}%`}`);
  const whole = words
    .map((word) => sql`words like ${`% ${word} %`}`)
    .reduce((left, right) => sql`${left} and ${right}`);
  const found = await select(sql, account, collection, begins, whole, limit);
  if (found.length > 0) return found;
  const conditions = words.map((word) => nearby(sql, word));
  const alike = words
    .map((word) => sql`word_similarity(${word}, words)`)
    .reduce((left, right) => sql`${left} + ${right}`);
  const near = await select(sql, account, collection, conditions, alike, MOST_CANDIDATES);
  return near
    .map((entry) => ({ entry, score: scoreOf(words, wordsOf(textOf(collection, entry.data))) }))
    .filter(({ score }) => Number.isFinite(score))
    .sort((a, b) => a.score - b.score)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

async function select(
  sql: Sql,
  account: string,
  { name }: Collection,
  conditions: readonly Fragment[],
  rank: Fragment,
  limit: number,
): Promise<Entry[]> {
  const where = conditions.reduce((left, right) => sql`${left} and ${right}`);
  const rows = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from entry
    where account = ${account} and collection = ${name} and words is not null and ${where}
    order by (${rank}) desc, number, key limit ${limit}`;
  return rows.map(toEntry);
}

/**
 * What a word within one error of this one has: its first half unharmed, or its second half, or the two with the letters
 * at their seam exchanged. Each pattern holds a trigram for entry_words, so of a short second half only the end of a
 * word counts, and of a single letter nothing.
 */
function nearby(sql: Sql, word: string): Fragment {
  if (!isForgiven(word)) return sql`words like ${`% ${word}%`}`;
  const half = Math.ceil(word.length / 2);
  const rest = word.slice(half);
  const patterns = [`% ${word.slice(0, half)}%`];
  if (rest.length > 1) {
    patterns.push(rest.length > 2 ? `%${rest}%` : `%${rest} %`);
    patterns.push(`% ${word.slice(0, half - 1)}${rest[0]}${word[half - 1]}${rest.slice(1)}%`);
  }
  return sql`(${patterns.map((pattern) => sql`words like ${pattern}`).reduce((left, right) => sql`${left} or ${right}`)})`;
}

function scoreOf(asked: readonly string[], words: readonly string[]): number {
  return asked.reduce((sum, one) => {
    const closeness = isForgiven(one) ? forgivingCloseness : exactCloseness;
    const close = words.map((word) => closeness(one, word)).filter((found) => found !== null);
    return sum + Math.min(...close);
  }, 0);
}
