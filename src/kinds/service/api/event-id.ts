import type { LogPosition } from '../../../store/log.ts';

/** A UUID of version 8 (RFC 9562) has 122 bits of its maker's own: 60 for the transaction, 62 for the place in it. */
const XID_BITS = 60n;
const SEQ_BITS = 62n;
const VERSION = 8n;
const VARIANT = 0b10n;

/** A place in the log as a UUID; the order of these ids is the order of the log. */
export function toEventId({ xid, seq }: LogPosition): string {
  const transaction = BigInt(xid);
  const head = (((transaction >> 12n) << 4n) | VERSION) << 12n;
  const bits = ((head | (transaction & 0xfffn)) << 64n) | (VARIANT << SEQ_BITS) | BigInt(seq);
  const hex = bits.toString(16).padStart(32, '0');
  return [0, 8, 12, 16, 20].map((from, part) => hex.slice(from, [8, 12, 16, 20, 32][part])).join('-');
}

/** Null where the UUID is no place in the log. */
export function fromEventId(id: string): LogPosition | null {
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  const version = (bits >> 76n) & 0xfn;
  const variant = (bits >> SEQ_BITS) & 0b11n;
  const seq = bits & ((1n << SEQ_BITS) - 1n);
  if (version !== VERSION || variant !== VARIANT || seq > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const transaction = ((bits >> 80n) << 12n) | ((bits >> 64n) & 0xfffn);
  return transaction < 1n << XID_BITS ? { xid: String(transaction), seq: Number(seq) } : null;
}
