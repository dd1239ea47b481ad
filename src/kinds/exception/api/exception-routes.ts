import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import { type ExceptionFilter, listExceptions } from '../find.ts';
import { exceptionKind } from '../kind.ts';
import { exceptionToWire } from './map.ts';
import { exceptionKeys, PAGE_SIZE } from './page-keys.ts';
import type { Place } from './place.ts';
import { spellingsOf } from './references.ts';
import {
  type ExceptionsQuery,
  exceptionParams,
  exceptionsQuery,
  wireException,
  wireExceptions,
} from './schema.ts';

/** Exceptions, as the rules have opened them. */
export function exceptionRoutes({ app, store, base, access, shown }: Place): void {
  app.get(
    base,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'List exceptions, newest first',
        description: 'Filters combine. Exceptions that are solved are left out unless they are asked for.',
        querystring: exceptionsQuery,
        response: { 200: wireExceptions },
      },
    },
    async ({ actor, query }, reply) => {
      const start = query.pageKey === undefined ? null : exceptionKeys.decode(query.pageKey);
      if (start && !start.ok) return sendRefusal(reply, start);
      const after = start?.position.afterException ?? null;
      const found = await listExceptions(store.listSql, actor.account, toFilter(query), after, PAGE_SIZE + 1);
      const page = found.slice(0, PAGE_SIZE);
      const last = found.length > PAGE_SIZE ? page.at(-1) : undefined;
      return sendJson(reply, 200, {
        ticketExceptions: page.map(exceptionToWire),
        pageKey: last ? exceptionKeys.encode({ afterException: last.number }) : null,
      });
    },
  );

  app.get(
    `${base}/:ticketExceptionId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'One exception',
        params: exceptionParams,
        response: { 200: wireException },
      },
    },
    async ({ actor, params }, reply) => {
      const number = params.ticketExceptionId;
      const ticket = await store.load(actor.account, { kind: exceptionKind.name, number });
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound', `There is no exception ${number}.`));
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, exceptionToWire(ticket));
    },
  );
}

function toFilter(query: ExceptionsQuery): ExceptionFilter {
  const { authorizationNumber, requestType, serviceProviderId, includeClosedExceptions, externalReferences } =
    query;
  return {
    authorizationNumber,
    requestType,
    serviceProviderId,
    references: externalReferences?.flatMap(spellingsOf).map((identifier) => ({ identifier })),
    withClosed: includeClosedExceptions,
  };
}
