import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client';

/** Adds the process's own metrics and the duration of requests to a registry. */
export function createMetrics(registry: Registry): (request: FastifyRequest, reply: FastifyReply) => void {
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'tessera_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer; event streams are left out.',
    labelNames: ['contract', 'route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (request, reply) => {
    const { url, config } = request.routeOptions;
    // The route's pattern and never the path: each label value is kept for ever.
    const labels = {
      contract: config?.contract ?? '',
      route: url ?? '',
      method: request.method,
      status: reply.statusCode,
    };
    duration.observe(labels, reply.elapsedTime / 1000);
  };
}

/** `/metrics` in the text format of Prometheus. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', { config: { unlimited: true } }, async (_request, reply) => {
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
}
