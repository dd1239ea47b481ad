import { describe, expect, it } from 'vitest';
import { errorsBetween, forgiven, letterMask, mayBeNear } from './near-word.ts';

describe('errorsBetween', () => {
  it.each([
    ['refund', 'refund', 0],
    ['refnud', 'refund', 1],
    ['refun', 'refund', 1],
    ['reffund', 'refund', 1],
    ['rafund', 'refund', 1],
    ['rafnud', 'refund', 2],
    ['voucher', 'refund', 3],
    ['a', 'abcdef', 3],
  ])('%s is %s with %i', (a, b, errors) => {
    expect(errorsBetween(a, b, 2)).toBe(errors);
    expect(errorsBetween(b, a, 2)).toBe(errors);
    expect(mayBeNear(letterMask(a), letterMask(b), 2) || errors > 2).toBe(true);
  });
});

describe('forgiven', () => {
  it.each([
    ['cat', 0],
    ['cats', 1],
    ['deliver', 1],
    ['delivery', 2],
    ['order17', 0],
  ])('%s: %i', (word, errors) => {
    expect(forgiven(word)).toBe(errors);
  });
});
