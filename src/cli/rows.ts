import type { Cli } from './parts.ts';
import { type Row, toTable } from './table.ts';

/** Prints a list: a table, or with `--json` all that is known of each as one array. */
export function printRows(
  { output }: Cli,
  columns: readonly string[],
  rows: readonly object[],
  json: true | undefined,
): void {
  output.data(json ? JSON.stringify(rows, null, 2) : toTable(columns, rows as readonly Row[]));
}
