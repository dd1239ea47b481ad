import type { Entry } from '../../core/collection.ts';
import { exactCloseness, forgivingCloseness, isForgiven } from '../word-match.ts';
import { wordsOf } from '../words-of.ts';
import { createVocabulary } from './vocabulary.ts';

/** Finds entries by the words of their text. */
export interface WordIndex {
  /** Entries that have all the words, each as the beginning of a word; with `forgiving`, with one error in each. */
  find(words: readonly string[], forgiving: boolean): Entry[];
}

export function createWordIndex(entries: readonly Entry[], textOf: (entry: Entry) => string): WordIndex {
  const places = new Map<string, number[]>();
  entries.forEach((entry, place) => {
    for (const word of wordsOf(textOf(entry))) {
      const known = places.get(word);
      if (known) known.push(place);
      else places.set(word, [place]);
    }
  });
  const vocabulary = createVocabulary(places.keys());

  /** How well each entry answers the word, by place; entries that do not are left out. */
  function answers(asked: string, forgiving: boolean): Map<number, number> {
    const best = new Map<number, number>();
    const forgives = forgiving && isForgiven(asked);
    const closeness = forgives ? forgivingCloseness : exactCloseness;
    for (const word of forgives ? vocabulary.near(asked) : vocabulary.beginning(asked)) {
      const close = closeness(asked, word);
      if (close === null) continue;
      for (const place of places.get(word) as number[]) {
        if (close < (best.get(place) ?? Number.POSITIVE_INFINITY)) best.set(place, close);
      }
    }
    return best;
  }

  return {
    find(words, forgiving) {
      const [first, ...others] = words.map((word) => answers(word, forgiving));
      const found: { place: number; score: number }[] = [];
      for (const [place, close] of first ?? []) {
        const score = others.reduce((sum, other) => sum + (other.get(place) ?? Number.NaN), close);
        if (!Number.isNaN(score)) found.push({ place, score });
      }
      found.sort((a, b) => a.score - b.score || a.place - b.place);
      return found.map(({ place }) => entries[place] as Entry);
    },
  };
}
