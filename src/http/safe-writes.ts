import type { FastifyRequest, preValidationHookHandler } from 'fastify';
import { RefusalError } from '../kernel/errors.ts';
import { fingerprint, readIdempotencyKey } from './idempotency.ts';
import { readIfMatch } from './if-match.ts';
import { isSafe } from './request.ts';

/** Reads `Idempotency-Key` and `If-Match` of a write, once its body is there to be fingerprinted. */
export const safeWriteHook: preValidationHookHandler = (request, _reply, done) => {
  if (isSafe(request.method)) {
    done();
    return;
  }
  const key = readIdempotencyKey(headerOf(request, 'idempotency-key'));
  if (key !== null && typeof key !== 'string') {
    done(new RefusalError(key));
    return;
  }
  const version = readIfMatch(headerOf(request, 'if-match'));
  if (version !== null && typeof version !== 'number') {
    done(new RefusalError(version));
    return;
  }
  request.ifMatch = version;
  if (key !== null) {
    request.idempotency = { key, fingerprint: fingerprint(request.method, request.url, request.rawBody) };
    if (!request.routeOptions.config.readsRawBody) request.rawBody = null;
  }
  done();
};

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
