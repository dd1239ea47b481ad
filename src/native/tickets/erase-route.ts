import { Type } from 'typebox';
import { ERASE_PERMISSION, seesTicket } from '../../core/staff.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendWritten } from '../../http/reply.ts';
import { isOwnStaff } from '../../kernel/actor.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import { notThere, ticketRef } from '../access.ts';
import { CONTRACT } from '../contract-name.ts';
import { ticketParams } from './schema.ts';

/** DELETE /tickets/{id}. */
export function eraseRoute(app: HallInstance, base: string, store: Store): void {
  app.delete(
    `${base}/tickets/:id`,
    {
      config: { permission: ERASE_PERMISSION },
      schema: {
        tags: ['tickets'],
        summary: 'Erase a ticket',
        description:
          "For the account's own staff. Everything that the ticket held goes for good: its fields, history, files, timers and links, and what is kept of answers about it. One event stays, which tells its key, the state that it was in, who erased it and when.",
        params: ticketParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ actor, idempotency, ifMatch, params }, reply) => {
      const erased = await store.writer.erase({
        ref: ticketRef(params.id),
        kind: null,
        ifMatch,
        admits: (ticket, kind) => seesTicket(kind, ticket, actor),
        refusal: () =>
          isOwnStaff(actor) ? null : refuse('forbidden', "Tickets are erased by the account's own staff."),
        actor,
        contract: CONTRACT,
        idempotency,
        answer: () => ({ status: 204, headers: {}, body: '' }),
      });
      if (!erased.ok && erased.code === 'ticketNotFound') return sendWritten(reply, notThere(actor));
      return sendWritten(reply, erased);
    },
  );
}
