import { Type } from 'typebox';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { cursorFormat } from '../../../http/paging.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import { listTickets, type TicketFilter } from '../../../store/list.ts';
import { readTimeline } from '../../../store/log.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { findVisible, partyOf } from './access.ts';
import { singleL, statesSpelled, toWire, toWireHistory, toWireTable } from './map.ts';
import {
  type ListQuery,
  listQuery,
  ticketParams,
  wireHistory,
  wireList,
  wireTable,
  wireTicket,
} from './schema.ts';

/** Far beyond what any ticket has; a history is answered whole. */
const MOST_TRANSACTIONS = 10_000;
/** The order is by creation, which ids carry. */
const cursors = cursorFormat(Type.Object({ id: Type.String({ format: 'uuid' }), at: Type.Null() }));
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const NEWEST_FIRST = { column: 'created', descending: true } as const;

/** List, one, history, and the transaction table. */
export function readRoutes(app: HallInstance, store: Store, base: string): void {
  app.get(
    base,
    {
      schema: {
        tags: [base],
        summary: 'List tickets, newest first',
        querystring: listQuery,
        response: { 200: wireList },
      },
    },
    async (request, reply) => {
      const { actor, query } = request;
      const scope = partyOf(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const start = query.cursor === undefined ? null : cursors.decode(query.cursor);
      if (start && !start.ok) return sendRefusal(reply, start);
      const filter = toFilter(scope.party, query);
      const page = await listTickets(
        store.listSql,
        actor.account,
        filter,
        NEWEST_FIRST,
        query.limit,
        start?.position ?? null,
      );
      const now = store.clock.now();
      return sendJson(reply, 200, {
        troubleTickets: page.tickets.map((ticket) => toWire(ticket, actor, now, base)),
        next: page.next && cursors.encode({ id: page.next.id, at: null }),
      });
    },
  );

  app.get(
    `${base}/transactions`,
    { schema: { tags: [base], summary: 'The transaction table', response: { 200: wireTable } } },
    async (_request, reply) => sendJson(reply, 200, toWireTable()),
  );

  app.get(
    `${base}/:ticketId`,
    { schema: { tags: [base], summary: 'One ticket', params: ticketParams, response: { 200: wireTicket } } },
    async (request, reply) => {
      const ticket = await findVisible(store, request.actor, request.params.ticketId);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, toWire(ticket, request.actor, store.clock.now(), base));
    },
  );

  app.get(
    `${base}/:ticketId/history`,
    {
      schema: {
        tags: [base],
        summary: 'The transactions done, oldest first',
        description: 'Moves from state to state through other APIs stand among them, with `code` null.',
        params: ticketParams,
        response: { 200: wireHistory },
      },
    },
    async (request, reply) => {
      const ticket = await findVisible(store, request.actor, request.params.ticketId);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      const events = await readTimeline(store.sql, ticket.account, ticket.id, 0, MOST_TRANSACTIONS);
      return sendJson(reply, 200, toWireHistory(ticket, events));
    },
  );
}

function toFilter(party: string, query: ListQuery): TicketFilter {
  const {
    baseTroubleTicketState: state,
    role,
    mirrorKey,
    troubleType,
    preferredPriority,
    updatedSince,
  } = query;
  return {
    party,
    kind: troubleKind.name,
    side: role && (role === 'TU' ? 'issuer' : 'owner'),
    states: state && statesSpelled(singleL(state)),
    externalReference: mirrorKey,
    priority: preferredPriority,
    updatedAfter: updatedSince === undefined ? undefined : justBefore(updatedSince),
    fields: troubleType === undefined ? undefined : { troubleType },
  };
}

/** A millisecond earlier, but not before the first moment that PostgreSQL is told of. */
function justBefore(moment: string): Date {
  return new Date(Math.max(Date.parse(moment) - 1, FIRST_MOMENT));
}
