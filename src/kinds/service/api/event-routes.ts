import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { invalid } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { ERASED, type Happening, readHappenings, UPDATED } from '../events.ts';
import { READING } from '../permissions.ts';
import { fromEventId, toEventId } from './event-id.ts';
import { placeOf, toSeconds } from './map.ts';
import { eventsQuery, type WireEvent, wireEvents } from './schema.ts';
import { stateFromWire, stateToWire, WIRE_STATES } from './states.ts';

const PREFIX = 'tickets.ticket.';

/** What happens to service tickets, for programs that follow it. */
export function eventRoutes(app: HallInstance, { sql }: Store): void {
  app.get(
    '/v2/system/events',
    {
      config: { permission: READING },
      schema: {
        tags: ['events'],
        summary: 'What happened to tickets, the oldest first',
        description:
          'From the beginning, or after `after_id`. Nothing is left out, and nothing comes twice. An answer without events may still lead on: give its `after_id` the next time.',
        querystring: eventsQuery,
        response: { 200: wireEvents },
      },
    },
    async (request, reply) => {
      const { after_id, limit, type } = request.query;
      const after = after_id === undefined ? null : fromEventId(after_id);
      if (after_id !== undefined && after === null) {
        const message = 'must be the id of an event, or the after_id of an answer';
        return sendRefusal(reply, invalid([{ pointer: '/query/after_id', message, rule: 'unknown' }]));
      }
      const what = type === undefined ? null : fromType(type);
      const { happenings, next } = await readHappenings(sql, request.actor.account, after, limit, what);
      return sendJson(reply, 200, { after_id: next && toEventId(next), result: happenings.map(toWire) });
    },
  );
}

/** Of a type that nothing here has, nothing is found. */
function fromType(type: string): string {
  const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '';
  if (name === UPDATED || name === ERASED) return name;
  const state = WIRE_STATES.find((known) => known === name);
  return state ? stateFromWire(state) : '';
}

function toWire({ what, position, ticket, number, at }: Happening): WireEvent {
  const isState = what !== UPDATED && what !== ERASED;
  return {
    id: toEventId(position),
    type: `${PREFIX}${isState ? stateToWire(what) : what}`,
    created_at: toSeconds(at.toISOString()),
    data: {
      ticket_id: ticket,
      ticket_number: number,
      location: isState ? placeOf({ id: ticket, state: what }) : null,
    },
  };
}
