import type { FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { WEBHOOK_SECRET_SETTING } from '../help-desk/zendesk/settings.ts';
import { SIGNATURE_HEADER, signatureFault, TIMESTAMP_HEADER } from '../help-desk/zendesk/signature.ts';

/**
 * When the help desk sent the request, by its signature; null where the account has no webhook secret, so that nothing
 * vouches for it. A signature that does not hold is refused.
 */
export async function verifiedSender(
  { directory, clock }: Store,
  { actor, headers, rawBody }: FastifyRequest,
): Promise<{ readonly ok: true; readonly sentAt: Date | null } | Refusal> {
  const { settings } = await directory.account(actor.account);
  const secret = settings[WEBHOOK_SECRET_SETTING];
  if (!secret) return { ok: true, sentAt: null };
  const signature = oneOf(headers[SIGNATURE_HEADER]);
  const timestamp = oneOf(headers[TIMESTAMP_HEADER]);
  const body = rawBody ?? Buffer.alloc(0);
  const fault = signatureFault({ signature, timestamp, body }, secret, clock.now());
  if (fault !== null) return refuse('forbidden', fault);
  return { ok: true, sentAt: new Date(timestamp ?? '') };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
