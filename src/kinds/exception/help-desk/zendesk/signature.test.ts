import { describe, expect, it } from 'vitest';
import { type SignedRequest, signatureFault, signWebhook } from './signature.ts';

const secret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3RpbmdfcHVycG9zZXM=';
const timestamp = '2026-11-25T17:30:00Z';
const body = Buffer.from('{"status":"solved","comment":"Grüße"}');
const at = (offsetMs: number) => new Date(Date.parse(timestamp) + offsetMs);
const signed: SignedRequest = { signature: signWebhook(secret, timestamp, body), timestamp, body };

describe('the signature of a webhook', () => {
  it('is base64 of HMAC-SHA256 over timestamp and body, the secret as it stands', () => {
    // printf '2026-11-25T17:30:00Z{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64
    expect(signWebhook('secret', timestamp, Buffer.from('{"a":1}'))).toBe(
      'VjpvGs6aPk5IKM3SU5nacdIVkyXDLOeh0PPtbQj1kTo=',
    );
  });

  it.each([0, 300_000, -300_000])('holds %i ms after its timestamp', (offsetMs) => {
    expect(signatureFault(signed, secret, at(offsetMs))).toBeNull();
  });

  it.each([300_001, -300_001, 86_400_000])('does not hold %i ms after its timestamp', (offsetMs) => {
    expect(signatureFault(signed, secret, at(offsetMs))).toContain('five minutes');
  });

  it.each<[string, Partial<SignedRequest>, string]>([
    ['another body', { body: Buffer.from('{"status":"open"}') }, 'does not hold'],
    ['no body', { body: Buffer.alloc(0) }, 'does not hold'],
    ['another timestamp', { timestamp: '2026-11-25T17:30:01Z' }, 'does not hold'],
    ['another secret', { signature: signWebhook('another', timestamp, body) }, 'does not hold'],
    ['a shorter signature', { signature: signed.signature?.slice(0, -1) }, 'does not hold'],
    ['a signature of other characters', { signature: 'é'.repeat(22) }, 'does not hold'],
    ['no signature', { signature: undefined }, 'x-zendesk-webhook-signature is missing'],
    ['an empty signature', { signature: '' }, 'is missing'],
    ['no timestamp', { timestamp: undefined }, 'signature-timestamp is missing'],
    ['no moment', { timestamp: 'yesterday' }, 'is not a moment'],
    ['a moment that is none', { timestamp: '2026-13-45T99:00:00Z' }, 'is not a moment'],
  ])('does not hold for %s', (_, more, fault) => {
    expect(signatureFault({ ...signed, ...more }, secret, at(0))).toContain(fault);
  });
});
