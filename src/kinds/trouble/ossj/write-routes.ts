import type { FastifyRequest } from 'fastify';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendWritten } from '../../../http/reply.ts';
import { RefusalError, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { partyOf } from './access.ts';
import { dropNulls, toCreateInput, toWire } from './map.ts';
import { createBody, ticketParams, updateBody, wireTicket } from './schema.ts';
import { toCommand } from './update.ts';

const CONTRACT = 'trouble';
const PLAIN_BODY_BYTES = 1024 ** 2;

/** TU01, and every transaction after it. */
export function writeRoutes(app: HallInstance, store: Store, base: string): void {
  const config = { takesAttachments: true };
  const preValidation = async (request: FastifyRequest) => {
    refuseBulkWithoutFiles(request);
    dropNulls(request.body);
  };

  app.post(
    base,
    {
      config: { ...config, creates: true },
      // Who may not create at all is told so, whatever the body is.
      onRequest: async ({ actor }) => {
        const opener = partyOf(actor);
        if (!opener.ok) throw new RefusalError(opener);
      },
      preValidation,
      schema: {
        tags: [base],
        summary: 'Create a ticket (TU01)',
        description:
          'The caller becomes the TU, `owner` (by default the account itself) the TO. A property that is null counts as left out.',
        body: createBody,
        response: { 201: wireTicket },
      },
    },
    async (request, reply) => {
      const { actor, idempotency } = request;
      const written = await store.writer.create({
        kind: troubleKind,
        command: { type: 'create', name: 'TU01', input: toCreateInput(request.body) },
        actor,
        contract: CONTRACT,
        idempotency,
        answer: (ticket, _kind, now) =>
          jsonAnswer(201, toWire(ticket, actor, now, base), ticket.version, `${base}/${ticket.key}`),
      });
      return sendWritten(reply, written);
    },
  );

  for (const method of ['PUT', 'PATCH'] as const) {
    app.route({
      method,
      url: `${base}/:ticketId`,
      config: { ...config, tellsBodyFaults: true },
      preValidation,
      schema: {
        tags: [base],
        summary: 'Do a transaction',
        description:
          'The transaction is found from the present state, the caller’s role and the state asked for. `CLEARED`, asked for by the owner of an open ticket, needs the three close-out fields. A property that is null counts as left out.',
        params: ticketParams,
        body: updateBody,
        response: { 200: wireTicket },
      },
      handler: async (request, reply) => {
        const { actor, idempotency, ifMatch, params, body } = request;
        const update = { body, faults: request.bodyFaults ?? [] };
        const written = await store.writer.change({
          ref: { key: params.ticketId },
          kind: troubleKind.name,
          ifMatch,
          command: (ticket) => toCommand(ticket, actor, update),
          whenOvertaken: body?.baseTroubleTicketState === undefined ? 'decideAgain' : 'refuseIfMoved',
          actor,
          contract: CONTRACT,
          idempotency,
          answer: (ticket, _kind, now) => jsonAnswer(200, toWire(ticket, actor, now, base), ticket.version),
        });
        return sendWritten(reply, written);
      },
    });
  }
}

/** Only files may make a body larger than the usual limit. */
function refuseBulkWithoutFiles({ bodyBytes, body }: FastifyRequest): void {
  if (bodyBytes <= PLAIN_BODY_BYTES) return;
  const files = typeof body === 'object' && body !== null && 'attachments' in body ? body.attachments : [];
  if (Array.isArray(files) && files.length > 0) return;
  throw new RefusalError(refuse('payloadTooLarge', 'A body without attachments may have 1 MB at most.'));
}
