import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { invalid, RefusalError } from '../kernel/errors.ts';
import { answerBy } from './library-answer.ts';
import type { PeopleLibrary } from './people-library.ts';
import { ADDRESS_HEADER, AUTH_PATH, SERVED_PATHS } from './people-paths.ts';
import { type HttpCallback, OAUTH_ROUTES } from './token-paths.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Serves the OAuth paths. The callback reads the request's stream and writes the response itself. */
export function registerOAuth(app: App, callback: HttpCallback): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body stays in the stream.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const { url, methods } of OAUTH_ROUTES) {
      scope.route({
        method: [...methods],
        url,
        handler: async (request, reply) => {
          reply.hijack();
          // What hooks have set, such as security headers, goes with the answer.
          for (const [name, value] of Object.entries(reply.getHeaders())) {
            if (value !== undefined) reply.raw.setHeader(name, value);
          }
          await callback(request.raw, reply.raw);
        },
      });
    }
  });
}

/**
 * Serves sign-in, sign-out and sessions.
 * @param after called with the request's `Cookie` header when a request may have ended a session
 */
export function registerPeople(
  app: App,
  library: () => Promise<PeopleLibrary>,
  after: (cookie: string | undefined) => void,
): void {
  void app.register(async (scope) => {
    for (const path of SERVED_PATHS) {
      scope.route({
        method: ['GET', 'POST'],
        url: AUTH_PATH + path,
        handler: async (request, reply) => {
          const response = await answerBy(await library(), toWebRequest(request));
          if (request.method === 'POST') after(request.headers.cookie);
          return sendWebResponse(reply, response);
        },
      });
    }
  });
}

function toWebRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  headers.set(ADDRESS_HEADER, request.ip);
  // Node's fetch sends this one alone, and the library would take it for a browser that hides its origin. A browser
  // sends Sec-Fetch-Site beside it.
  if (!headers.has('sec-fetch-site')) headers.delete('sec-fetch-mode');
  const url = URL.parse(request.url, `${request.protocol}://${request.host}`);
  if (url === null) throw new RefusalError(invalid([{ pointer: '/header/host', message: 'must be a host' }]));
  const { method, body } = request;
  if (method !== 'POST' || body === undefined) return new Request(url, { method, headers });
  // The body that was read is written anew, so its length is no longer the one that the caller gave.
  headers.delete('content-length');
  headers.delete('transfer-encoding');
  return new Request(url, { method, headers, body: JSON.stringify(body) });
}

async function sendWebResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status);
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}
