import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/actor.ts';
import type { IdempotencyKey } from '../kernel/answer.ts';
import type { FieldError } from '../kernel/errors.ts';
import { type Contract, contractFinder } from './contract.ts';
import type { EventStreams } from './sse.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling. Throws on a public route, where nobody asked. */
    readonly actor: Actor;
    /** Who is calling, null before it is known and on a public route. */
    knownActor: Actor | null;
    /** The request's `Idempotency-Key`, null without one and on a safe method. */
    idempotency: IdempotencyKey | null;
    /** The version in `If-Match`, null without one, for `*`, and on a safe method. */
    ifMatch: number | null;
    /** The body as it came: where the route reads it, and until its fingerprint is taken for an idempotency key. */
    rawBody: Buffer | null;
    /** How long the body was, 0 where there was none. */
    bodyBytes: number;
    /** What the route's schema has against the body, where the route's handler tells it; null for nothing. */
    bodyFaults: readonly FieldError[] | null;
  }
  interface FastifyContextConfig {
    /** No credential is asked for. */
    public?: boolean;
    /** The permission that the caller needs, or several of which any one is enough, else 403. */
    permission?: string | readonly string[];
    /** The body may be as large as a body with attachments. */
    takesAttachments?: boolean;
    /** It makes what was not there: `If-Match` has nothing to do with it. */
    creates?: boolean;
    /** The handler reads `request.rawBody`, such as to verify a signature. */
    readsRawBody?: boolean;
    /**
     * A body that breaks its schema reaches the handler, as it came and with its faults in `request.bodyFaults`, because
     * it finds more faults that belong into the same answer.
     */
    tellsBodyFaults?: boolean;
    /** No rate limit: probes and metrics. */
    unlimited?: boolean;
    /** The contract that the route belongs to; set by the server. */
    contract?: string;
  }
  interface FastifyInstance {
    /** The contract that answers this request, by its route or else by its path; null for none. */
    contractOf(request: FastifyRequest): Contract | null;
    readonly eventStreams: EventStreams;
  }
}

/** Gives requests the fields that the hall's hooks fill. */
export function decorateRequests(app: FastifyInstance, contracts: readonly Contract[]): void {
  const byPath = contractFinder(contracts);
  const byName = new Map(contracts.map((contract) => [contract.name, contract]));
  app.decorateRequest('knownActor', null);
  app.decorateRequest('idempotency', null);
  app.decorateRequest('ifMatch', null);
  app.decorateRequest('rawBody', null);
  app.decorateRequest('bodyBytes', 0);
  app.decorateRequest('bodyFaults', null);
  app.decorateRequest('actor', {
    getter(this: FastifyRequest): Actor {
      if (!this.knownActor) throw new Error('A public route has no actor.');
      return this.knownActor;
    },
  });
  app.decorate('contractOf', (request: FastifyRequest) => {
    const name = request.routeOptions.config?.contract;
    return (name === undefined ? null : byName.get(name)) ?? byPath(pathOf(request.url));
  });
}

/** The path without its query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}
