import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { sendJson, sendText } from '../../http/reply.ts';
import { refuse } from '../../kernel/errors.ts';
import type { KindChecks } from '../kind-checks.ts';
import { describeKind } from './describe.ts';
import { kindParams, wireKind, wireKinds } from './schema.ts';

/** The kinds of ticket, for every caller: they hold no ticket's data. */
export function kindRoutes(app: HallInstance, base: string, checks: ReadonlyMap<string, KindChecks>): void {
  const items = [...checks.values()].map(describeKind);
  const all = JSON.stringify({ items });

  app.get(
    `${base}/kinds`,
    { schema: { tags: ['kinds'], summary: 'Every kind of ticket', response: { 200: wireKinds } } },
    async (_request, reply) => sendText(reply, 200, all),
  );

  app.get(
    `${base}/kinds/:kind`,
    {
      schema: {
        tags: ['kinds'],
        summary: 'One kind of ticket',
        description: 'Its workflow as data, the JSON Schemas of what clients send, and its state diagram.',
        params: kindParams,
        response: { 200: wireKind },
      },
    },
    async (request, reply) => {
      const kind = items.find(({ name }) => name === request.params.kind);
      if (kind) return sendJson(reply, 200, kind);
      const names = items.map(({ name }) => name).join(', ');
      return sendRefusal(
        reply,
        refuse('notFound', `There is no kind ${request.params.kind}; there are ${names}.`),
      );
    },
  );
}
