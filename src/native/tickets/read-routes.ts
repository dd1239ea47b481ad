import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { etag } from '../../http/if-match.ts';
import { sendJson } from '../../http/reply.ts';
import { countTickets, listTickets, type TicketFilter } from '../../store/list.ts';
import { toSearchQuery } from '../../store/search.ts';
import type { Store } from '../../store/store.ts';
import { findVisible, readScope } from '../access.ts';
import { nextCursor } from '../query.ts';
import { visibleLinks, wireLink } from './links.ts';
import { listQuery, toFilter, toNext, toSort, toStart } from './list-query.ts';
import { ticketParams, wireTicket, wireTicketDetail } from './schema.ts';
import { toWire, toWireDetail } from './to-wire.ts';

const wireList = Type.Object({
  items: Type.Array(wireTicket),
  next: nextCursor,
  count: Type.Optional(
    Type.Integer({ description: 'How many tickets the filters find, where it was asked for.' }),
  ),
});

const wireLinkedTicket = Type.Object({
  ...wireTicketDetail.properties,
  links: Type.Array(wireLink, { description: 'To tickets that you see, oldest first.' }),
});

/** GET /tickets and GET /tickets/{id}. */
export function readRoutes(app: HallInstance, base: string, store: Store): void {
  app.get(
    `${base}/tickets`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'List tickets, newest first',
        description:
          "The account's own staff with `tickets.read` sees every ticket, anybody else those of its own party. A page far down costs what the first one costs.",
        querystring: listQuery,
        response: { 200: wireList },
      },
    },
    async ({ actor, query }, reply) => {
      const scope = readScope(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const start = toStart(query);
      if (!start.ok) return sendRefusal(reply, start);
      const { sql, listSql, clock, kinds } = store;
      const search = query.q === undefined ? undefined : await toSearchQuery(sql, actor.account, query.q);
      // A text without any word finds nothing.
      if (search === null)
        return sendJson(reply, 200, { items: [], next: null, ...(query.count && { count: 0 }) });
      const filter = toFilter(query, scope.party, clock.now(), search);
      const [page, count] = await Promise.all([
        listTickets(listSql, actor.account, filter, toSort(query), query.limit, start.start),
        counted(store, actor.account, filter, query.count),
      ]);
      return sendJson(reply, 200, {
        items: page.tickets.map((ticket) => toWire(ticket, kinds.get(ticket.kind))),
        next: toNext(query, page.next),
        // An estimate may be below what the page itself shows.
        ...(count !== undefined && { count: Math.max(count, page.tickets.length) }),
      });
    },
  );

  app.get(
    `${base}/tickets/:id`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'One ticket, and what you may do with it',
        params: ticketParams,
        response: { 200: wireLinkedTicket },
      },
    },
    async ({ actor, params }, reply) => {
      const found = await findVisible(store, actor, params.id);
      if (!found.ok) return sendRefusal(reply, found);
      const { ticket, kind } = found;
      reply.header('etag', etag(ticket.version));
      const links = await visibleLinks(store, actor, ticket);
      return sendJson(reply, 200, { ...toWireDetail(ticket, kind, actor, store.clock.now()), links });
    },
  );
}

async function counted(
  { listSql }: Store,
  account: string,
  filter: TicketFilter,
  how: 'exact' | 'estimate' | undefined,
): Promise<number | undefined> {
  return how && countTickets(listSql, account, filter, how);
}
