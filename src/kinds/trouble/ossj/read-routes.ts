import type { HallInstance } from '../../../http/contract.ts';
import { decodeCursor, encodeCursor } from '../../../http/paging.ts';
import { sendJson, sendRefusal } from '../../../http/reply.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { refuse } from '../../../kernel/errors.ts';
import { listTickets, type PageStart, type TicketFilter } from '../../../store/list.ts';
import { loadTicket } from '../../../store/load.ts';
import { readTimeline } from '../../../store/log.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { actingParty, OPERATE_PERMISSION, roleOf } from '../parties.ts';
import { singleL, stateFromWire, toWire, toWireHistory, toWireTable } from './map.ts';
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
const NEWEST_FIRST = { column: 'created', descending: true } as const;

/** List, one, history, and the transaction table. */
export function readRoutes(app: HallInstance, store: Store, base: string): void {
  app.get(
    base,
    {
      preValidation: async ({ query }: { query: unknown }) => acceptDoubleL(query),
      schema: { summary: 'List tickets, newest first', querystring: listQuery, response: { 200: wireList } },
    },
    async (request, reply) => {
      const { actor, query } = request;
      const party = actingParty(actor);
      if (party === null) {
        return sendRefusal(
          reply,
          refuse(
            'forbidden',
            `Your credential speaks for no party; the account's own staff needs the permission ${OPERATE_PERMISSION}.`,
          ),
        );
      }
      const start = query.cursor === undefined ? null : decodeCursor<PageStart>(query.cursor, isPageStart);
      if (start && 'ok' in start) return sendRefusal(reply, start);
      const filter = toFilter(party, query);
      const page = await listTickets(store.sql, actor.account, filter, NEWEST_FIRST, query.limit, start);
      const now = store.clock.now();
      return sendJson(reply, 200, {
        troubleTickets: page.tickets.map((ticket) => toWire(ticket, actor, now, base)),
        next: page.next && encodeCursor(page.next),
      });
    },
  );

  app.get(
    `${base}/transactions`,
    { schema: { summary: 'The transaction table', response: { 200: wireTable } } },
    async (_request, reply) => sendJson(reply, 200, toWireTable()),
  );

  app.get(
    `${base}/:ticketId`,
    { schema: { summary: 'One ticket', params: ticketParams, response: { 200: wireTicket } } },
    async (request, reply) => {
      const ticket = await findVisible(store, request.actor, request.params.ticketId);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      return sendJson(reply, 200, toWire(ticket, request.actor, store.clock.now(), base), ticket.version);
    },
  );

  app.get(
    `${base}/:ticketId/history`,
    {
      schema: {
        summary: 'The transactions done, oldest first',
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

/** The trouble ticket with this key if the actor's party takes part in it, else null. */
export async function findVisible(store: Store, actor: Actor, key: string) {
  const ticket = await loadTicket(store.sql, actor.account, { key });
  return ticket?.kind === troubleKind.name && roleOf(ticket, actor) !== null ? ticket : null;
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
    states: state && [stateFromWire(state)],
    externalReference: mirrorKey,
    priority: preferredPriority,
    updatedAfter: updatedSince === undefined ? undefined : new Date(Date.parse(updatedSince) - 1),
    fields: troubleType === undefined ? undefined : { troubleType },
  };
}

function acceptDoubleL(query: unknown): void {
  const filters = query as Record<string, unknown>;
  const state = filters.baseTroubleTicketState;
  if (typeof state === 'string') filters.baseTroubleTicketState = singleL(state);
}

function isPageStart(value: unknown): value is PageStart {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
