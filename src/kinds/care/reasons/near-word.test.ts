import { describe, expect, it } from 'vitest';
import {
  errorsBetween,
  errorsToBeginning,
  forgiven,
  letterMask,
  mayBeginNear,
  mayBeNear,
} from './near-word.ts';

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

describe('errorsToBeginning', () => {
  it.each([
    ['addr', 'address', 0],
    ['adres', 'address', 1],
    ['adders', 'address', 1],
    ['afdress', 'address', 1],
    ['address', 'address', 0],
    ['addresses', 'address', 2],
    ['voucher', 'address', 2],
  ])('%s begins %s with %i', (word, longer, errors) => {
    expect(errorsToBeginning(word, longer, 1)).toBe(errors);
    expect(mayBeginNear(letterMask(word), letterMask(longer), 1) || errors > 1).toBe(true);
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
