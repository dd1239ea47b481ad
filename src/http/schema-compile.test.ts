import fc from 'fast-check';
import Type, { type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { compileSchema } from './schema-compile.ts';

function faults(schema: TSchema, value: unknown): Record<string, string> {
  const result = compileSchema(schema).check(value);
  return Object.fromEntries(result.ok ? [] : result.errors.map(({ pointer, message }) => [pointer, message]));
}

const field = (schema: TSchema, value: unknown) => faults(Type.Object({ x: schema }), { x: value })['/x'];

describe('faults in plain words', () => {
  it.each<[string, TSchema, unknown, string]>([
    ['a string', Type.String(), 1, 'must be a string'],
    ['a short string', Type.String({ minLength: 1 }), '', 'must have at least 1 character'],
    ['a long string', Type.String({ maxLength: 2 }), 'abc', 'must have at most 2 characters'],
    ['a pattern', Type.String({ pattern: '^[0-9]+$' }), 'x', 'must match the pattern ^[0-9]+$'],
    [
      'a pattern with an example',
      Type.String({ pattern: '^[0-9]+$', examples: ['42'] }),
      'x',
      'must match the pattern ^[0-9]+$, such as 42',
    ],
    [
      'a date-time',
      Type.String({ format: 'date-time' }),
      'x',
      'must be a date-time such as 2026-03-01T12:00:00Z',
    ],
    [
      'a date-time',
      Type.String({ format: 'date-time' }),
      1,
      'must be a date-time such as 2026-03-01T12:00:00Z',
    ],
    [
      'a uuid',
      Type.String({ format: 'uuid' }),
      'x',
      'must be a UUID such as 0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a',
    ],
    ['an integer', Type.Integer(), 1.5, 'must be an integer'],
    ['an integer', Type.Integer(), Number.POSITIVE_INFINITY, 'must be an integer'],
    ['a bounded integer', Type.Integer({ minimum: 1, maximum: 3 }), 4, 'must be an integer from 1 to 3'],
    ['a bounded integer', Type.Integer({ minimum: 1, maximum: 3 }), 'x', 'must be an integer from 1 to 3'],
    ['a low integer', Type.Integer({ minimum: 1 }), 'x', 'must be an integer of at least 1'],
    ['a number', Type.Number({ exclusiveMinimum: 0 }), 0, 'must be a number above 0'],
    ['a boolean', Type.Boolean(), 'true', 'must be true or false'],
    ['a literal', Type.Literal('OPENACTIVE'), 'OPEN', 'must be one of OPENACTIVE'],
    ['an enumeration', Type.Enum(['a', 'b']), 'c', 'must be one of a, b'],
    ['a union of literals', Type.Union([Type.Literal('a'), Type.Literal(2)]), 3, 'must be one of a, 2'],
    [
      'a nullable string',
      Type.Union([Type.String({ maxLength: 2 }), Type.Null()]),
      'abc',
      'must have at most 2 characters',
    ],
    ['a nullable string', Type.Union([Type.String(), Type.Null()]), 3, 'must be a string or null'],
    [
      'digits or an integer',
      Type.Union([Type.Integer(), Type.String({ pattern: '^\\d+$' })]),
      'x',
      'must match the pattern ^\\d+$',
    ],
    ['a list', Type.Array(Type.String()), {}, 'must be a list'],
    ['a short list', Type.Array(Type.String(), { minItems: 1 }), [], 'must have at least 1 item'],
    ['an object', Type.Object({}), [], 'must be an object'],
    [
      'a refinement',
      Type.Refine(
        Type.String(),
        (text) => text === 'k',
        () => 'must be k',
      ),
      'x',
      'must be k',
    ],
  ])('%s', (_what, schema, value, message) => {
    expect(field(schema, value)).toBe(message);
  });

  it('names what a record has no place for', () => {
    const words = Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.String(), {
      additionalProperties: false,
    });
    expect(faults(Type.Object({ words }), { words: { good: 'x', 'not so': 'y' } })).toEqual({
      '/words/not so': 'is not known here',
    });
  });

  it('names every fault with its place', () => {
    const schema = Type.Object({
      'a/b': Type.String(),
      list: Type.Array(Type.Object({ name: Type.String() })),
      missing: Type.Null(),
    });
    expect(faults(schema, { 'a/b': 1, list: [{ name: 'x' }, {}, { name: 2 }] })).toEqual({
      '/missing': 'is required',
      '/a~1b': expect.any(String),
      '/list/1/name': 'is required',
      '/list/2/name': 'must be a string',
    });
    expect(faults(schema, null)).toEqual({ '': 'must be an object' });
  });

  it('tells which member of a union was meant by its constant', () => {
    const schema = Type.Union([
      Type.Object({ type: Type.Literal('start'), operator: Type.String() }),
      Type.Object({ type: Type.Literal('stop'), reason: Type.String() }),
    ]);
    expect(faults(schema, { type: 'start' })).toEqual({ '/operator': 'is required' });
    expect(faults(schema, { type: 'stop', reason: 1 })).toEqual({ '/reason': 'must be a string' });
  });

  it('asks for the constant where no member of a union was meant', () => {
    const schema = Type.Object({
      transition: Type.Union([
        Type.Object({ type: Type.Literal('start'), operator: Type.String() }),
        Type.Object({ type: Type.Literal('stop') }),
      ]),
    });
    const at = (transition: unknown) => faults(schema, { transition });
    expect(at({})).toEqual({ '/transition/type': 'is required' });
    expect(at({ type: 'pause' })).toEqual({ '/transition/type': 'must be one of start, stop' });
    expect(at({ type: 7, operator: 'x' })).toEqual({ '/transition/type': 'must be one of start, stop' });
    expect(at('start')).toEqual({ '/transition': 'must be an object' });
    expect(at(null)).toEqual({ '/transition': 'must be an object' });
  });

  describe('in a long list of unions', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const value = Type.Union([Type.String({ minLength: 1 }), Type.Number()]);
    const members = names.map((name) => Type.Object({ type: Type.Literal(name), value }));
    const schema = Type.Array(Type.Union(members));

    it('each item has its own fault', () => {
      const list = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? { type: `n${index % 12}` } : { type: 'other' },
      );
      const expected = list.map(({ type }, index) =>
        type === 'other'
          ? [`/${index}/type`, `must be one of ${names.join(', ')}`]
          : [`/${index}/value`, 'is required'],
      );
      expect(faults(schema, list)).toEqual(Object.fromEntries(expected));
    });

    it('the last fault is as right as the first one, where there are too many', () => {
      const list = Array.from({ length: 1000 }, () => ({ type: 'n7', value: '' }));
      const messages = new Set(Object.values(faults(schema, list)));
      expect(messages).toEqual(new Set(['must have at least 1 character']));
    });

    it('there are faults also where all of it is in a union', () => {
      const list = Array.from({ length: 1000 }, () => ({ type: 'n7', value: '' }));
      expect(faults(Type.Union([schema, Type.Null()]), list)).not.toEqual({});
    });
  });

  it('asks for the first of properties any one of which is enough', () => {
    const schema = Type.Object(
      { name: Type.Optional(Type.String()), title: Type.Optional(Type.String()) },
      { anyOf: [{ required: ['name'] }, { required: ['title'] }] },
    );
    expect(faults(schema, {})).toEqual({ '/name': 'is required' });
    expect(faults(schema, { title: 1 })).toEqual({ '/title': 'must be a string' });
    expect(faults(schema, [])).toEqual({ '': 'must be an object' });
  });

  it('names the rule that is broken, for programs', () => {
    const schema = Type.Object({
      a: Type.Integer({ maximum: 3 }),
      b: Type.Refine(
        Type.String(),
        (text) => text !== '.',
        () => 'must not be a dot',
      ),
      c: Type.Union([Type.Object({ t: Type.Literal('x') }), Type.Object({ t: Type.Literal('y') })]),
      d: Type.String(),
    });
    const result = compileSchema(schema).check({ a: 4, b: '.', c: { t: 'z' } });
    const rules = result.ok ? [] : result.errors.map(({ pointer, rule }) => [pointer, rule]);
    expect(Object.fromEntries(rules)).toEqual({
      '/a': 'maximum',
      '/b': 'refine',
      '/c/t': 'enum',
      '/d': 'required',
    });
  });

  it('stops counting at a hundred', () => {
    const result = compileSchema(Type.Array(Type.String())).check(Array.from({ length: 1000 }, () => 1));
    expect(result.ok ? 0 : result.errors.length).toBe(100);
  });
});

describe('integers', () => {
  it.each([
    ['9007199254740992', 'must be an integer of at most 9007199254740991'],
    ['9007199254740993', 'must be an integer of at most 9007199254740991'],
    ['1e300', 'must be an integer of at most 9007199254740991'],
    ['-9007199254740992', 'must be an integer of at least -9007199254740991'],
  ])('refuses %s, which a double does not hold exactly', (literal, message) => {
    expect(field(Type.Integer(), JSON.parse(literal))).toBe(message);
  });

  it('takes the largest that it does hold', () => {
    expect(field(Type.Integer(), 9007199254740991)).toBeUndefined();
  });
});

describe('unknown properties', () => {
  const Inner = Type.Object({ name: Type.String() });
  const schema = Type.Object({
    inner: Inner,
    list: Type.Array(Inner),
    either: Type.Union([Inner, Type.Null()]),
    both: Type.Intersect([Inner, Type.Object({ more: Type.String() })]),
    open: Type.Object({ a: Type.String() }, { additionalProperties: true }),
    record: Type.Record(Type.String(), Inner),
    any: Type.Unknown(),
  });
  const known = {
    inner: { name: 'a' },
    list: [{ name: 'b' }],
    either: { name: 'c' },
    both: { name: 'd', more: 'e' },
    open: { a: 'f', b: 'g' },
    record: { x: { name: 'h' } },
    any: { y: { z: 1 } },
  };

  it('are left out at every depth', () => {
    const dirty = structuredClone(known) as Record<string, unknown>;
    const bogus = { bogus: 1 };
    Object.assign(dirty, bogus);
    Object.assign(dirty.inner as object, bogus);
    Object.assign((dirty.list as object[])[0] as object, bogus);
    Object.assign(dirty.either as object, bogus);
    Object.assign(dirty.both as object, bogus);
    Object.assign((dirty.record as { x: object }).x, bogus);
    expect(compileSchema(schema).check(dirty)).toEqual({ ok: true, value: known });
  });

  it('cost nothing where there are none: the value itself comes back', () => {
    const value = structuredClone(known);
    const result = compileSchema(schema).check(value);
    expect(result.ok && result.value).toBe(value);
  });

  it('named like parts of an object are harmless', () => {
    const result = compileSchema(Inner).check(
      JSON.parse('{"name":"a","constructor":{"prototype":1},"toString":1}'),
    );
    expect(result).toEqual({ ok: true, value: { name: 'a' } });
  });

  it('never change whether a value is right', () => {
    const anything = fc.dictionary(
      fc.constantFrom('inner', 'name', 'list', 'either', 'any', 'x'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(anything, fc.record({ inner: anything, list: fc.array(anything) })), (value) => {
        const small = Type.Object({ inner: Inner, list: Type.Array(Inner) });
        expect(compileSchema(small).check(structuredClone(value)).ok).toBe(Value.Check(small, value));
      }),
    );
  });
});

it('compiles a schema once', () => {
  const schema = Type.Object({ a: Type.String() });
  expect(compileSchema(schema)).toBe(compileSchema(schema));
});
