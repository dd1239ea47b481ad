import type { FastifyReply, FastifyRequest } from 'fastify';
import { seesTicket } from '../../core/staff.ts';
import { jsonAnswer } from '../../http/answer.ts';
import { sendWritten } from '../../http/reply.ts';
import type { Store } from '../../store/store.ts';
import type { ToAnswer } from '../../store/write-request.ts';
import { notThere, ticketRef } from '../access.ts';
import { CONTRACT } from '../contract-name.ts';
import type { Plan } from '../plans.ts';
import { toWireDetail } from './to-wire.ts';

/** Does what a request plans on the ticket of its path, and answers with the ticket unless told otherwise. */
export async function changeTicket(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  plan: Plan,
  toAnswer?: ToAnswer,
): Promise<FastifyReply> {
  const { actor, idempotency, ifMatch } = request;
  const { id } = request.params as { id: string };
  const written = await store.writer.change({
    ref: ticketRef(id),
    kind: null,
    ifMatch,
    admits: (ticket, kind) => seesTicket(kind, ticket, actor),
    command: plan.command,
    whenOvertaken: 'decideAgain',
    actor,
    contract: CONTRACT,
    idempotency,
    answer:
      toAnswer ??
      ((ticket, kind, now) => jsonAnswer(200, toWireDetail(ticket, kind, actor, now), ticket.version)),
  });
  if (written.ok) return sendWritten(reply, written);
  return sendWritten(reply, written.code === 'ticketNotFound' ? notThere(actor) : plan.place(written));
}
