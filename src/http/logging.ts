import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { pathOf } from './request.ts';

/**
 * What the log says of a request. Chosen field by field: headers, query values and bodies hold credentials and
 * people's data, so none of them is here.
 */
function describe(request: FastifyRequest, status: number): Record<string, unknown> {
  const { knownActor, routeOptions } = request;
  return {
    requestId: request.id,
    method: request.method,
    path: pathOf(request.url),
    query: Object.keys(request.query ?? {}),
    route: routeOptions.url,
    contract: routeOptions.config?.contract,
    account: knownActor?.account,
    actor: knownActor?.id,
    status,
  };
}

/** The parts of an error that lead to its cause. A driver's error also carries a statement's values: not those. */
function describeError(error: unknown): Record<string, unknown> | undefined {
  if (error === undefined || error === null) return undefined;
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    code: 'code' in error ? error.code : undefined,
    stack: error.stack,
    cause: describeError(error.cause),
  };
}

/** One line for an answer of 500 or more. */
export function logFailure(request: FastifyRequest, status: number, code: string, cause: unknown): void {
  request.log.error({ ...describe(request, status), code, error: describeError(cause) }, 'request failed');
}

/** One line for any other answer: a warning where it took long, else for those who debug. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply, log: Logger, slowMs: number): void {
  if (reply.statusCode >= 500) return;
  const ms = Math.round(reply.elapsedTime);
  if (ms >= slowMs) log.warn({ ...describe(request, reply.statusCode), ms }, 'slow request');
  else if (log.isLevelEnabled('debug')) log.debug({ ...describe(request, reply.statusCode), ms }, 'request');
}
