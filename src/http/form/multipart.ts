import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { type Field, type Fields, MOST_FIELDS, tooManyFields } from './field.ts';

/** A part costs the parser up to 0.1 ms and the smallest has 60 bytes: others get their turn after each slice. */
const SLICE_BYTES = 16 * 1024;
/** A part's headers are its name and type; more is no browser's. */
const MOST_HEADER_BYTES = 8192;
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
/** What clients put for characters that a quoted name cannot hold: https://www.rfc-editor.org/rfc/rfc7578#section-2 */
const ESCAPE = /%22|%0D|%0A/gi;
const REPLACED = '\ufffd';

/** The fields, and how many parts had a name, files among them. */
interface Parts {
  readonly fields: readonly Field[];
  readonly named: number;
}

/**
 * The text fields of a `multipart/form-data` body (RFC 7578), in their order. Files are left out: no operation reads
 * them from a form.
 * @param contentType the header, which names the boundary
 */
export async function parseMultipart(bytes: Buffer, contentType: string): Promise<Fields | Refusal> {
  const match = BOUNDARY.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return malformed('its Content-Type names no boundary');
  const parts = await readParts(bytes, contentType);
  if (parts === null) return malformed('a boundary is missing or broken');
  const { fields, named } = parts;
  if (fields.length > MOST_FIELDS) return tooManyFields();
  // The parser leaves out what it cannot read. An operation that a field narrows would then mean every ticket.
  if (named !== countParts(bytes, boundary)) {
    return malformed('a part has no Content-Disposition of form-data with a name, or a boundary is broken');
  }
  // The parser replaces what is not UTF-8; a client may have sent that character itself.
  const isReplaced = fields.some((field) => field.some((text) => text.includes(REPLACED)));
  return isReplaced && !isUtf8(bytes) ? malformed('a field is not UTF-8') : { ok: true, fields };
}

/** Null where the bytes have no such form. */
async function readParts(bytes: Buffer, contentType: string): Promise<Parts | null> {
  const { promise, resolve } = Promise.withResolvers<Parts | null>();
  const fields: Field[] = [];
  let named = 0;
  const parser = openParser(contentType, (name) => {
    if (name !== undefined) named += 1;
  });
  if (!parser) return null;
  parser.on('field', (name: string | undefined, value) => {
    if (name !== undefined) fields.push([name.replace(ESCAPE, decodeURIComponent), value]);
  });
  parser.on('error', () => resolve(null));
  parser.on('finish', () => resolve({ fields, named }));
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    parser.write(bytes.subarray(at, at + SLICE_BYTES));
  }
  parser.end();
  return promise;
}

function openParser(contentType: string, onPart: (name: string | undefined) => void): BusboyInstance | null {
  const limits = {
    fields: MOST_FIELDS + 1,
    fieldSize: Number.POSITIVE_INFINITY,
    headerSize: MOST_HEADER_BYTES,
  };
  const isPartAFile = (name?: string, _type?: string, file?: string): boolean => {
    onPart(name);
    return file !== undefined;
  };
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile });
  } catch {
    // It reads the parameters more strictly than we do and finds no boundary.
    return null;
  }
}

/** How many parts begin before the last boundary. */
function countParts(bytes: Buffer, boundary: string): number {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const isFirst = bytes.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2));
  let parts = 0;
  for (let at = isFirst ? -2 : bytes.indexOf(delimiter); at !== -1; ) {
    const end = at + delimiter.length;
    if (bytes.toString('latin1', end, end + 2) === '--') return parts;
    parts += 1;
    at = bytes.indexOf(delimiter, end);
  }
  return parts;
}

function malformed(why: string): Refusal {
  return refuse('malformedBody', `The body is not valid multipart/form-data: ${why}.`);
}
