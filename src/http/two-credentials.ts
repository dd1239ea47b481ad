import type { Actor } from '../kernel/actor.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Authenticate, Credential, KeyBesideToken } from './contract.ts';

/** The `credential` in a refusal's data where the token is fine and the API key is not. */
export const KEY_AT_FAULT = 'apiKey';

/**
 * Finds out who is calling by a token and an API key together. The token says who it is and what the caller may; the key
 * has to be one of the same account.
 */
export async function authenticateTwice(
  authenticate: Authenticate,
  credential: Credential,
  { isNeeded }: KeyBesideToken,
): Promise<Actor | Refusal> {
  const none = { authorization: null, apiKeyHeader: null, apiKeyQuery: null, cookie: null };
  const { authorization, apiKeyHeader } = credential;
  if (!authorization)
    return refuse('unauthenticated', 'A bearer token is needed in the header Authorization.');
  const caller = await authenticate({ ...credential, ...none, authorization, tokenOnly: true });
  if ('ok' in caller) return caller;
  if (!apiKeyHeader) {
    if (!(await isNeeded(caller.account))) return caller;
    return keyRefused('An API key is needed beside the token, in the header x-api-key.');
  }
  const holder = await authenticate({ ...credential, ...none, apiKeyHeader });
  // That another account has the key is not told.
  if ('ok' in holder || holder.account !== caller.account) return keyRefused('The API key is not valid.');
  return caller;
}

function keyRefused(message: string): Refusal {
  return refuse('unauthenticated', message, { data: { credential: KEY_AT_FAULT } });
}
