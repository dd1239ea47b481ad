import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactCloseness, forgivingCloseness, isForgiven } from './word-match.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ж'), minLength: 1, maxLength: 7 });

/** Every word that one typing error makes of this one. */
function misspelt(word: string): Set<string> {
  const results = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after) results.add(before + after.slice(1));
    if (after.length > 1) results.add(before + after[1] + after[0] + after.slice(2));
    for (const letter of ['a', 'b', 'c', 'ж']) {
      results.add(before + letter + after);
      if (after) results.add(before + letter + after.slice(1));
    }
  }
  return results;
}

/** What the words say of forgiving closeness, slowly. */
function expected(asked: string, word: string): number | null {
  if (word.startsWith(asked)) return word === asked ? 0 : 1;
  const wrong = misspelt(asked);
  if (wrong.has(word)) return 2;
  if (asked.length < 5) return null;
  return [...wrong].some((text) => word.startsWith(text)) ? 3 : null;
}

describe('the closeness of two words', () => {
  it('is what the errors say that one can make', () => {
    fc.assert(
      fc.property(letters, letters, (asked, word) => {
        expect(forgivingCloseness(asked, word)).toBe(expected(asked, word));
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(letters, letters, (word, rest) => {
        for (const wrong of misspelt(word)) {
          expect(forgivingCloseness(wrong, word)).toBe(expected(wrong, word));
          expect(forgivingCloseness(wrong, word + rest)).toBe(expected(wrong, word + rest));
        }
      }),
    );
  });

  it.each([
    ['refund', 'refund', 0],
    ['ref', 'refund', 1],
    ['refudn', 'refund', 2],
    ['refnd', 'refund', 2],
    ['reffund', 'refund', 2],
    ['refumd', 'refund', 2],
    ['refundx', 'refund', 2],
    ['delvery', 'delivery', 2],
    ['delvy', 'delivery', null],
    ['delve', 'delivery', 3],
    ['dleiver', 'delivery', 3],
    ['dxl', 'delivery', null],
    ['rfnd', 'refund', null],
  ])('of %s to %s is %j', (asked, word, close) => {
    expect(forgivingCloseness(asked, word)).toBe(close);
    expect(exactCloseness(asked, word)).toBe(close === 0 || close === 1 ? close : null);
  });

  it('forgives nothing in short words and in references', () => {
    expect(['due', 'refund', 'größe'].every(isForgiven)).toBe(true);
    expect(['du', 'x', '84', 'ccr101', '١٢٣'].some(isForgiven)).toBe(false);
  });
});
