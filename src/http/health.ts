import type { FastifyInstance } from 'fastify';
import { sendJson } from './reply.ts';

export interface Readiness {
  readonly ok: boolean;
  /** What was looked at, and what was found: `{ database: 'ok', migrations: '2 are missing' }`. */
  readonly checks: Readonly<Record<string, string>>;
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, else 503. */
export function serveHealth(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  const config = { unlimited: true };
  app.get('/healthz', { config }, async (_request, reply) => sendJson(reply, 200, { ok: true }));
  app.get('/readyz', { config }, async (_request, reply) => {
    const { ok, checks } = await readiness();
    return sendJson(reply, ok ? 200 : 503, { ok, checks });
  });
}
