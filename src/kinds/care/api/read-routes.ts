import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { findQueue } from '../collections.ts';
import { type CareFilter, type CareOrder, listCareTickets } from '../store.ts';
import { findTicket } from './find.ts';
import { stateFromWire } from './map.ts';
import type { Place } from './place.ts';
import { createRenderer } from './render.ts';
import {
  customerParams,
  historyQuery,
  type ListQuery,
  listQuery,
  ticketParams,
  wireHistory,
  wireTicket,
} from './schema.ts';

/** One ticket, the list, and a customer's tickets. */
export function readRoutes(app: HallInstance, store: Store, { base, reading, shown }: Place): void {
  app.get(
    `${base}/tickets/:ticketID`,
    {
      config: reading,
      schema: {
        ...shown('tickets'),
        summary: 'One ticket',
        params: ticketParams,
        response: { 200: wireTicket },
      },
    },
    async (request, reply) => {
      const ticket = await findTicket(store, request.actor.account, request.params.ticketID);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      const render = await createRenderer(store, request, [ticket.id]);
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, render(ticket, store.clock.now()));
    },
  );

  app.get(
    `${base}/tickets`,
    {
      config: reading,
      schema: {
        ...shown('tickets'),
        summary: 'List tickets by priority, the newest of each first',
        description:
          'The header `X-Total-Count` tells how many there are, unless filters find more than ten thousand.',
        querystring: listQuery,
        response: { 200: wireHistory },
      },
    },
    async (request, reply) => {
      const filter = await toFilter(store, request.actor.account, request.query);
      return sendPage(store, request, reply, filter, 'urgent');
    },
  );

  app.get(
    `${base}/customers/:customerId/tickets`,
    {
      config: reading,
      schema: {
        ...shown('customers'),
        summary: 'A customer’s tickets, the newest first',
        params: customerParams,
        querystring: historyQuery,
        response: { 200: wireHistory },
      },
    },
    async (request, reply) =>
      sendPage(store, request, reply, { customer: request.params.customerId }, 'newest'),
  );
}

async function toFilter(store: Store, account: string, query: ListQuery): Promise<CareFilter> {
  const { status, queue, assignee, customerId, orderId } = query;
  return {
    state: status && stateFromWire(status),
    queue: queue && (findQueue(await store.catalogue(account), queue)?.key ?? queue),
    assignee,
    customer: customerId,
    orderId,
  };
}

type Paged = FastifyRequest & { readonly query: { readonly page: number; readonly pageSize: number } };

async function sendPage(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  filter: CareFilter,
  order: CareOrder,
): Promise<FastifyReply> {
  const { page, pageSize } = (request as Paged).query;
  const { account } = request.actor;
  const found = await listCareTickets(store.listSql, account, filter, order, page, pageSize);
  const ids = found.tickets.map(({ id }) => id);
  const render = await createRenderer(store, request, ids);
  const now = store.clock.now();
  if (found.total !== null) reply.header('x-total-count', String(found.total));
  return sendJson(reply, 200, { list: found.tickets.map((ticket) => render(ticket, now)), page, pageSize });
}
