import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandNames } from './bracket-names.ts';

const expand = (...entries: [string, unknown][]) => {
  const expanded = expandNames(entries);
  return expanded.ok ? expanded.value : expanded;
};

describe('expandNames', () => {
  it.each<[string, [string, unknown][], unknown]>([
    ['plain names', [['a', '1']], { a: '1' }],
    [
      'repeated names',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      { a: ['1', '2'] },
    ],
    ['a list of one', [['a[]', '1']], { a: ['1'] }],
    ['a list under a list name', [['a[]', [1, 2]]], { a: [1, 2] }],
    [
      'indexes, which order and leave no holes',
      [
        ['a[7]', 'x'],
        ['a[0]', 'y'],
        ['a[999999999]', 'z'],
      ],
      { a: ['y', 'x', 'z'] },
    ],
    [
      'objects in a list',
      [
        ['a[0][t]', 'x'],
        ['a[0][v]', 1],
        ['a[1][t]', 'y'],
      ],
      { a: [{ t: 'x', v: 1 }, { t: 'y' }] },
    ],
    [
      'objects in a list without indexes',
      [
        ['a[][t]', 'x'],
        ['a[][v]', 1],
        ['a[][t]', 'y'],
      ],
      { a: [{ t: 'x', v: 1 }, { t: 'y' }] },
    ],
    ['objects', [['a[b][c]', 1]], { a: { b: { c: 1 } } }],
    [
      'a list beside its elements',
      [
        ['a', ['x']],
        ['a[0]', 'y'],
      ],
      { a: ['x', 'y'] },
    ],
    [
      'names with broken brackets as they are',
      [
        ['a[', 1],
        ['[b]', 2],
        ['c]d', 3],
      ],
      { 'a[': 1, '[b]': 2, 'c]d': 3 },
    ],
    ['values of JSON as they are', [['a', { b: [1] }]], { a: { b: [1] } }],
  ])('takes %s', (_what, entries, value) => {
    expect(expand(...entries)).toEqual(value);
  });

  it('refuses names that lead too deep', () => {
    expect(expand([`a${'[b]'.repeat(8)}`, 1])).toMatchObject({
      code: 'invalidRequest',
      errors: [{ pointer: '/a' }],
    });
  });

  it('never touches a prototype', () => {
    const value = expand(['__proto__[x]', 1], ['a[__proto__][x]', 1], ['a[b]', 2], ['constructor[x]', 1]);
    expect(Object.keys(value)).toEqual(['a', 'constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('leaves every object without brackets as it was', () => {
    const name = fc.string({ maxLength: 5 }).filter((text) => !/[[\]]/.test(text) && text !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (body) => {
        expect(expand(...Object.entries(body))).toEqual({ ...body });
      }),
    );
  });
});
