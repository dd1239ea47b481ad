import { hash } from 'node:crypto';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { may } from '../kernel/actor.ts';
import { RefusalError, refuse } from '../kernel/errors.ts';
import type { Authenticate, Contract, Credential } from './contract.ts';
import type { RateLimiter } from './rate-limit.ts';
import { isSafe } from './request.ts';
import { authenticateTwice } from './two-credentials.ts';

/**
 * The first hook of a contract's routes, run before the body is read: finds out who is calling, counts the request,
 * and asks for the permission that the route names.
 */
export function authenticationHook(
  authenticate: Authenticate,
  limiter: RateLimiter,
  { name: contract, keyBesideToken }: Pick<Contract, 'name' | 'keyBesideToken'>,
): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const { config } = request.routeOptions;
    if (config.public) {
      reject(config.unlimited ? null : await limiter.countAddress(request));
      return;
    }
    reply.header('cache-control', 'no-store');
    const credential = readCredential(request, contract);
    const { digest } = credential;
    if (digest !== null) reject(await limiter.mayTry(request, digest));
    const result = await (keyBesideToken
      ? authenticateTwice(authenticate, credential, keyBesideToken)
      : authenticate(credential));
    if ('ok' in result) {
      if (digest === null) reject(await limiter.countAddress(request));
      else if (result.code === 'unauthenticated') reject(await limiter.countFailure(request));
      throw new RefusalError(result);
    }
    if (digest !== null) reject(await limiter.countCaller(request, digest));
    request.knownActor = result;
    const { permission } = config;
    if (permission !== undefined && ![permission].flat().some((name) => may(result, name))) {
      const names = [permission].flat().join(' or ');
      throw new RefusalError(
        refuse('forbidden', `The permission ${names} is needed.`, { data: { permission } }),
      );
    }
  };
}

function reject(refusal: ReturnType<typeof refuse> | null): void {
  if (refusal) throw new RefusalError(refusal);
}

function readCredential(request: FastifyRequest, contract: string): Credential {
  const { headers } = request;
  const authorization = headers.authorization ?? null;
  const apiKeyHeader = textOrNull(headers['x-api-key']);
  const apiKeyQuery = textOrNull((request.query as Record<string, unknown> | undefined)?.apiKey);
  const cookie = isForged(request) ? null : (headers.cookie ?? null);
  const given = authorization !== null || apiKeyHeader !== null || apiKeyQuery !== null || cookie !== null;
  // Separated by a character that no header may hold, so that two credentials never look like one.
  const secret = `${authorization ?? ''}\n${apiKeyHeader ?? ''}\n${apiKeyQuery ?? ''}\n${cookie ?? ''}`;
  const digest = given ? hash('sha256', secret, 'base64url') : null;
  return { authorization, apiKeyHeader, apiKeyQuery, cookie, digest, contract };
}

/**
 * A browser sends a cookie along with what another site's page asks for, so a write counts as the cookie's only where
 * it began on a page of ours. What names no origin at all is no browser.
 */
function isForged(request: FastifyRequest): boolean {
  if (isSafe(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin } = request.headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.host);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
