import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { invalid, type Refusal, RefusalError, refuse } from '../kernel/errors.ts';

const POINTER = '/header/idempotency-key';
const BARE = /^[\x21\x23-\x7e][\x20-\x7e]{0,254}$/;
/** A String of structured fields: https://www.rfc-editor.org/rfc/rfc9651#name-strings */
const QUOTED = /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/;

/**
 * The key of an `Idempotency-Key` header, quoted (as the IETF draft writes it) or bare; null without the header.
 * `"abc"` and `abc` are one key.
 */
export function readIdempotencyKey(header: string | undefined): string | null | Refusal {
  if (header === undefined) return null;
  const text = header.trim();
  const key = QUOTED.test(text) ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text;
  if (key !== text && key.length >= 1 && key.length <= 255) return key;
  if (key === text && BARE.test(key)) return key;
  return invalid([
    { pointer: POINTER, message: 'must have 1 to 255 printable ASCII characters, quoted or bare' },
  ]);
}

/** SHA-256 in base64url over method, path with query, and body: what tells one request from another. */
export function fingerprint(method: string, url: string, body: Buffer | null): string {
  const head = Buffer.from(`${method}\n${url}\n`);
  return hash('sha256', body ? Buffer.concat([head, body]) : head, 'base64url');
}

/**
 * Lets one request at a time run for each caller and key on this node: a second one is refused
 * (`idempotencyInFlight`). A key is given back when the handler has settled, whether its client still listens or
 * not, so a retry after a dropped connection never runs beside the request that it repeats.
 */
export function inFlightGuard(): (handler: RouteHandlerMethod) => RouteHandlerMethod {
  const running = new Set<string>();
  return (handler) =>
    async function guarded(this, request: FastifyRequest, reply: FastifyReply) {
      const { idempotency, knownActor } = request;
      if (!idempotency || !knownActor) return handler.call(this, request, reply);
      const id = `${knownActor.account}\0${knownActor.id}\0${idempotency.key}`;
      if (running.has(id)) throw new RefusalError(refuse('idempotencyInFlight'));
      running.add(id);
      try {
        return await handler.call(this, request, reply);
      } finally {
        running.delete(id);
      }
    };
}
