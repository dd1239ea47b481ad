import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 in base64url. Enough for secrets of 256 random bits, which nobody can guess; passwords need more. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares a secret with a kept hash in constant time. */
export function isSecretOf(hash: string, secret: string): boolean {
  const given = Buffer.from(hashSecret(secret));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}
