import type { FastifyRequest } from 'fastify';
import { expandNames } from '../../../http/form/bracket-names.ts';
import { RefusalError } from '../../../kernel/errors.ts';

const IDS = /^ticketids?$/i;

/**
 * Brings the accepted spellings of a body and a query to one before it is checked: bracketed names become lists and objects, the
 * names for ticket ids become `ticketIDs`, and what is empty or null is left out, since the published fields have
 * defaults. In what a list holds, null alone is left out: an empty value of an action is one.
 */
export async function readSpellings(request: FastifyRequest): Promise<void> {
  if (isObject(request.body)) request.body = oneSpelling(request.body);
  if (isObject(request.query)) request.query = oneSpelling(request.query);
}

function oneSpelling(given: Record<string, unknown>): Record<string, unknown> {
  const expanded = expandNames(Object.entries(given));
  if (!expanded.ok) throw new RefusalError(expanded);
  const result: Record<string, unknown> = {};
  const ids: unknown[] = [];
  let named = false;
  for (const [name, value] of Object.entries(expanded.value)) {
    if (IDS.test(name)) {
      named = true;
      ids.push(...idsOf(value));
    } else if (value !== null && value !== '')
      result[name] = Array.isArray(value) ? value.map(withoutNull) : value;
  }
  if (named) result.ticketIDs = ids;
  return result;
}

function withoutNull(element: unknown): unknown {
  if (!isObject(element)) return element;
  return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== null));
}

/** The ids in a value: a number, a text with commas and spaces alone between them, or a list of either. */
function idsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(idsOf);
  if (value === null) return [];
  if (typeof value !== 'string') return [value];
  return value.split(/[ ,]+/).filter((id) => id !== '');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
