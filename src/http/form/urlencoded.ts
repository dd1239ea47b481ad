import { isUtf8 } from 'node:buffer';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { type Fields, MOST_FIELDS, tooManyFields } from './field.ts';

/**
 * The fields of an `application/x-www-form-urlencoded` body (https://url.spec.whatwg.org/#urlencoded-parsing), but what
 * is no percent-encoded UTF-8 is refused instead of replaced.
 */
export function parseUrlencoded(bytes: Buffer): Fields | Refusal {
  if (!isUtf8(bytes)) return refuse('malformedBody', 'The body is not UTF-8.');
  const text = bytes.toString('utf8');
  if (text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) return tooManyFields();
  if (!isPercentEncoded(text)) return refuse('malformedBody', 'The body is not percent-encoded UTF-8.');
  // URLSearchParams takes a first `?` for the beginning of a query; behind an empty field it is part of a name.
  return { ok: true, fields: [...new URLSearchParams(`&${text}`)] };
}

function isPercentEncoded(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
