import { invalid, type Refusal } from '../../kernel/errors.ts';
import type { LogPosition } from '../../store/log.ts';

const CURSOR = /^(\d{1,20})-(\d{1,16})$/;
/** Transaction ids have 64 bits. */
const LAST_XID = 2n ** 64n - 1n;

/** A place in the log as clients keep it; an event's id is the place right after it. */
export function toCursor({ xid, seq }: LogPosition): string {
  return `${xid}-${seq}`;
}

/** @param pointer where the client put it, for the refusal */
export function fromCursor(
  text: string,
  pointer: string,
): { readonly ok: true; readonly position: LogPosition } | Refusal {
  const match = CURSOR.exec(text);
  const [, xid = '', seq = ''] = match ?? [];
  if (!match || BigInt(xid) > LAST_XID || !Number.isSafeInteger(Number(seq))) {
    return invalid([{ pointer, message: 'must be the id of an event, or `next` of a page' }]);
  }
  return { ok: true, position: { xid, seq: Number(seq) } };
}

/** True where `a` stands after `b`. */
export function isAfter(a: LogPosition, b: LogPosition): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)];
  return x === y ? a.seq > b.seq : x > y;
}
