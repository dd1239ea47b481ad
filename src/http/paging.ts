import { crc32 } from 'node:zlib';
import type { Static, TSchema } from 'typebox';
import { invalid, type Refusal } from '../kernel/errors.ts';
import { findUnstorable } from '../kernel/text.ts';
import { compileSchema } from './schema-compile.ts';

/** Writes and reads the opaque cursors of one list. */
export interface CursorFormat<T> {
  encode(position: T): string;
  /** The position, or `invalidRequest` where the cursor is not one that this list gave out. */
  decode(cursor: string): { readonly ok: true; readonly position: T } | Refusal;
}

/**
 * Cursors that hold a position of the given shape: base64url over a checksum and JSON. The checksum finds a cursor
 * that was cut or mistyped; one that was made up must still have the shape, and can lead only to what its bearer may
 * see, because a list asks for the caller's rows whatever the cursor says.
 * @param pointer where the client puts it, for the refusal
 */
export function cursorFormat<T extends TSchema>(
  schema: T,
  pointer = '/query/cursor',
): CursorFormat<Static<T>> {
  const shape = compileSchema(schema);
  const broken = invalid([{ pointer, message: 'must be a cursor that this list gave out' }]);
  return {
    encode(position) {
      const json = JSON.stringify(position);
      return Buffer.from(checksum(json) + json).toString('base64url');
    },
    decode(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const text = bytes.toString('utf8');
      const json = text.slice(8);
      // Node reads over what is no base64url, and over what is too much at the end.
      if (checksum(json) !== text.slice(0, 8) || bytes.toString('base64url') !== cursor) return broken;
      const value = parse(json);
      const result = shape.check(value);
      if (!result.ok || findUnstorable(value) !== null) return broken;
      return { ok: true, position: result.value };
    },
  };
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
