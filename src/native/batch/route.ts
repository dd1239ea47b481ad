import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { sendWritten } from '../../http/reply.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import { createBatchWriter } from '../../store/write-batch.ts';
import { CONTRACT } from '../contract-name.ts';
import type { KindChecks } from '../kind-checks.ts';
import { type PlannedItem, planItem } from './items.ts';
import { resultsJson, toWireResult, wireResults } from './results.ts';

const MOST_ITEMS = 10_000;

const batchBody = Type.Object({
  items: Type.Array(
    Type.Unknown({
      description:
        '`{ "op": "create", "kind", ... }`, `{ "op": "transition", "ticket", "name", "input" }`, `{ "op": "edit", "ticket", "patch" }` or `{ "op": "comment", "ticket", "body", "visibility" }`; the last three also take `ifMatch`, a version.',
    }),
    { minItems: 1, maxItems: MOST_ITEMS },
  ),
  atomic: Type.Optional(
    Type.Boolean({
      description: 'All or nothing: one refused item, and nothing is written (409 `batchAborted`).',
    }),
  ),
});

/** POST /tickets/batch. */
export function batchRoute(
  app: HallInstance,
  base: string,
  store: Store,
  checks: ReadonlyMap<string, KindChecks>,
): void {
  const writer = createBatchWriter(store);

  app.post(
    `${base}/tickets/batch`,
    {
      config: { takesAttachments: true },
      schema: {
        tags: ['tickets'],
        summary: 'Do up to 10,000 things at once',
        description:
          "Each item has its own result. Items on one ticket are done in their order. One `Idempotency-Key` covers the whole batch; `If-Match` is each item's own.",
        body: batchBody,
        response: { 200: wireResults },
      },
    },
    async ({ id: requestId, actor, idempotency, body }, reply) => {
      const { items, atomic = false } = body;
      const planned = items.map((item, index) => planItem(checks, actor, item, index));
      const outcome = await writer.write({
        actor,
        contract: CONTRACT,
        idempotency,
        atomic,
        items: planned.map(({ item }) => item),
        answer: (results) => ({ status: 200, headers: {}, body: resultsJson(results, planned, requestId) }),
      });
      if (!('results' in outcome)) return sendWritten(reply, outcome);
      const results = outcome.results.map((result, index) =>
        toWireResult(result, index, planned[index] as PlannedItem, requestId),
      );
      return sendRefusal(reply, refuse('batchAborted', outcome.message, { data: { results } }));
    },
  );
}
