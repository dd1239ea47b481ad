import type { Than } from '../store.ts';
import type { Comparison } from './filters.ts';

const POINTER = '/query/filter';

const SIGNS: Readonly<Record<string, Than>> = {
  '==': 'at',
  '>': 'after',
  '>=': 'from',
  '<': 'before',
  '<=': 'until',
};

/** What a filter may look like, for the refusal. */
const SHAPE =
  "must be a comparison such as $[?(@.severity=='Major')], or several joined by &&; the operators are ==, >, >=, <, <=";

/** `$[?(…)]`, `[?(…)]`, `$.[?(…)]`, and `list[?(…)]` for the items of a list. */
const FILTER = /^(?:\$\.?)?([A-Za-z]\w*)?\[\?\((.*)\)\]$/s;
const TERM =
  /^@\.?([A-Za-z@][\w.@]*)\s*(==|>=|<=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?|true|false))$/;

/**
 * The comparisons of a JSONPath filter, of which the subset is read that a comparison of attributes needs.
 * https://www.rfc-editor.org/rfc/rfc9535#name-filter-selector
 */
export function parseFilter(
  filter: string,
):
  | { readonly ok: true; readonly comparisons: Comparison[] }
  | { readonly ok: false; readonly message: string } {
  const match = FILTER.exec(filter.trim());
  if (!match) return { ok: false, message: SHAPE };
  const [, list, inner = ''] = match;
  const comparisons: Comparison[] = [];
  for (const term of splitAnd(inner)) {
    const parts = TERM.exec(term.trim());
    if (!parts) return { ok: false, message: SHAPE };
    const [, attribute = '', sign = '', single, double, bare] = parts;
    comparisons.push({
      attribute: list === undefined ? attribute : `${list}.${attribute}`,
      than: SIGNS[sign] ?? 'at',
      values: [single ?? double ?? bare ?? ''],
      pointer: POINTER,
    });
  }
  return { ok: true, comparisons };
}

/** Cuts at `&&` outside of quotes. */
function splitAnd(text: string): string[] {
  const terms: string[] = [];
  let quote: string | null = null;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== null) quote = char === quote ? null : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (text.startsWith('&&', at)) {
      terms.push(text.slice(start, at));
      start = at + 2;
    }
  }
  return [...terms, text.slice(start)];
}
