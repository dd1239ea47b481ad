import type { Document } from './document.ts';

/** A place in a document, and what is there. */
export interface Place {
  readonly pointer: string;
  readonly value: unknown;
}

/**
 * The places that a path with queries stands for: `/note?id=7/text` is the text of each note whose id is 7. Several
 * conditions are joined by `&`, a name may lead deeper (`partyOrPartyRole.id`), values are percent-encoded.
 * @returns null where the path cannot be read
 */
export function expandPath(document: Document, path: string): Place[] | null {
  if (!path.startsWith('/')) return null;
  let found: Place[] = [{ pointer: '', value: document }];
  for (const segment of path.slice(1).split('/')) {
    const start = segment.indexOf('?');
    const name = start === -1 ? segment : segment.slice(0, start);
    found = found.map(({ pointer, value }) => ({
      pointer: `${pointer}/${name}`,
      value: member(value, name),
    }));
    if (start === -1) continue;
    const conditions = readConditions(segment.slice(start + 1), name);
    if (conditions === null) return null;
    found = found.flatMap(({ pointer, value }) =>
      (Array.isArray(value) ? value : []).flatMap((item: unknown, index) =>
        conditions.every(({ path: at, wanted }) => textOf(at, item) === wanted)
          ? [{ pointer: `${pointer}/${index}`, value: item }]
          : [],
      ),
    );
  }
  return found;
}

interface Condition {
  readonly path: readonly string[];
  readonly wanted: string;
}

/** `id=7&role=a`; a name may repeat the list's own, as in `/note?note.id=7`. */
function readConditions(query: string, list: string): Condition[] | null {
  const conditions: Condition[] = [];
  for (const part of query.split('&')) {
    const [name = '', ...rest] = part.split('=');
    const wanted = decode(rest.join('='));
    if (name === '' || rest.length === 0 || wanted === null) return null;
    const path = name.split('.');
    conditions.push({ path: path.length > 1 && path[0] === list ? path.slice(1) : path, wanted });
  }
  return conditions;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function member(value: unknown, name: string): unknown {
  const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function textOf(path: readonly string[], item: unknown): string | null {
  const value = path.reduce(member, item);
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;
}
