import { createHmac, timingSafeEqual } from 'node:crypto';

/** The headers of a signed webhook, as Node spells them. https://developer.zendesk.com/documentation/webhooks/verifying/ */
export const SIGNATURE_HEADER = 'x-zendesk-webhook-signature';
export const TIMESTAMP_HEADER = 'x-zendesk-webhook-signature-timestamp';

/** How far a webhook's timestamp may be from now, either way. */
const TOLERANCE_MS = 5 * 60_000;

/** A moment as Zendesk writes it: 2026-11-25T17:30:00Z. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

export interface SignedRequest {
  /** The two headers as they came; undefined where they are missing. */
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  /** The body's bytes as they came. */
  readonly body: Buffer;
}

/** The signature of a body: base64 of HMAC-SHA256 over timestamp and body. The secret is taken as it stands. */
export function signWebhook(secret: string, timestamp: string, body: Buffer): string {
  return createHmac('sha256', secret).update(timestamp).update(body).digest('base64');
}

/** Why a request was not signed with this secret, or not lately; null where it was. */
export function signatureFault(
  { signature, timestamp, body }: SignedRequest,
  secret: string,
  now: Date,
): string | null {
  if (!signature) return `The header ${SIGNATURE_HEADER} is missing.`;
  if (!timestamp) return `The header ${TIMESTAMP_HEADER} is missing.`;
  const at = MOMENT.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(at)) return `The header ${TIMESTAMP_HEADER} is not a moment such as 2026-11-25T17:30:00Z.`;
  const expected = Buffer.from(signWebhook(secret, timestamp, body));
  const given = Buffer.from(signature);
  // Bytes of another length cannot be compared in constant time; the length is no secret.
  const holds = given.length === expected.length && timingSafeEqual(given, expected);
  if (!holds) return 'The signature does not hold for this body.';
  if (Math.abs(now.getTime() - at) > TOLERANCE_MS) {
    return 'The signature is from more than five minutes ago, or ahead.';
  }
  return null;
}
