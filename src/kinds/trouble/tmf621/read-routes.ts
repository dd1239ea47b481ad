import { Type } from 'typebox';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { countTroubleTickets, listTroubleTickets } from '../store.ts';
import { findTicket, scopeOf } from './access.ts';
import { selectFields } from './fields.ts';
import { readListQuery } from './list-request.ts';
import { pageHeaders } from './paging.ts';
import { fieldsQuery, idParams, listQuery4, listQuery5 } from './query.ts';
import type { Version } from './version.ts';

const tags = ['troubleTicket'];

/** GET /troubleTicket and GET /troubleTicket/{id}. */
export function readRoutes(app: HallInstance, store: Store, version: Version): void {
  const { base, always, name, wireTicket, isFifth } = version;

  app.get(
    `${base}/troubleTicket`,
    {
      schema: {
        tags,
        summary: 'List tickets, the newest first',
        description:
          'Narrowed by attributes, such as `severity=Major&status=pending,held`. The header `X-Total-Count` tells how many there are, or at least are where filters find more than ten thousand; `X-Result-Count` how many came; `Link` where the pages beside this one are.',
        querystring: isFifth ? listQuery5 : listQuery4,
        response: { 200: Type.Array(wireTicket) },
      },
    },
    async (request, reply) => {
      const { actor } = request;
      const scope = scopeOf(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const asked = readListQuery(request.query, name);
      if (!asked.ok) return sendRefusal(reply, asked);
      const { narrowing, order, start, limit, fields } = asked;
      const filter = { party: scope.party, ...narrowing };
      const [page, counted] = await Promise.all([
        listTroubleTickets(store.listSql, actor.account, filter, order, start, limit),
        countTroubleTickets(store.listSql, actor.account, filter),
      ]);
      pageHeaders(reply, request.url, page, start, order, limit, counted, isFifth);
      const list = page.tickets.map((ticket) => selectFields(version.toWire(ticket, base), fields, always));
      return sendJson(reply, 200, list);
    },
  );

  app.get(
    `${base}/troubleTicket/:id`,
    {
      schema: {
        tags,
        summary: 'One ticket',
        params: idParams,
        querystring: fieldsQuery,
        response: { 200: wireTicket },
      },
    },
    async ({ actor, params, query }, reply) => {
      const ticket = await findTicket(store, actor, params.id);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, selectFields(version.toWire(ticket, base), query.fields, always));
    },
  );
}
