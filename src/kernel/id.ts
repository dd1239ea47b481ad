import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { v5, v7 } from 'uuid';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * A UUIDv7 (RFC 9562): ids sort by the moment they were made, so `order by id` is `order by created`.
 * @param at the moment that the id carries, the present one when absent
 */
export function newId(at?: Date): string {
  return v7({ msecs: at?.getTime(), random: nextRandom() });
}

const ID_BYTES = 16;
const pool = new Uint8Array(256 * ID_BYTES);
let used = pool.length;

/** Sixteen random bytes. Taken in blocks: a call of the generator costs 2 µs, whatever it gives. */
function nextRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}

/** Ids of one moment, ascending: what is made together is listed in the order in which it was made. */
export function newIds(count: number, at: Date): string[] {
  const msecs = at.getTime();
  const first = randomInt(2 ** 31);
  return Array.from({ length: count }, (_, index) => v7({ msecs, seq: first + index }));
}

/** Makes the ids of `namedId` others than those of anybody else's names. */
const NAMESPACE = '3f0c2c52-8d0e-4a0b-9a9b-6b1f8f0a7c11';

/** The UUIDv5 (RFC 9562) of a name: always the same one. */
export function namedId(name: string): string {
  return v5(name, NAMESPACE);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A random secret in base64url: 32 bytes are 43 characters. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
