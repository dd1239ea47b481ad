import { invalid, type Refusal } from '../kernel/errors.ts';

const POINTER = '/header/if-match';
/** A version, as an entity tag (strong or weak) or bare. */
const ONE_TAG = /^(?:(?:W\/)?"(\d{1,15})"|(\d{1,15}))$/;

/** The entity tag of a version: `"5"`. */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that an `If-Match` header asks for (https://www.rfc-editor.org/rfc/rfc9110#name-if-match), null where
 * there is no such header or it is `*`. Several tags are refused: a ticket has one version.
 */
export function readIfMatch(header: string | undefined): number | null | Refusal {
  if (header === undefined) return null;
  const text = header.trim();
  if (text === '*') return null;
  const match = ONE_TAG.exec(text);
  if (match) return Number(match[1] ?? match[2]);
  const message = text.includes(',')
    ? 'must name one version: a list of entity tags is not read'
    : 'must be the ETag of the version that is meant, such as "5", or *';
  return invalid([{ pointer: POINTER, message }]);
}
