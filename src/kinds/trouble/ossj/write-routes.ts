import type { FastifyRequest } from 'fastify';
import type { Ticket } from '../../../core/ticket.ts';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { type Refusal, RefusalError, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { roleOf } from '../parties.ts';
import { resolveTransaction } from '../transaction.ts';
import { acceptOtherSpellings, ignoreCloseOut, stateFromWire, toWire } from './map.ts';
import { createBody, ticketParams, type UpdateBody, updateBody, wireTicket } from './schema.ts';

const CONTRACT = 'trouble';
const PLAIN_BODY_BYTES = 1024 ** 2;

/** TU01, and every transaction after it. */
export function writeRoutes(app: HallInstance, store: Store, base: string): void {
  const config = { takesAttachments: true };
  const preValidation = async (request: FastifyRequest) => {
    refuseBulkWithoutFiles(request);
    acceptOtherSpellings(request.body);
    ignoreCloseOut(request.body);
  };

  app.post(
    base,
    {
      config: { ...config, creates: true },
      preValidation,
      schema: {
        tags: [base],
        summary: 'Create a ticket (TU01)',
        description: 'The caller becomes the TU, `owner` (by default the account itself) the TO.',
        body: createBody,
        response: { 201: wireTicket },
      },
    },
    async (request, reply) => {
      const { actor, idempotency } = request;
      const { baseTroubleTicketState: _state, ...input } = request.body;
      const written = await store.writer.create({
        kind: troubleKind,
        command: { type: 'create', name: 'TU01', input },
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
      config,
      preValidation,
      schema: {
        tags: [base],
        summary: 'Do a transaction',
        description:
          'The transaction is found from the present state, the caller’s role and the state asked for.',
        params: ticketParams,
        body: updateBody,
        response: { 200: wireTicket },
      },
      handler: async (request, reply) => {
        const { actor, idempotency, ifMatch, params, body } = request;
        const written = await store.writer.change({
          ref: { key: params.ticketId },
          kind: troubleKind.name,
          ifMatch,
          command: (ticket) => toCommand(ticket, actor, body),
          whenOvertaken: body.baseTroubleTicketState === undefined ? 'decideAgain' : 'refuseIfMoved',
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
function refuseBulkWithoutFiles({ headers, body }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) <= PLAIN_BODY_BYTES) return;
  const files = typeof body === 'object' && body !== null && 'attachments' in body ? body.attachments : [];
  if (Array.isArray(files) && files.length > 0) return;
  throw new RefusalError(refuse('payloadTooLarge', 'A body without attachments may have 1 MB at most.'));
}

function toCommand(ticket: Ticket, actor: Actor, body: UpdateBody) {
  const { baseTroubleTicketState, ticketId, mirrorKey, ...input } = body;
  const mismatch = referenceMismatch(ticket, ticketId, mirrorKey);
  if (mismatch) return mismatch;
  const role = roleOf(ticket, actor);
  if (role === null) return refuse('ticketNotFound');
  const requested = baseTroubleTicketState === undefined ? null : stateFromWire(baseTroubleTicketState);
  const resolved = resolveTransaction(ticket.state, role, requested);
  return resolved.ok ? ({ type: 'transition', name: resolved.code, input } as const) : resolved;
}

/** A body that names another ticket than the path was meant for that other ticket. */
function referenceMismatch(ticket: Ticket, ticketId?: string, mirrorKey?: string): Refusal | null {
  if (ticketId !== undefined && ticketId !== ticket.key) {
    const message = `must be ${ticket.key}, the ticket that the path names`;
    return refuse('invalidRequest', undefined, { errors: [{ pointer: '/ticketId', message }] });
  }
  if (mirrorKey !== undefined && mirrorKey !== (ticket.externalReference ?? '')) {
    return refuse(
      'referenceMismatch',
      `The ticket ${ticket.key} has the mirrorKey ${ticket.externalReference}.`,
    );
  }
  return null;
}
