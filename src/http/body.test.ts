import { describe, expect, it } from 'vitest';
import { parseJson } from './body.ts';

const parse = (text: string | Buffer) => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('reads any JSON value, with or without a byte order mark', () => {
    expect(parse('{"a":[1,null,"é😀"]}')).toEqual({ ok: true, value: { a: [1, null, 'é😀'] } });
    expect(parse('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
    expect(parse('null')).toEqual({ ok: true, value: null });
  });

  it('lets the last of two equal keys count', () => {
    expect(parse('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } });
  });

  it('names the place where the engine knows it, and repeats nothing of the body', () => {
    const refusal = { ok: false, code: 'malformedBody' };
    const placed = 'The body is not valid JSON at line 2, column 12.';
    expect(parse('{\n  "secret" 1}')).toEqual({ ...refusal, message: placed });
    expect(parse('{"secret": oops}')).toEqual({ ...refusal, message: 'The body is not valid JSON.' });
    expect(parse('{"secret"')).toMatchObject(refusal);
  });

  it('refuses bytes that are not UTF-8', () => {
    const refusal = { ok: false, code: 'malformedBody', message: 'The body is not UTF-8.' };
    expect(parse(Buffer.from([0x22, 0xff, 0x22]))).toEqual(refusal);
    // A surrogate, encoded as CESU-8 would.
    expect(parse(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toEqual(refusal);
  });

  it.each([
    ['NUL', '{"a":{"b/c":["x","a\\u0000"]}}', '/a/b~1c/1'],
    ['a lone surrogate', '{"a":"\\uD83D"}', '/a'],
    ['a lone surrogate in lower case', '{"a":"\\udc00x"}', '/a'],
    ['NUL in a name', '{"a":{"\\u0000":1}}', '/a'],
  ])('refuses %s and names the place', (_what, text, pointer) => {
    expect(parse(text)).toMatchObject({
      code: 'invalidRequest',
      errors: [{ pointer, message: 'must not contain NUL characters or lone surrogates' }],
    });
  });

  it('takes escaped pairs, and backslashes that only look like an escape', () => {
    expect(parse('{"a":"\\ud83d\\ude00"}')).toEqual({ ok: true, value: { a: '😀' } });
    expect(parse('{"a":"\\\\u0000"}')).toEqual({ ok: true, value: { a: '\\u0000' } });
  });

  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['something deep inside', `{"title":"x","bogus":${'['.repeat(201)}${']'.repeat(201)}}`],
  ])('refuses %s nested too deep', (_what, text) => {
    expect(parse(text)).toMatchObject({
      code: 'invalidRequest',
      errors: [{ pointer: '', message: 'must not be nested deeper than 200 levels' }],
    });
  });

  it('takes many brackets that are not deep, and brackets in texts', () => {
    const wide = `[${Array.from({ length: 500 }, () => '{"a":[]}').join(',')}]`;
    expect(parse(wide)).toMatchObject({ ok: true });
    expect(parse(JSON.stringify({ a: '['.repeat(500) }))).toMatchObject({ ok: true });
  });

  it.each(['{"__proto__":{"x":1},"a":{"__proto__":null,"b":1}}', '{"\\u005f_proto__":{"x":1},"a":{"b":1}}'])(
    'leaves out __proto__ keys: %s',
    (text) => {
      const result = parse(text);
      expect(result).toEqual({ ok: true, value: { a: { b: 1 } } });
      const copy = Object.assign({}, result.ok ? result.value : null);
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    },
  );
});
