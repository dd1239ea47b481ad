import { isUtf8 } from 'node:buffer';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { type Field, type Fields, MOST_FIELDS, tooManyFields } from './field.ts';

const CRLF = '\r\n';
const HEADERS_END = '\r\n\r\n';
/** A part's headers are its name and type; more is no browser's. */
const MOST_HEADER_BYTES = 8192;
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
const DISPOSITION = /^content-disposition[ \t]*:[ \t]*form-data[ \t]*(;.*)?$/im;
const PARAMETER = /;[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:\\["\\]|[^"])*)"|([^\s;"]+))/g;
/** What clients put for characters that a quoted name cannot hold: https://www.rfc-editor.org/rfc/rfc7578#section-2 */
const ESCAPE = /%22|%0D|%0A|\\["\\]/gi;
const ESCAPED: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

/**
 * The text fields of a `multipart/form-data` body (RFC 7578), in their order. Files are left out: no operation reads
 * them from a form.
 * @param contentType the header, which names the boundary
 */
export function parseMultipart(bytes: Buffer, contentType: string): Fields | Refusal {
  const match = BOUNDARY.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return malformed('its Content-Type names no boundary');
  const delimiter = Buffer.from(`${CRLF}--${boundary}`);
  const fields: Field[] = [];
  let at = firstPart(bytes, delimiter);
  for (;;) {
    const next = at === null ? null : afterDelimiter(bytes, at);
    if (next === null) return malformed('a boundary is missing or broken');
    if (next === 'end') return { ok: true, fields };
    if (fields.length === MOST_FIELDS) return tooManyFields();
    const end = bytes.indexOf(delimiter, next - CRLF.length);
    if (end === -1) return malformed('it ends before its last boundary');
    const part = readPart(bytes.subarray(next, Math.max(end, next)));
    if (typeof part === 'string') return malformed(part);
    if (part) fields.push(part);
    at = end + delimiter.length;
  }
}

/** The place after the first delimiter, which begins a line; what stands before it is a preamble. */
function firstPart(bytes: Buffer, delimiter: Buffer): number | null {
  const atStart = delimiter.length - CRLF.length;
  if (bytes.subarray(0, atStart).equals(delimiter.subarray(CRLF.length))) return atStart;
  const at = bytes.indexOf(delimiter);
  return at === -1 ? null : at + delimiter.length;
}

/** Where the part after a delimiter begins, `end` after the last one, null where neither follows. */
function afterDelimiter(bytes: Buffer, at: number): number | 'end' | null {
  if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) return 'end';
  let place = at;
  while (bytes[place] === 0x20 || bytes[place] === 0x09) place += 1;
  return bytes[place] === 0x0d && bytes[place + 1] === 0x0a ? place + CRLF.length : null;
}

/** A text field, null for a file, or what is wrong with the part. */
function readPart(part: Buffer): Field | null | string {
  const headersEnd = part.subarray(0, MOST_HEADER_BYTES).indexOf(HEADERS_END);
  if (headersEnd === -1) return 'a part has no end of its headers';
  const headers = part.subarray(0, headersEnd);
  if (!isUtf8(headers)) return 'the headers of a part are not UTF-8';
  const disposition = DISPOSITION.exec(headers.toString('utf8'));
  if (!disposition) return 'a part has no Content-Disposition of form-data';
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, bare] of (disposition[1] ?? '').matchAll(PARAMETER)) {
    parameters.set(key.toLowerCase(), quoted === undefined ? (bare ?? '') : withoutEscapes(quoted));
  }
  if (parameters.has('filename') || parameters.has('filename*')) return null;
  const name = parameters.get('name');
  if (name === undefined) return 'a part has no name';
  const value = part.subarray(headersEnd + HEADERS_END.length);
  return isUtf8(value) ? [name, value.toString('utf8')] : 'a field is not UTF-8';
}

function withoutEscapes(quoted: string): string {
  return quoted.replace(ESCAPE, (found) => ESCAPED[found.toUpperCase()] ?? found.slice(1));
}

function malformed(why: string): Refusal {
  return refuse('malformedBody', `The body is not valid multipart/form-data: ${why}.`);
}
