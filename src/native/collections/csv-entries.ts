import { type FieldError, invalid, type Refusal } from '../../kernel/errors.ts';
import { isStorableText } from '../../kernel/text.ts';
import type { ImportedEntry } from '../../store/catalogue/import-entries.ts';
import type { CollectionChecks } from './checks.ts';
import { keyRefusal } from './checks.ts';
import { type CellReader, cellReader } from './csv-cells.ts';
import type { CsvRow } from './csv-rows.ts';

/** A larger file is better cut into several. */
const MOST_ROWS = 100_000;
const MOST_FAULTS = 100;

interface Columns {
  readonly names: readonly string[];
  /** The place of the column with the keys, -1 without one. */
  readonly keyAt: number;
  readonly readers: readonly (CellReader | null)[];
}

/**
 * The rows of a file as entries that fit their collection, or every fault with its line: pointers are
 * `/line/<n>/<column>`. The first row names the columns: `key`, and the properties of the data.
 */
export async function readEntries(
  rows: AsyncIterable<CsvRow>,
  checks: CollectionChecks,
): Promise<{ readonly ok: true; readonly entries: readonly ImportedEntry[] } | Refusal> {
  let columns: Columns | null = null;
  const entries: ImportedEntry[] = [];
  const faults: FieldError[] = [];
  const lines = new Map<string, number>();
  let count = 0;
  for await (const row of rows) {
    if (!columns) {
      const read = readHeader(row, checks);
      if ('ok' in read) return read;
      columns = read;
      continue;
    }
    count += 1;
    if (count > MOST_ROWS) return invalid([{ pointer: '', message: `must have at most ${MOST_ROWS} rows` }]);
    if (faults.length >= MOST_FAULTS) continue;
    const entry = readRow(row, columns, checks, lines);
    if (Array.isArray(entry)) faults.push(...entry);
    else if (faults.length === 0) entries.push(entry as ImportedEntry);
  }
  if (!columns) return invalid([{ pointer: '/line/1', message: 'must name the columns' }]);
  return faults.length > 0 ? invalid(faults.slice(0, MOST_FAULTS)) : { ok: true, entries };
}

function readHeader({ line, cells }: CsvRow, { collection, schema }: CollectionChecks): Columns | Refusal {
  const faults: FieldError[] = [];
  const known = ['key', ...Object.keys(schema.properties)].join(', ');
  const readers = cells.map((name, at) => {
    const pointer = `/line/${line}/${at + 1}`;
    if (cells.indexOf(name) !== at) faults.push({ pointer, message: `the column ${name} is there twice` });
    if (cells.some((other) => other.startsWith(`${name}.`))) {
      faults.push({ pointer, message: `${name} and its parts cannot both be columns` });
    }
    if (name === 'key') return null;
    const reader = cellReader(schema, name);
    if (!reader)
      faults.push({ pointer, message: `${name || 'a column without a name'} is none of ${known}` });
    return reader;
  });
  const keyAt = cells.indexOf('key');
  if (keyAt === -1 && collection.keys === 'text') {
    faults.push({ pointer: `/line/${line}`, message: 'must have a column key' });
  }
  return faults.length > 0 ? invalid(faults) : { names: cells, keyAt, readers };
}

function readRow(
  { line, cells }: CsvRow,
  { names, keyAt, readers }: Columns,
  { collection, checkData }: CollectionChecks,
  lines: Map<string, number>,
): ImportedEntry | readonly FieldError[] {
  const place = `/line/${line}`;
  if (cells.length !== names.length) {
    return [
      {
        pointer: place,
        message: `must have ${names.length} values, as the first line has; it has ${cells.length}`,
      },
    ];
  }
  const data: Record<string, unknown> = {};
  for (const [at, text] of cells.entries()) {
    if (!isStorableText(text)) {
      return [{ pointer: `${place}/${names[at]}`, message: 'must not contain NUL characters' }];
    }
    if (text !== '') readers[at]?.(data, text);
  }
  const faults: FieldError[] = [];
  const key = cells[keyAt] || null;
  if (key !== null) {
    const known = lines.get(key);
    if (known !== undefined) faults.push({ pointer: `${place}/key`, message: `is in line ${known} already` });
    lines.set(key, line);
    faults.push(...(keyRefusal(collection, key, `${place}/key`)?.errors ?? []));
  } else if (collection.keys === 'text') faults.push({ pointer: `${place}/key`, message: 'is required' });
  const checked = checkData(data, place);
  if (!checked.ok) faults.push(...checked.errors);
  return checked.ok && faults.length === 0 ? { key, data: checked.value, place } : faults;
}
