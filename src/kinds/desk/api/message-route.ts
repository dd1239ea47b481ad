import type { FastifyRequest } from 'fastify';
import type { Ticket } from '../../../core/ticket.ts';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendWritten } from '../../../http/reply.ts';
import { may } from '../../../kernel/actor.ts';
import type { Written } from '../../../kernel/answer.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { deskKind } from '../kind.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { customerTransition } from '../workflow.ts';
import { CONTRACT, ITEM, TAG } from './contract-name.ts';
import { toItem, writtenBody } from './map.ts';
import { inAnyForm, type MessageBody, messageBody, ticketParams, wireWritten } from './schema.ts';
import { readSpellings } from './spellings.ts';

/** How often a ticket may be closed, or opened, just while a message for it comes in. */
const MOST_TRIES = 5;
const TRUE: ReadonlySet<unknown> = new Set([true, 'true', '1']);

/** POST messages of a ticket: how what customers and agents write comes in. It is not among the published operations. */
export function messageRoute(app: HallInstance, store: Store): void {
  app.post(
    `${ITEM}/messages`,
    {
      config: { permission: DESK_PERMISSIONS.update },
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'A message of the customer or an agent, or a note',
        description:
          "A customer's message on a solved ticket opens it again; on a closed one it opens a ticket of its own, linked to it, which needs `TICKET_CREATE` as well. The answer is the ticket that has the message.",
        params: ticketParams,
        body: inAnyForm(messageBody, 'needed'),
        response: { 200: wireWritten },
      },
    },
    async (request, reply) => sendWritten(reply, await takeMessage(store, request, request.params.ticketID)),
  );
}

async function takeMessage(
  store: Store,
  request: FastifyRequest,
  number: number,
): Promise<Written | Refusal> {
  const { actor } = request;
  const body = request.body as MessageBody;
  if (body.type !== 'customer') return write(store, request, number, body);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const ticket = await store.load(actor.account, { kind: deskKind.name, number });
    const isClosed = ticket?.state === 'closed';
    const written = isClosed
      ? await follow(store, request, ticket, body)
      : await write(store, request, number, body);
    if (written.ok || written.code !== 'stateMoved') return written;
  }
  return refuse('contention');
}

async function write(
  store: Store,
  { actor, idempotency, ifMatch }: FastifyRequest,
  number: number,
  { type, content, pinned }: MessageBody,
): Promise<Written | Refusal> {
  const setting = await store.directory.account(actor.account);
  return store.writer.change({
    ref: { kind: deskKind.name, number },
    kind: deskKind.name,
    contract: CONTRACT,
    ifMatch,
    command(ticket) {
      if (type === 'agent') return { type: 'transition', name: 'agentMessage', input: { content } };
      if (type === 'note') {
        const input = { content, ...(TRUE.has(pinned) && { pinned: true }) };
        return { type: 'transition', name: 'note', input };
      }
      const name = customerTransition(ticket.state);
      return name === null ? refuse('stateMoved') : { type: 'transition', name, input: { content } };
    },
    whenOvertaken: 'decideAgain',
    actor,
    idempotency,
    answer: (ticket) => {
      const message = type === 'note' ? 'The note was added.' : 'The message was added.';
      return jsonAnswer(200, writtenBody(message, toItem(ticket, setting)), ticket.version);
    },
  });
}

async function follow(
  store: Store,
  { actor, idempotency }: FastifyRequest,
  closed: Ticket,
  { content }: MessageBody,
): Promise<Written | Refusal> {
  if (!may(actor, DESK_PERMISSIONS.create)) {
    const permission = DESK_PERMISSIONS.create;
    return refuse('forbidden', `The ticket is closed: the permission ${permission} is needed.`, {
      data: { permission },
    });
  }
  const setting = await store.directory.account(actor.account);
  const { id, key, title, queue, customer, externalReference, priority, fields } = closed;
  const follows = { id, key, title, queue, customer, externalReference, priority, fields };
  return store.writer.create({
    kind: deskKind,
    contract: CONTRACT,
    command: { type: 'create', name: 'followUp', input: { follows, content } },
    actor,
    idempotency,
    answer: (ticket) => {
      const message = `Ticket ${closed.number} is closed: the message opened ticket ${ticket.number}.`;
      return jsonAnswer(200, writtenBody(message, toItem(ticket, setting)), ticket.version);
    },
  });
}
