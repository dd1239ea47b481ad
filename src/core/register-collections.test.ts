import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { type Collection, catalogueOf, emptyCatalogue } from './collection.ts';
import { isKey, registerCollections } from './register-collections.ts';

const sound: Collection = {
  name: 'colors',
  label: 'Colours',
  one: 'colour',
  kind: 'errand',
  keys: 'text',
  size: 'small',
  schema: Type.Object({ name: Type.String() }),
};

describe('registerCollections', () => {
  it('takes collections that fit together', () => {
    const shelves = { ...sound, name: 'shelves', references: { name: 'colors' } };
    expect([...registerCollections([sound, shelves]).keys()]).toEqual(['colors', 'shelves']);
  });

  it.each<[string, Partial<Collection>]>([
    ['its name is no path segment of small letters', { name: 'Colors/' }],
    ['its schema is no object', { schema: Type.String() }],
    ['version is a property of every entry', { schema: Type.Object({ version: Type.Integer() }) }],
    ['it has no property parent', { references: { parent: 'colors' } }],
    ['name refers to none, which is no collection', { references: { name: 'none' } }],
    [
      'it ships a key twice',
      {
        shipped: [
          { key: 'a', data: {} },
          { key: 'a', data: {} },
        ],
      },
    ],
    ['it ships the key "a/b", which is none', { shipped: [{ key: 'a/b', data: {} }] }],
    ['it ships the key "x", which is none', { keys: 'number', shipped: [{ key: 'x', data: {} }] }],
  ])('refuses one where %s', (fault, change) => {
    const collection = { ...sound, ...change };
    expect(() => registerCollections([collection])).toThrow(`Collection ${collection.name}: ${fault}`);
  });

  it('refuses two of one name', () => {
    expect(() => registerCollections([sound, { ...sound }])).toThrow(
      'Collection colors: another one has its name',
    );
  });
});

describe('a key', () => {
  it.each(['a', 'partner-service', 'A 1', 'ñ', '漢字', 'a.b', '"', 'x'.repeat(100)])('may be %j', (text) => {
    expect(isKey('text', text)).toBe(true);
  });

  it.each(['', ' a', 'a ', 'a/b', 'a\nb', '\u0000', '\ud800', '.', '..', 'x'.repeat(101)])(
    'may not be %j',
    (text) => {
      expect(isKey('text', text)).toBe(false);
    },
  );

  it.each([
    ['1', true],
    ['900719925474099', true],
    ['0', false],
    ['01', false],
    ['1.5', false],
    ['-1', false],
    ['', false],
    ['9999999999999999', false],
  ])('that is a number may be %j: %j', (text, may) => {
    expect(isKey('number', text)).toBe(may);
  });
});

describe('a catalogue', () => {
  it('finds by collection and key, and nothing elsewhere', () => {
    const red = { collection: 'colors', key: 'red', data: {}, version: 1, createdAt: null, updatedAt: null };
    const catalogue = catalogueOf(new Map([['colors', [red]]]));
    expect(catalogue.entry('colors', 'red')).toBe(red);
    expect(catalogue.entries('colors')).toEqual([red]);
    for (const [collection, key] of [
      ['colors', 'blue'],
      ['none', 'red'],
      ['colors', 'constructor'],
    ] as const) {
      expect(catalogue.entry(collection, key)).toBeNull();
    }
    expect(emptyCatalogue.entry('colors', 'red')).toBeNull();
    expect(emptyCatalogue.entries('colors')).toEqual([]);
  });
});
