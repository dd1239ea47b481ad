import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { cursorFormat } from '../../http/paging.ts';
import { sendJson } from '../../http/reply.ts';
import { readTimeline } from '../../store/log.ts';
import type { Store } from '../../store/store.ts';
import { findVisible, readerOf } from '../access.ts';
import { eventProperties, eventType, toHappening } from '../events/schema.ts';
import { cursor, DEFAULT_LIMIT, foreignCursor, limitOf, nextCursor } from '../query.ts';
import { ticketParams } from './schema.ts';

const timelineQuery = Type.Object({ limit: limitOf(200, DEFAULT_LIMIT), cursor });

const wireTimeline = Type.Object({
  items: Type.Array(
    Type.Object({ type: eventType, at: Type.String({ format: 'date-time' }), ...eventProperties }),
  ),
  next: nextCursor,
});

const cursors = cursorFormat(
  Type.Object({ seq: Type.Integer({ minimum: 0 }), ticket: Type.String({ format: 'uuid' }) }),
);

/** GET /tickets/{id}/timeline. */
export function timelineRoute(app: HallInstance, base: string, store: Store): void {
  app.get(
    `${base}/tickets/:id/timeline`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'What happened to a ticket, oldest first',
        description:
          "Events and comments. Internal comments, and links that others made, are shown only to the account's own people.",
        params: ticketParams,
        querystring: timelineQuery,
        response: { 200: wireTimeline },
      },
    },
    async ({ actor, params, query }, reply) => {
      const found = await findVisible(store, actor, params.id);
      if (!found.ok) return sendRefusal(reply, found);
      const { id, account } = found.ticket;
      const decoded = query.cursor === undefined ? null : cursors.decode(query.cursor);
      if (decoded && !decoded.ok) return sendRefusal(reply, decoded);
      if (decoded && decoded.position.ticket !== id) return sendRefusal(reply, foreignCursor());
      const after = decoded?.position.seq ?? 0;
      const events = await readTimeline(store.sql, account, id, after, query.limit + 1, readerOf(actor));
      const page = events.slice(0, query.limit);
      const last = page.at(-1);
      return sendJson(reply, 200, {
        items: page.map((event) => ({ type: event.type, at: event.at.toISOString(), ...toHappening(event) })),
        next:
          last && events.length > query.limit ? cursors.encode({ seq: last.position.seq, ticket: id }) : null,
      });
    },
  );
}
