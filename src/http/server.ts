import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
  type onRequestAsyncHookHandler,
} from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { RefusalError, refuse } from '../kernel/errors.ts';
import { authenticationHook } from './authentication.ts';
import { readJsonBodies } from './body.ts';
import type { Authenticate, Contract, Plugin } from './contract.ts';
import { type DescribedContract, serveDocs } from './docs-page.ts';
import { handleError, sendRefusal } from './errors.ts';
import { readFormBodies } from './form/form-bodies.ts';
import { type Readiness, serveHealth } from './health.ts';
import { inFlightGuard } from './idempotency.ts';
import { logAnswer } from './logging.ts';
import { createMetrics, serveMetrics } from './metrics.ts';
import { type ContractDocument, describeContract } from './openapi.ts';
import { securePages } from './page-headers.ts';
import { createRateLimiter, type RateLimiter, type RateLimits } from './rate-limit.ts';
import { decorateRequests, isSafe, pathOf } from './request.ts';
import { requestIdMaker } from './request-id.ts';
import { safeWriteHook } from './safe-writes.ts';
import { answerBrokenRequest } from './socket-errors.ts';
import { createEventStreams } from './sse.ts';
import { stopGracefully } from './stop.ts';
import { validateRoute } from './validation.ts';

export interface ServerLimits extends RateLimits {
  readonly bodyBytes: number;
  readonly attachmentBodyBytes: number;
  /** Which proxies may say who the client is; Fastify's option. */
  readonly trustProxy: boolean | string | string[];
  /** How long `close` waits for what was begun. */
  readonly stopWithinMs: number;
  /** From here on an answer is logged as slow. */
  readonly slowMs: number;
}

export interface ServerOptions {
  readonly contracts: readonly Contract[];
  readonly plugins?: readonly Plugin[];
  readonly authenticate: Authenticate;
  readonly readiness: () => Promise<Readiness>;
  readonly log: Logger;
  /** Where others put metrics that `/metrics` shows; the server adds its own. */
  readonly registry?: Registry;
  readonly limits?: Partial<ServerLimits>;
}

const DEFAULT_LIMITS: ServerLimits = {
  bodyBytes: 1024 ** 2,
  attachmentBodyBytes: 25 * 1024 ** 2,
  requestsPerMinute: 60_000,
  failedAuthenticationsPerMinute: 600,
  trustProxy: false,
  stopWithinMs: 10_000,
  slowMs: 1_000,
};

/** A client that takes longer to send its request is cut off. */
const REQUEST_TIMEOUT_MS = 120_000;

/** The HTTP server with all its contracts, ready to `listen` or `inject`; it touches nothing until then. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const registry = options.registry ?? new Registry();
  const app = createApp(options, limits);
  const isStopping = stopGracefully(app, limits.stopWithinMs);

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id });
    if (isStopping()) {
      sendRefusal(reply, refuse('unavailable', 'The server is stopping.'));
    } else if (request.is404) {
      sendRefusal(reply, notServed(request));
    } else {
      done();
    }
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isStopping()) reply.header('connection', 'close');
    done();
  });
  const observe = createMetrics(registry);
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.getHeader('content-type') !== 'text/event-stream') {
      observe(request, reply);
      logAnswer(request, reply, options.log, limits.slowMs);
    }
    done();
  });
  app.addHook('onRoute', (route) => {
    validateRoute(route);
    if (route.config?.takesAttachments) route.bodyLimit = limits.attachmentBodyBytes;
  });

  const limiter = await createRateLimiter(app, limits);
  const guard = inFlightGuard();
  const described: DescribedContract[] = [];
  for (const contract of options.contracts) {
    const authenticate = authenticationHook(options.authenticate, limiter, contract);
    described.push({ contract, document: await serveContract(app, contract, authenticate, guard) });
  }
  const docs: Plugin = { name: 'docs', register: (scope) => serveDocs(scope, described) };
  for (const plugin of [...(options.plugins ?? []), docs]) await servePlugin(app, plugin, limiter);
  serveHealth(app, options.readiness);
  serveMetrics(app, registry);
  await app.ready();
  return app;
}

/** What every answer carries; pages get helmet's longer list instead. */
const SECURITY_HEADERS = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' };

function createApp({ contracts, log }: ServerOptions, limits: ServerLimits): FastifyInstance {
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // A logger for each request costs 1 µs; the lines that are written carry the request's id themselves.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdMaker(),
    bodyLimit: limits.bodyBytes,
    trustProxy: limits.trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The hook of the server answers instead, in the contract's format.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id });
      handleError(error, request as FastifyRequest, reply);
    },
    routerOptions: { maxParamLength: 1024 },
  });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => sendRefusal(reply, notServed(request)));
  app.decorate('eventStreams', createEventStreams());
  decorateRequests(app, contracts);
  readJsonBodies(app);
  return app;
}

function notServed(request: FastifyRequest) {
  return refuse('notFound', `${request.method} ${pathOf(request.url)} is not served.`);
}

/** A contract's routes in a scope of their own, so that its hooks and body parsers touch no other's. */
async function serveContract(
  app: FastifyInstance,
  contract: Contract,
  authenticate: onRequestAsyncHookHandler,
  guard: ReturnType<typeof inFlightGuard>,
): Promise<ContractDocument> {
  let document: ContractDocument = () => '';
  await app.register(async (scope) => {
    document = await describeContract(scope, contract);
    if (contract.readsForms) readFormBodies(scope);
    scope.addHook('onRequest', authenticate);
    scope.addHook('preValidation', safeWriteHook);
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, contract: contract.name };
      if (![route.method].flat().every(isSafe)) route.handler = guard(route.handler);
    });
    await contract.routes(scope.withTypeProvider<TypeBoxTypeProvider>());
  });
  return document;
}

async function servePlugin(app: FastifyInstance, plugin: Plugin, limiter: RateLimiter): Promise<void> {
  await app.register(async (scope) => {
    await securePages(scope);
    scope.addHook('onRequest', async (request) => {
      const refusal = await limiter.countAddress(request);
      if (refusal) throw new RefusalError(refusal);
    });
    await plugin.register(scope.withTypeProvider<TypeBoxTypeProvider>());
  });
}
