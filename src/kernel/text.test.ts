import { describe, expect, it } from 'vitest';
import { findUnstorable, isStorableText } from './text.ts';

describe('isStorableText', () => {
  it('takes every text but one with a NUL or half of a character', () => {
    expect(['', 'ñandú 漢字 🦙', '\u0001\uffff', '"\\'].every(isStorableText)).toBe(true);
    expect(['\u0000', 'a\u0000b', '\ud800', 'x\udc00', '\udc00\ud800'].some(isStorableText)).toBe(false);
  });
});

describe('findUnstorable', () => {
  it('finds nothing in a sound value', () => {
    expect(findUnstorable({ a: ['x', 1, null, true, { b: '🦙' }] })).toBeNull();
  });

  it('names the place as a JSON pointer', () => {
    expect(findUnstorable('\u0000')).toBe('');
    expect(findUnstorable({ a: [{ 'b/c~d': 'x\u0000' }] })).toBe('/a/0/b~1c~0d');
  });

  it('names the object around a property whose name is at fault', () => {
    expect(findUnstorable({ a: { 'x\u0000': 1 } })).toBe('/a');
  });

  it('takes a value of 100,000 levels', () => {
    let deep: unknown = 'x\u0000';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(findUnstorable(deep)).toHaveLength(200_000);
  });
});
