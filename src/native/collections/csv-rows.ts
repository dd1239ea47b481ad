import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { RefusalError, refuse } from '../../kernel/errors.ts';

export interface CsvRow {
  /** From 1; of a row that spans several lines the last one. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file that is read while it arrives. */
export interface CsvFile {
  /** Every row, the header first; rows without any cell are left out. Throws a `RefusalError` for what is no CSV. */
  readonly rows: AsyncIterable<CsvRow>;
  /** SHA-256 in base64url over what has been read. */
  digest(): string;
}

/** Characters of one row at most: an open quotation mark shall not swallow a large file. */
const LONGEST_ROW = 1_000_000;

/** @param mostBytes a longer file is refused as soon as that many have come */
export function readCsv(bytes: Readable, separator: string, mostBytes: number): CsvFile {
  const hash = createHash('sha256');

  async function* decoded(): AsyncGenerator<string> {
    // It leaves out a byte order mark.
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let size = 0;
    // A request that is given up must not be destroyed: its client would not get the answer.
    for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > mostBytes) throw new RefusalError(refuse('payloadTooLarge'));
      hash.update(chunk);
      yield decode(() => decoder.decode(chunk, { stream: true }));
    }
    yield decode(() => decoder.decode());
  }

  async function* rows(): AsyncGenerator<CsvRow> {
    const parser = parse({
      delimiter: separator,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: LONGEST_ROW,
    });
    /** The parser counts a line break of two characters twice where it stands within a value. */
    let counted = 0;
    // What goes wrong on either side comes out of the loop below.
    pipeline(Readable.from(decoded()), parser, () => {});
    try {
      for await (const { record, info } of parser) {
        for (const cell of record) counted += cell.split('\r\n').length - 1;
        if (record.some((cell: string) => cell.trim() !== ''))
          yield { line: info.lines - counted, cells: record };
      }
    } catch (error) {
      throw error instanceof CsvError ? toRefusal(error, counted) : error;
    }
  }

  return { rows: rows(), digest: () => hash.digest('base64url') };
}

function decode(work: () => string): string {
  try {
    return work();
  } catch {
    throw new RefusalError(refuse('malformedBody', 'The file is not UTF-8.'));
  }
}

function toRefusal(error: CsvError, counted: number): RefusalError {
  const fault =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? `the row has more than ${LONGEST_ROW} characters`
      : 'a quotation mark is not closed, or stands in the middle of a value';
  return new RefusalError(refuse('malformedBody', `Line ${Number(error.lines) - counted}: ${fault}.`));
}
