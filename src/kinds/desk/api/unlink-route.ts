import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import { invalid } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { UNLINKED } from '../customers.ts';
import { deskKind } from '../kind.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { commandOf } from '../plan.ts';
import { BASE, CONTRACT, TAG } from './contract-name.ts';
import { numbersOf } from './many.ts';
import { toItem, writtenBody } from './map.ts';
import { type IdsBody, idsBody, inAnyForm, wireWritten } from './schema.ts';
import { readSpellings } from './spellings.ts';

/** POST unlinkCustomerFromTicket. */
export function unlinkRoute(app: HallInstance, store: Store): void {
  app.post(
    `${BASE}/unlinkCustomerFromTicket`,
    {
      config: { permission: DESK_PERMISSIONS.update },
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'Take the customer off a ticket',
        body: inAnyForm(idsBody, 'needed'),
        response: { 200: wireWritten },
      },
    },
    async ({ actor, idempotency, ifMatch, body }, reply) => {
      const [number = 0, ...others] = numbersOf((body as IdsBody).ticketIDs);
      if (others.length > 0) {
        return sendRefusal(reply, invalid([{ pointer: '/ticketID', message: 'must name one ticket' }]));
      }
      const setting = await store.directory.account(actor.account);
      const written = await store.writer.change({
        ref: { kind: deskKind.name, number },
        kind: deskKind.name,
        contract: CONTRACT,
        ifMatch,
        command: (ticket) => commandOf(ticket, { edit: UNLINKED }),
        whenOvertaken: 'decideAgain',
        actor,
        idempotency,
        answer: (ticket) => {
          const body = writtenBody('The ticket has no customer now.', toItem(ticket, setting));
          return jsonAnswer(200, body, ticket.version);
        },
      });
      return sendWritten(reply, written);
    },
  );
}
