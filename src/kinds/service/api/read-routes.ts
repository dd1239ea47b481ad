import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { serviceKind } from '../kind.ts';
import { READING } from '../permissions.ts';
import { listServiceTickets } from '../store.ts';
import { toWire, toWireAny } from './map.ts';
import { allQuery, listOf, listQuery, ticketParams, wireAnyTicket, wireTickets } from './schema.ts';
import { ALL_STATES, collectionPath, stateFromWire, WIRE_STATES, type WireState } from './states.ts';

const reading = { permission: READING };
const ALL = '/v2/tickets/tickets';

/** The lists and the single tickets of each state and of all. */
export function readRoutes(app: HallInstance, store: Store): void {
  for (const state of WIRE_STATES) stateRoutes(app, store, state);
  allRoutes(app, store);
}

function stateRoutes(app: HallInstance, store: Store, wireState: WireState): void {
  const state = stateFromWire(wireState);
  const path = collectionPath(wireState);
  app.get(
    path,
    {
      config: reading,
      schema: {
        tags: [wireState],
        summary: `List ${wireState} tickets, the oldest first`,
        querystring: listQuery,
        response: { 200: listOf(wireTickets[wireState]) },
      },
    },
    async (request, reply) => {
      const { limit, offset, ticket_number: number } = request.query;
      const filter = { states: [state], number };
      const { account } = request.actor;
      const { tickets, total } = await listServiceTickets(store.sql, account, filter, limit, offset);
      return sendJson(reply, 200, { query: request.query, result: tickets.map(toWire), total });
    },
  );

  app.get(
    `${path}/:ticketId`,
    {
      config: reading,
      schema: {
        tags: [wireState],
        summary: `One ${wireState} ticket`,
        params: ticketParams,
        response: { 200: wireTickets[wireState] },
      },
    },
    async (request, reply) => {
      const ticket = await store.load(request.actor.account, { id: request.params.ticketId });
      if (ticket?.kind !== serviceKind.name || ticket.state !== state) {
        return sendRefusal(reply, refuse('ticketNotFound'));
      }
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, toWire(ticket));
    },
  );
}

function allRoutes(app: HallInstance, store: Store): void {
  app.get(
    ALL,
    {
      config: reading,
      schema: {
        tags: ['all'],
        summary: 'List tickets of all states, the oldest first',
        querystring: allQuery,
        response: { 200: listOf(wireAnyTicket) },
      },
    },
    async (request, reply) => {
      const { limit, offset, state, ticket_number, externally_processed } = request.query;
      const filter = {
        states: state ? [stateFromWire(state)] : ALL_STATES,
        number: ticket_number,
        externallyProcessed: externally_processed,
      };
      const { account } = request.actor;
      const { tickets, total } = await listServiceTickets(store.sql, account, filter, limit, offset);
      return sendJson(reply, 200, { query: request.query, result: tickets.map(toWireAny), total });
    },
  );

  app.get(
    `${ALL}/:ticketId`,
    {
      config: reading,
      schema: {
        tags: ['all'],
        summary: 'One ticket, whatever its state',
        params: ticketParams,
        response: { 200: wireAnyTicket },
      },
    },
    async (request, reply) => {
      const ticket = await store.load(request.actor.account, { id: request.params.ticketId });
      if (ticket?.kind !== serviceKind.name) return sendRefusal(reply, refuse('ticketNotFound'));
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, toWireAny(ticket));
    },
  );
}
