import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Secret } from './target.ts';

/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** A new secret beside the old ones, which are valid for so long still. Those that are not any more are gone. */
export function rotateSecrets(secrets: readonly Secret[], now: Date, graceMs: number): Secret[] {
  const end = new Date(now.getTime() + graceMs).toISOString();
  const old = secrets.map(({ secret, validUntil }) => ({ secret, validUntil: validUntil ?? end }));
  return [{ secret: newWebhookSecret(), validUntil: null }, ...validAt(old, now)];
}

function validAt(secrets: readonly Secret[], now: Date): Secret[] {
  return secrets.filter(({ validUntil }) => validUntil === null || new Date(validUntil) > now);
}

/** The three headers of Standard Webhooks, with a signature for each secret that is valid now. */
export function signatureHeaders(
  secrets: readonly Secret[],
  id: string,
  now: Date,
  body: string,
): Record<string, string> {
  const signatures = validAt(secrets, now).map(({ secret }) => new Webhook(secret).sign(id, now, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
