import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_FIELDS } from './field.ts';
import { parseMultipart } from './multipart.ts';

const type = 'multipart/form-data; boundary=XX';
const parse = (text: string | Buffer, contentType = type) => parseMultipart(Buffer.from(text), contentType);
const part = (name: string, value: string) =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('parseMultipart', () => {
  it('reads what a browser and a program send', async () => {
    expect(
      await parse(`${part('a', '1')}${part('b[]', '')}${part('b[]', 'two\r\nlines')}--XX--\r\n`),
    ).toEqual({
      ok: true,
      fields: [
        ['a', '1'],
        ['b[]', ''],
        ['b[]', 'two\r\nlines'],
      ],
    });
  });

  it('gives back every form that the platform writes', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replace(/[\r\n]/g, ''));
    const form = fc.array(fc.tuple(text, text), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(form, async (fields) => {
        const data = new FormData();
        for (const [name, value] of fields) data.append(name, value);
        const sent = new Response(data);
        const bytes = Buffer.from(await sent.arrayBuffer());
        expect(await parseMultipart(bytes, sent.headers.get('content-type') ?? '')).toEqual({
          ok: true,
          fields,
        });
      }),
    );
  });

  it('leaves out files, whatever is in them', async () => {
    const file =
      '--XX\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: x/y\r\n\r\n';
    const bytes = Buffer.concat([
      Buffer.from(part('a', '1') + file),
      Buffer.from([0xff, 0x00]),
      Buffer.from('\r\n--XX--'),
    ]);
    expect(await parse(bytes)).toEqual({ ok: true, fields: [['a', '1']] });
  });

  it('takes a quoted boundary, a preamble, an epilogue and unquoted names', async () => {
    const body =
      'preamble\r\n--X X\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--X X--\r\nepilogue';
    expect(await parse(body, 'multipart/form-data; boundary="X X"; charset=utf-8')).toEqual({
      ok: true,
      fields: [['a', '1']],
    });
  });

  it('reads long forms in slices, wherever they are cut', async () => {
    const texts = Array.from({ length: 2000 }, (_, n) => 'é'.repeat(n % 37));
    const body = `${texts.map((text) => part('a[]', text)).join('')}${part('b', 'x'.repeat(100_000))}--XX--`;
    const fields = [...texts.map((text) => ['a[]', text]), ['b', 'x'.repeat(100_000)]];
    expect(await parse(body)).toEqual({ ok: true, fields });
  });

  it('reads a field in the character set that it names', async () => {
    const head =
      '--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=iso-8859-1';
    const bytes = Buffer.concat([
      Buffer.from(`${head}\r\n\r\n`),
      Buffer.from([0xe9]),
      Buffer.from('\r\n--XX--'),
    ]);
    expect(await parse(bytes)).toEqual({ ok: true, fields: [['a', 'é']] });
  });

  it('takes the replacement character where a client sent it', async () => {
    expect(await parse(`${part('a', '\ufffd')}--XX--`)).toEqual({ ok: true, fields: [['a', '\ufffd']] });
  });

  it('reads what a quoted name cannot hold', async () => {
    expect(await parse(`${part('a%22b\\"c', '1')}--XX--`)).toEqual({ ok: true, fields: [['a"b"c', '1']] });
  });

  it.each([
    ['no boundary in the type', part('a', '1'), 'multipart/form-data'],
    ['nothing of the kind', 'a=1', type],
    ['no last boundary', part('a', '1'), type],
    ['half a boundary', `${part('a', '1')}--XXy`, type],
    ['no end of the headers', '--XX\r\nContent-Disposition: form-data; name="a"\r\n--XX--', type],
    ['a part without headers', '--XX\r\n\r\n1\r\n--XX--', type],
    ['a part without a name', '--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--', type],
    ['a part of another sort', '--XX\r\nContent-Disposition: inline; name="a"\r\n\r\n1\r\n--XX--', type],
    ['a broken part before a good one', `--XX\r\n\r\n1\r\n${part('a', '1')}--XX--`, type],
    [
      'a boundary that the type only seems to name',
      `${part('a', '1')}--XX--`,
      'multipart/form-data; x="; boundary=XX"',
    ],
    ['headers without end', `--XX\r\n${'a'.repeat(9000)}\r\n\r\n1\r\n--XX--`, type],
  ])('refuses %s', async (_what, body, contentType) => {
    expect(await parse(body, contentType)).toMatchObject({ ok: false, code: 'malformedBody' });
  });

  it('refuses a field that is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(part('a', '').slice(0, -2)),
      Buffer.from([0xff]),
      Buffer.from('\r\n--XX--'),
    ]);
    expect(await parse(bytes)).toMatchObject({ ok: false, code: 'malformedBody' });
  });

  it('refuses more fields than anybody needs', async () => {
    expect(await parse(`${part('a', '').repeat(MOST_FIELDS + 1)}--XX--`)).toMatchObject({
      code: 'payloadTooLarge',
    });
  });

  it('never fails on any bytes', async () => {
    const piece = fc.constantFrom(
      '--XX',
      '\r\n',
      '--',
      'Content-Disposition: form-data',
      '; name="a"',
      '\r\n\r\n',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const parsed = await parse(pieces.join(''));
        expect(parsed.ok || parsed.code === 'malformedBody').toBe(true);
      }),
    );
  });
});
