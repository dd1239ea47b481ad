import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, type Refusal, RefusalError, refuse } from '../kernel/errors.ts';
import type { ErrorFormat } from './contract.ts';
import { logFailure } from './logging.ts';
import { problem } from './problem.ts';
import { KEY_AT_FAULT } from './two-credentials.ts';

/** The format that this request's errors take: its contract's, else RFC 9457. */
function errorFormatOf(request: FastifyRequest): ErrorFormat {
  return request.server.contractOf(request)?.errors ?? problem;
}

/**
 * Answers with a refusal in the request's format, with the headers that its code calls for.
 * @param cause what went wrong inside; it goes to the log, never into the answer
 */
export function sendRefusal(reply: FastifyReply, refusal: Refusal, cause?: unknown): FastifyReply {
  const { request } = reply;
  const format = errorFormatOf(request);
  const status = format.statuses[refusal.code];
  // As bytes, for Fastify adds a charset to the content type of a string.
  const body = Buffer.from(JSON.stringify(format.body(refusal, status, request.id)));
  if (status >= 500) logFailure(request, status, refusal.code, cause);
  if (refusal.code === 'unauthenticated') {
    const given = request.headers.authorization !== undefined && refusal.data?.credential !== KEY_AT_FAULT;
    reply.header('www-authenticate', given ? 'Bearer error="invalid_token"' : 'Bearer');
  } else if (refusal.code === 'unavailable') {
    reply.header('retry-after', '1');
  } else if (refusal.code === 'rateLimited' && typeof refusal.data?.retryAfterSeconds === 'number') {
    reply.header('retry-after', String(refusal.data.retryAfterSeconds));
  }
  return reply.code(status).header('content-type', format.contentType).send(body);
}

/** The one error handler: turns what was thrown into a refusal. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.raw.headersSent) {
    // Too late for another answer: the client must see that this one is cut short.
    logFailure(request, reply.statusCode, 'internalError', error);
    reply.raw.destroy();
    return;
  }
  sendRefusal(reply, toRefusal(error, request), error);
}

/** The refusal that an error amounts to; what nobody expected is `internalError` and says nothing of its cause. */
function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  if (!(error instanceof Error)) return unexpected(request.id);
  if (error.name === 'UnavailableError') return refuse('unavailable');
  // The client went away in the middle of its body; nobody reads the answer.
  if (!request.raw.complete && request.raw.destroyed) {
    return refuse('malformedBody', 'The connection ended before the body was complete.');
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return frameworkRefusal(code) ?? unexpected(request.id);
}

function unexpected(requestId: string): Refusal {
  return refuse(
    'internalError',
    `Something failed inside. The log has it under the request id ${requestId}.`,
  );
}

/** Fastify's own complaints about a request: https://fastify.dev/docs/latest/Reference/Errors/ */
function frameworkRefusal(code: string): Refusal | null {
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('unsupportedMediaType');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('payloadTooLarge');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refuse('malformedBody', 'The body is not as long as Content-Length says.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_INVALID_URL':
      return invalid([{ pointer: '/path', message: 'must be percent-encoded UTF-8' }]);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalid([{ pointer: '/path', message: 'has a segment that is too long' }]);
    default:
      return null;
  }
}
