import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { sendJson } from '../../http/reply.ts';
import type { Refusal } from '../../kernel/errors.ts';
import { LOG_START, type LogPosition } from '../../store/log.ts';
import type { Store } from '../../store/store.ts';
import { readScope } from '../access.ts';
import { limitOf } from '../query.ts';
import { toCloudEvent, wireCloudEvent } from './cloud-event.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { readOn } from './read-on.ts';
import { streamEvents } from './stream.ts';
import type { LogWatch } from './watch-log.ts';

const eventsQuery = Type.Object({
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'The id of an event, or `next` of a page.' }),
  ),
  limit: limitOf(1000, 100),
});

const wireEvents = Type.Object({
  events: Type.Array(wireCloudEvent),
  next: Type.String({ description: 'Give it as `after` to read on, now or later; never null.' }),
});

/** GET /events. */
export function eventRoutes(app: HallInstance, base: string, store: Store, watch: LogWatch): void {
  const source = `${base}/events`;
  app.get(
    source,
    {
      schema: {
        tags: ['events'],
        summary: 'What happens, in the order of commits',
        description:
          'CloudEvents 1.0. Nothing is left out, and nothing comes twice. From the beginning, or after `after`. With `Accept: text/event-stream` the same events are sent as they happen; that begins with the next event, or after `Last-Event-ID` or `after`. A party hears of its own tickets.',
        querystring: eventsQuery,
        response: { 200: wireEvents },
      },
    },
    async (request, reply) => {
      const { actor, query } = request;
      const scope = readScope(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const start = startOf(request, query.after);
      if ('ok' in start) return sendRefusal(reply, start);
      const { account } = actor;
      const { party } = scope;
      if (wantsStream(request)) {
        await streamEvents(store, watch, request, reply, { account, party, after: start.after, source });
        return reply;
      }
      const page = await readOn(store.sql, account, start.after ?? LOG_START, query.limit, party);
      return sendJson(reply, 200, {
        events: page.events.map((event) => toCloudEvent(event, source)),
        next: toCursor(page.next),
      });
    },
  );
}

function wantsStream({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').toLowerCase().includes('text/event-stream');
}

/** What a browser's `EventSource` sends when it comes back wins over the address that it was opened with. */
function startOf(
  request: FastifyRequest,
  after: string | undefined,
): { after: LogPosition | null } | Refusal {
  const lastId = wantsStream(request) ? request.headers['last-event-id'] : undefined;
  const given =
    typeof lastId === 'string' && lastId !== ''
      ? fromCursor(lastId, '/header/last-event-id')
      : after === undefined
        ? null
        : fromCursor(after, '/query/after');
  if (given && !given.ok) return given;
  return { after: given?.position ?? null };
}
