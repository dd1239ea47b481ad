import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { cellReader } from './csv-cells.ts';

const schema = Type.Object({
  name: Type.String(),
  level: Type.Integer(),
  rate: Type.Union([Type.Number(), Type.Null()]),
  open: Type.Optional(Type.Boolean()),
  mode: Type.Enum(['a', 'b']),
  step: Type.Union([Type.Literal(1), Type.Literal(2)]),
  grade: Type.Enum([1, 2]),
  tags: Type.Array(Type.String()),
  numbers: Type.Optional(Type.Array(Type.Integer())),
  translations: Type.Record(Type.String(), Type.String()),
  place: Type.Object({ street: Type.String(), point: Type.Object({ x: Type.Number() }) }),
});

function read(column: string, text: string): unknown {
  const data = {};
  cellReader(schema, column)?.(data, text);
  return data;
}

describe('a cell', () => {
  it.each([
    ['name', '007', { name: '007' }],
    ['level', '3', { level: 3 }],
    ['level', 'three', { level: 'three' }],
    ['rate', '-1.5', { rate: -1.5 }],
    ['open', 'TRUE', { open: true }],
    ['open', 'false', { open: false }],
    ['open', 'yes', { open: 'yes' }],
    ['mode', 'a', { mode: 'a' }],
    ['step', '2', { step: 2 }],
    ['grade', '2', { grade: 2 }],
    ['tags', 'a| b |3', { tags: ['a', 'b', '3'] }],
    ['tags', '["a|b"]', { tags: ['a|b'] }],
    ['tags', '[a', { tags: '[a' }],
    ['numbers', '1|2', { numbers: [1, 2] }],
    ['translations.de', 'Größe', { translations: { de: 'Größe' } }],
    ['translations', '{"de":"x"}', { translations: { de: 'x' } }],
    ['place.street', 'Calle 1', { place: { street: 'Calle 1' } }],
    ['place.point.x', '1', { place: { point: { x: 1 } } }],
    ['place', 'nowhere', { place: 'nowhere' }],
    [
      'place',
      `${'['.repeat(9_000)}${']'.repeat(9_000)}`,
      { place: `${'['.repeat(9_000)}${']'.repeat(9_000)}` },
    ],
    ['translations', '{"de":"\\u0000"}', { translations: '{"de":"\\u0000"}' }],
  ])('of %s: %j', (column, text, data) => {
    expect(read(column, text)).toEqual(data);
  });

  it('of one property stands beside those of others', () => {
    const data = {};
    for (const column of ['translations.de', 'translations.es']) cellReader(schema, column)?.(data, column);
    expect(data).toEqual({ translations: { de: 'translations.de', es: 'translations.es' } });
  });

  it.each(['', 'nmae', 'name.x', 'place.none', '__proto__', 'translations.__proto__', 'constructor'])(
    'has no place in the column %j',
    (column) => {
      expect(cellReader(schema, column)).toBeNull();
    },
  );
});
