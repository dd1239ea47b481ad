import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_FIELDS } from './field.ts';
import { parseUrlencoded } from './urlencoded.ts';

const parse = (text: string | Buffer) => parseUrlencoded(Buffer.from(text));

describe('parseUrlencoded', () => {
  it('reads names and values, with and without encoding', () => {
    expect(parse('a=1&b%5B%5D=x+y&b[]=%C3%A9&c&=d&&e=f=g')).toEqual({
      ok: true,
      fields: [
        ['a', '1'],
        ['b[]', 'x y'],
        ['b[]', 'é'],
        ['c', ''],
        ['', 'd'],
        ['e', 'f=g'],
      ],
    });
  });

  it('gives back every form that the platform writes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (fields) => {
        const body = new URLSearchParams(fields).toString();
        expect(parse(body)).toEqual({ ok: true, fields });
      }),
    );
  });

  it('takes a question mark at the beginning for a part of the name', () => {
    expect(parse('?a=1')).toEqual({ ok: true, fields: [['?a', '1']] });
  });

  it.each([['a=%'], ['%C3&%A9=1'], ['a=%zz'], ['a=%ff'], [Buffer.from([0x61, 0x3d, 0xff])]])(
    'refuses %j',
    (body) => {
      expect(parse(body)).toMatchObject({ ok: false, code: 'malformedBody' });
    },
  );

  it('refuses more fields than anybody needs', () => {
    expect(parse('a&'.repeat(MOST_FIELDS + 1))).toMatchObject({ code: 'payloadTooLarge' });
  });
});
