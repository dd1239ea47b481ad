import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeness, isOneErrorApart } from './word-match.ts';

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

describe('two words', () => {
  it('are one error apart exactly where one of the four errors makes one of the other', () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(isOneErrorApart(a, b)).toBe(misspelt(a).has(b));
        expect(isOneErrorApart(b, a)).toBe(misspelt(a).has(b));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(letters, (word) => {
        for (const wrong of misspelt(word)) expect(isOneErrorApart(word, wrong)).toBe(true);
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
    ['delvery', 'delivery', 2],
    ['delvy', 'delivery', null],
    ['delve', 'delivery', 3],
    ['dleiver', 'delivery', 3],
    ['dxe', 'due', 2],
    ['dx', 'due', null],
    ['dxl', 'delivery', null],
    ['rfnd', 'refund', null],
    ['refund1', 'refund2', null],
    ['84', '85', null],
    ['8', '84', 1],
  ])('%s is as close to %s as %j', (asked, word, close) => {
    expect(closeness(asked, word, true)).toBe(close);
    expect(closeness(asked, word, false)).toBe(close === 0 || close === 1 ? close : null);
  });
});
