import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import Type from 'typebox';
import type { Actor } from '../kernel/actor.ts';
import { RefusalError, refuse } from '../kernel/errors.ts';
import { actAsAgent, agentHeaders } from './acting-agent.ts';
import type { Contract, Credential, ErrorFormat, HallInstance } from './contract.ts';
import { etag } from './if-match.ts';
import { problem } from './problem.ts';
import { sendJson, sendWritten } from './reply.ts';
import { createServer, type ServerOptions } from './server.ts';
import { openEventStream } from './sse.ts';

/** An error format that has nothing in common with RFC 9457. */
const plainErrors: ErrorFormat = {
  contentType: 'application/json; charset=utf-8',
  statuses: { ...problem.statuses, invalidRequest: 422 },
  body: ({ code, message, errors = [] }) => ({
    code: `plain.${code}`,
    message,
    errors: errors.map(({ pointer, message }) => ({ field: pointer, message })),
  }),
};

const Thing = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 20 }),
  priority: Type.Integer({ minimum: 1, maximum: 3 }),
  state: Type.Literal('OPEN'),
  at: Type.Optional(Type.String({ format: 'date-time' })),
  size: Type.Optional(Type.Integer()),
  tags: Type.Optional(Type.Array(Type.Object({ name: Type.String() }), { maxItems: 2 })),
  extra: Type.Optional(Type.Unknown()),
});

const Search = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 25 }),
  open: Type.Optional(Type.Boolean()),
  tag: Type.Optional(Type.Array(Type.String())),
});

/** What a test can hold back and let go: the handler of `POST /slow` waits for it. */
export interface Gate {
  readonly entered: Promise<void>;
  enter(): void;
  readonly opened: Promise<void>;
  open(): void;
}

function createGate(): Gate {
  const entered = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    enter: entered.resolve,
    opened: opened.promise,
    open: opened.resolve,
  };
}

class UnavailableError extends Error {
  override name = 'UnavailableError';
}

function routesBelow(base: string, gate: Gate) {
  return (app: HallInstance) => {
    const making = { config: { creates: true }, schema: { body: Thing, summary: 'Make a thing' } };
    app.post(`${base}/things`, making, async (request, reply) =>
      sendJson(reply.header('etag', etag(1)), 201, {
        body: request.body,
        by: request.actor.id,
        idempotency: request.idempotency,
      }),
    );
    app.get(`${base}/things`, { schema: { querystring: Search } }, async (request, reply) =>
      sendJson(reply, 200, request.query),
    );
    const params = Type.Object({ id: Type.Integer({ minimum: 1 }) });
    app.get(`${base}/things/:id`, { schema: { params } }, async (request, reply) =>
      sendJson(reply, 200, request.params),
    );
    app.put(`${base}/things/:id`, async (request, reply) =>
      sendWritten(reply, {
        ok: true,
        answer: {
          status: 200,
          headers: { etag: etag(6) },
          body: JSON.stringify({ ifMatch: request.ifMatch }),
        },
        replayed: request.idempotency?.key === 'again',
      }),
    );
    app.post(`${base}/attached`, { config: { takesAttachments: true } }, async (request, reply) =>
      sendJson(reply, 200, { length: JSON.stringify(request.body).length }),
    );
    app.post(`${base}/form`, async ({ body, idempotency }, reply) =>
      sendJson(reply, 200, { body, idempotency }),
    );
    app.post(`${base}/slow`, async (_request, reply) => {
      gate.enter();
      await gate.opened;
      return sendJson(reply, 200, { done: true });
    });
    app.route({
      method: ['GET', 'POST'],
      url: `${base}/boom`,
      handler: async () => {
        throw new Error('select secret from /etc/passwd');
      },
    });
    app.get(`${base}/down`, async () => {
      throw new UnavailableError('no route to 10.0.0.1');
    });
    app.get(`${base}/refused`, async () => {
      throw new RefusalError(refuse('invalidTransition', 'It is closed.', { data: { state: 'closed' } }));
    });
    app.get(`${base}/staff`, { config: { permission: 'staff' } }, async (request, reply) =>
      sendJson(reply, 200, { id: request.actor.id }),
    );
    app.post(
      `${base}/errands`,
      {
        config: { permission: ['errands', 'staff'] },
        schema: { headers: agentHeaders },
        preHandler: actAsAgent,
      },
      async ({ actor: { id, name } }, reply) => sendJson(reply, 200, { id, name }),
    );
    app.get(`${base}/open`, { config: { public: true } }, async (request, reply) =>
      sendJson(reply, 200, { known: request.knownActor }),
    );
    app.get(`${base}/stream`, async (request, reply) => {
      const stream = openEventStream(request, reply);
      await stream.send('1', 'thing', { number: 1 });
      stream.closed.addEventListener('abort', gate.open);
      return reply;
    });
  };
}

function actorOf(id: string, permissions: readonly string[]): Actor {
  return {
    account: 'default',
    id,
    name: id,
    type: 'client',
    party: 'default',
    persona: null,
    permissions: new Set(permissions),
  };
}

/** `Bearer ana` and the API key `ana-key` are fine, `Bearer boss` has the permission `staff`. */
async function authenticate({ authorization, apiKeyHeader, apiKeyQuery, cookie }: Credential) {
  if (authorization === 'Bearer boss') return actorOf('boss', ['staff']);
  const isAna = authorization === 'Bearer ana' || cookie === 'session=ana';
  if (isAna || apiKeyHeader === 'ana-key' || apiKeyQuery === 'ana-key') return actorOf('ana', []);
  return refuse('unauthenticated');
}

export interface Fixture {
  readonly app: FastifyInstance;
  readonly gate: Gate;
  /** Every line that was logged. */
  readonly lines: Record<string, unknown>[];
}

export const ana = { authorization: 'Bearer ana' };

/** A server with the contract `plain` at `/plain` and `/v1/plain`, and the contract `modern` at `/api/v1`. */
export async function startFixture(options: Partial<ServerOptions> = {}): Promise<Fixture> {
  const gate = createGate();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const contracts: Contract[] = [
    {
      name: 'plain',
      title: 'Plain things',
      description: 'An older API.',
      prefixes: ['/plain', '/v1/plain'],
      errors: plainErrors,
      readsForms: true,
      routes: routesBelow('/plain', gate),
    },
    {
      name: 'modern',
      title: 'Modern things',
      description: 'A newer API.',
      prefixes: ['/api/v1'],
      errors: problem,
      routes: routesBelow('/api/v1', gate),
    },
  ];
  const app = await createServer({
    contracts,
    authenticate,
    readiness: async () => ({ ok: true, checks: { database: 'ok' } }),
    log,
    ...options,
  });
  return { app, gate, lines };
}
