import type { Answer } from '../kernel/answer.ts';
import { etag } from './if-match.ts';

/**
 * The answer of a write as text, ready to be kept in an idempotency record and sent again.
 * @param version the ticket's version, for the ETag
 * @param location the path of what was made
 */
export function jsonAnswer(status: number, value: unknown, version: number, location?: string): Answer {
  const headers: Record<string, string> = { etag: etag(version) };
  if (location !== undefined) headers.location = location;
  return { status, headers, body: JSON.stringify(value) };
}
