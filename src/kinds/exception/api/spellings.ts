import type { FastifyRequest } from 'fastify';

const LIST = 'externalReferences';
const LIST_NAME = /^externalReferences(?:\[\d*\])?$/;
const LOGICAL = ['includeInactive', 'includeClosedExceptions'];
/** Sent empty, they say as much as left out. */
const MAY_BE_EMPTY = ['pageKey', 'messageTypeContains'];

/**
 * Brings the accepted spellings of a query to one before it is checked: a list comes as repeated names, with brackets or
 * without, or with commas between its values; `True` is true.
 */
export async function readSpellings(request: FastifyRequest): Promise<void> {
  const given = Object.entries((request.query ?? {}) as Record<string, unknown>);
  const query: Record<string, unknown> = {};
  const list: unknown[] = [];
  for (const [name, value] of given) {
    if (LIST_NAME.test(name)) list.push(...itemsOf(value));
    else if (LOGICAL.includes(name) && typeof value === 'string') query[name] = value.toLowerCase();
    else if (value !== '' || !MAY_BE_EMPTY.includes(name)) query[name] = value;
  }
  if (list.length > 0) query[LIST] = list;
  request.query = query;
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(itemsOf);
  if (typeof value !== 'string') return [value];
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
