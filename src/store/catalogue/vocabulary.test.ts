import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgivingCloseness } from '../word-match.ts';
import { createVocabulary } from './vocabulary.ts';

const letters = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'ж', '𠮷', '𠮶'),
  minLength: 1,
  maxLength: 7,
});

describe('a vocabulary', () => {
  it('gives the words with a beginning, and no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(letters, { maxLength: 40 }), letters, (words, text) => {
        const found = [...createVocabulary(words).beginning(text)];
        expect(found).toEqual(words.filter((word) => word.startsWith(text)).sort());
      }),
    );
  });

  it('leaves out no word that a typing error leads to', () => {
    fc.assert(
      fc.property(fc.uniqueArray(letters, { maxLength: 40 }), letters, (words, asked) => {
        const near = new Set(createVocabulary(words).near(asked));
        for (const word of words) if (forgivingCloseness(asked, word) !== null) expect(near).toContain(word);
      }),
      { numRuns: 1_000 },
    );
  });
});
