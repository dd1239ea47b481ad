import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Store } from '../../../store/store.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { BASE, ITEM, TAG } from './contract-name.ts';
import { eraseMany, eraseOne } from './erase.ts';
import { numbersOf } from './many.ts';
import { type IdsBody, idsBody, inAnyForm, ticketParams, wireDeleted, wireMany } from './schema.ts';
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
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'Delete up to 10,000 tickets',
        description: 'They are named in the body or in the query.',
        querystring: idsBody,
        body: inAnyForm(idsBody),
        response: { 200: wireMany },
      },
    },
    async (request, reply) => {
      const inBody = ((request.body ?? {}) as IdsBody).ticketIDs ?? [];
      const named = numbersOf([...inBody, ...(request.query.ticketIDs ?? [])]);
      if (!named.ok) return sendRefusal(reply, named);
      return sendWritten(reply, await eraseMany(store, request, named.numbers));
    },
  );
}
