/**
 * An array of one dimension as PostgreSQL writes it.
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function toArrayText(items: readonly (string | number)[] | string): string {
  // A statement that is sent again carries what was made of its parameters the first time.
  if (typeof items === 'string') return items;
  return `{${items.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

const ITEM = /"((?:[^"\\]|\\.)*)"|[^{},"]+/gs;

/** The items of an array of one dimension without nulls. */
export function parseArray(text: string): string[] {
  return Array.from(text.matchAll(ITEM), ([bare, quoted]) =>
    quoted === undefined ? bare : quoted.replace(/\\(.)/gs, '$1'),
  );
}
