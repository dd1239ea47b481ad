import type { Clock } from '../kernel/clock.ts';
import type { Directory } from '../store/directory.ts';
import type { Payload } from './format.ts';
import type { Poster, Sent } from './post.ts';
import { signatureHeaders } from './secrets.ts';
import { allowsPrivateAddresses } from './settings.ts';
import type { Target } from './target.ts';

export interface AttemptParts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly poster: Poster;
}

/** Sends a payload to a target, signed now. */
export async function attempt(
  { clock, directory, poster }: AttemptParts,
  { account, url, secrets }: Target,
  messageId: string,
  { contentType, body }: Payload,
  signal: AbortSignal,
): Promise<Sent> {
  const { settings } = await directory.account(account);
  const now = clock.now();
  return poster.post({
    url,
    headers: { 'content-type': contentType, ...signatureHeaders(secrets, messageId, now, body) },
    body,
    allowsPrivate: allowsPrivateAddresses(settings),
    now,
    signal,
  });
}

export function isTaken({ status }: Sent): boolean {
  return status !== null && status >= 200 && status < 300;
}
