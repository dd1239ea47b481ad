import { Type } from 'typebox';
import type { Entry } from '../../core/collection.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { etag } from '../../http/if-match.ts';
import { cursorFormat } from '../../http/paging.ts';
import { sendJson } from '../../http/reply.ts';
import { refuse } from '../../kernel/errors.ts';
import { findEntry } from '../../store/catalogue/find.ts';
import { listEntries } from '../../store/catalogue/list.ts';
import { searchEntries } from '../../store/catalogue/search.ts';
import type { Store } from '../../store/store.ts';
import { cursor, DEFAULT_LIMIT, foreignCursor, limitOf } from '../query.ts';
import { ownStaffOnly, readersOf } from './access.ts';
import type { CollectionChecks } from './checks.ts';
import { entryParams, wireEntries, wireEntry } from './schema.ts';
import { toWireEntry } from './to-wire.ts';

const listQuery = Type.Object({ limit: limitOf(200, DEFAULT_LIMIT), cursor });
const searchQuery = Type.Object({
  ...listQuery.properties,
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'Only entries with these words, each the beginning of a word, the best first; where there are none, one typing error in each word is forgiven. The answer is one page.',
    }),
  ),
});

const cursors = cursorFormat(Type.Object({ list: Type.String(), after: Type.String() }));

/** GET /{collection} and GET /{collection}/{key}. */
export function readRoutes(app: HallInstance, base: string, store: Store, checks: CollectionChecks): void {
  const { collection } = checks;
  const { name, one, label, searchText } = collection;

  app.get(
    `${base}/${name}`,
    {
      config: { permission: readersOf(collection) },
      onRequest: ownStaffOnly,
      schema: {
        tags: ['catalogue'],
        summary: `List: ${label}`,
        description: 'In the order of their keys.',
        querystring: searchText ? searchQuery : listQuery,
        response: { 200: wireEntries(checks) },
      },
    },
    async ({ actor: { account }, query }, reply) => {
      const { q, limit, cursor: start } = query as { q?: string; limit: number; cursor?: string };
      const toItems = (entries: readonly Entry[]) => entries.map((entry) => toWireEntry(collection, entry));
      if (q !== undefined) {
        const found = await searchEntries(store, account, collection, q, limit);
        return sendJson(reply, 200, { items: toItems(found), next: null });
      }
      const decoded = start === undefined ? null : cursors.decode(start);
      if (decoded && !decoded.ok) return sendRefusal(reply, decoded);
      if (decoded && decoded.position.list !== name) return sendRefusal(reply, foreignCursor());
      const page = await listEntries(
        store.listSql,
        account,
        collection,
        limit,
        decoded?.position.after ?? null,
      );
      const next = page.next === null ? null : cursors.encode({ list: name, after: page.next });
      return sendJson(reply, 200, { items: toItems(page.entries), next });
    },
  );

  app.get(
    `${base}/${name}/:key`,
    {
      config: { permission: readersOf(collection) },
      onRequest: ownStaffOnly,
      schema: {
        tags: ['catalogue'],
        summary: `Read a ${one}`,
        params: entryParams,
        response: { 200: wireEntry(checks) },
      },
    },
    async ({ actor: { account }, params: { key } }, reply) => {
      const entry = await findEntry(store.sql, account, collection, key);
      if (!entry) return sendRefusal(reply, refuse('entryNotFound', `There is no ${one} ${key}.`));
      reply.header('etag', etag(entry.version));
      return sendJson(reply, 200, toWireEntry(collection, entry));
    },
  );
}
