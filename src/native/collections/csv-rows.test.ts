import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, readCsv } from './csv-rows.ts';

async function read(text: string | readonly Buffer[], separator = ','): Promise<CsvRow[]> {
  const chunks = typeof text === 'string' ? [Buffer.from(text)] : text;
  const rows: CsvRow[] = [];
  for await (const row of readCsv(Readable.from(chunks), separator, 1_000_000).rows) rows.push(row);
  return rows;
}

const cell = fc.string({ unit: fc.constantFrom('a', 'ñ', '漢', '🦙', '"', ',', ';', '\t', '\n', '\r', ' ') });
/** A cell in quotation marks, as RFC 4180 writes it. */
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The bytes in pieces of a few, so that characters are cut in the middle. */
function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

describe('readCsv', () => {
  it('reads what was written, however it is cut, with every separator and end of line', async () => {
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    const shape = [
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
    ] as const;
    await fc.assert(
      fc.asyncProperty(table, ...shape, fc.boolean(), async (rows, separator, end, size, marked) => {
        const text = rows.map((row) => row.map(quoted).join(separator)).join(end);
        const found = await read(cut(Buffer.from(`${marked ? '\ufeff' : ''}${text}`), size), separator);
        expect(found.map(({ cells }) => cells)).toEqual(
          rows.filter((row) => row.some((text) => text.trim() !== '')),
        );
      }),
    );
  });

  it('names the line on which a row ends, and leaves out rows without a value', async () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['a,b', '', '1,"x', 'y"', ' , ', ',"', '"', '2,', '3,"z'].join(end);
      expect(await read(`${text}"`)).toEqual([
        { line: 1, cells: ['a', 'b'] },
        { line: 4, cells: ['1', `x${end}y`] },
        { line: 8, cells: ['2', ''] },
        { line: 9, cells: ['3', 'z'] },
      ]);
      await expect(read(text)).rejects.toThrow('Line 9: a quotation mark is not closed');
    }
  });
});
