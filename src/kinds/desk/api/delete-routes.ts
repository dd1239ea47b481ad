import type { FastifyRequest } from 'fastify';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import { invalid } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { BASE, ITEM, TAG } from './contract-name.ts';
import { eraseMany, eraseOne } from './erase.ts';
import { numbersOf } from './many.ts';
import {
  inAnyForm,
  type OptionalIdsBody,
  optionalIdsBody,
  ticketParams,
  wireDeleted,
  wireMany,
} from './schema.ts';
import { readSpellings } from './spellings.ts';

/** DELETE item and DELETE multi. */
export function deleteRoutes(app: HallInstance, store: Store): void {
  const permission = DESK_PERMISSIONS.remove;

  app.delete(
    ITEM,
    {
      config: { permission },
      schema: {
        tags: [TAG],
        summary: 'Delete a ticket',
        description: 'With its timeline and files. What is left is that it was there and who deleted it.',
        params: ticketParams,
        response: { 200: wireDeleted },
      },
    },
    async (request, reply) => sendWritten(reply, await eraseOne(store, request, request.params.ticketID)),
  );

  app.delete(
    `${BASE}/multi`,
    {
      config: { permission, takesAttachments: true },
      preValidation: [readBareList, readSpellings],
      schema: {
        tags: [TAG],
        summary: 'Delete up to 10,000 tickets',
        description:
          'They are named in the body or in the query. A body of JSON may be the bare list of ids.',
        querystring: optionalIdsBody,
        body: inAnyForm(optionalIdsBody),
        response: { 200: wireMany },
      },
    },
    async (request, reply) => {
      const inBody = ((request.body ?? {}) as OptionalIdsBody).ticketIDs ?? [];
      const numbers = numbersOf([...inBody, ...(request.query.ticketIDs ?? [])]);
      if (numbers.length > 0) return sendWritten(reply, await eraseMany(store, request, numbers));
      return sendRefusal(
        reply,
        invalid([{ pointer: '/ticketIDs', message: 'must name at least one ticket' }]),
      );
    },
  );
}

/** The published text speaks of an array and gives it no name. */
async function readBareList(request: FastifyRequest): Promise<void> {
  if (Array.isArray(request.body)) request.body = { ticketIDs: request.body };
}
