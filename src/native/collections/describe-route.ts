import type { HallInstance } from '../../http/contract.ts';
import { sendText } from '../../http/reply.ts';
import type { CollectionChecks } from './checks.ts';
import { wireCollections } from './schema.ts';

/** GET /collections: what reference data there are, for every caller; it holds no account's data. */
export function describeRoute(app: HallInstance, base: string, all: readonly CollectionChecks[]): void {
  const items = all.map(({ collection, schema }) => {
    const { name, label, one, kind, keys, size, searchText, references = {} } = collection;
    return { name, label, one, kind, keys, size, searchable: searchText !== undefined, references, schema };
  });
  const text = JSON.stringify({ items });

  app.get(
    `${base}/collections`,
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Every collection of reference data',
        description:
          'What tickets name by key, such as their brand or their queue, with the schema of its entries.',
        response: { 200: wireCollections },
      },
    },
    async (_request, reply) => sendText(reply, 200, text),
  );
}
