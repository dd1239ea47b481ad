import type { Document } from './document.ts';

/**
 * The part of a document that `fields` asks for: names joined by commas. A name that leads deeper asks for the whole
 * attribute, a name that nothing has asks for nothing.
 * @param always attributes that are there whatever is asked for
 */
export function selectFields(
  document: Document,
  fields: string | undefined,
  always: readonly string[],
): Document {
  if (fields === undefined) return document;
  const wanted = new Set([...always, ...fields.split(',').map((name) => name.trim().split('.', 1)[0])]);
  return Object.fromEntries(Object.entries(document).filter(([name]) => wanted.has(name)));
}
