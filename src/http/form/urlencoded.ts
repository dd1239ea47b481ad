import { isUtf8 } from 'node:buffer';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { type Field, type Fields, MOST_FIELDS, tooManyFields } from './field.ts';

/**
 * The fields of an `application/x-www-form-urlencoded` body (https://url.spec.whatwg.org/#urlencoded-parsing), but what
 * is no percent-encoded UTF-8 is refused instead of replaced.
 */
export function parseUrlencoded(bytes: Buffer): Fields | Refusal {
  if (!isUtf8(bytes)) return refuse('malformedBody', 'The body is not UTF-8.');
  const parts = bytes.toString('utf8').split('&', MOST_FIELDS + 1);
  if (parts.length > MOST_FIELDS) return tooManyFields();
  const fields: Field[] = [];
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    if (name === null || value === null) {
      return refuse('malformedBody', 'The body is not percent-encoded UTF-8.');
    }
    fields.push([name, value]);
  }
  return { ok: true, fields };
}

function decode(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return null;
  }
}
