import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SeenRelation } from '../../core/link.ts';
import { seesTicket } from '../../core/staff.ts';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { etag } from '../../http/if-match.ts';
import { sendWritten } from '../../http/reply.ts';
import type { LinkRequest } from '../../store/link-tickets.ts';
import type { Store } from '../../store/store.ts';
import { notThere, ticketRef } from '../access.ts';
import { CONTRACT } from '../contract-name.ts';
import { writeRefusal } from '../plans.ts';
import { relation } from './links.ts';
import { ticketParams } from './schema.ts';

const other = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'The UUID or the human key of the other ticket.',
});

const wireMade = Type.Object({
  relation,
  ticket: Type.Object({ id: Type.String({ format: 'uuid' }), key: Type.String(), kind: Type.String() }),
});

/** POST and DELETE /tickets/{id}/links. */
export function linkRoutes(app: HallInstance, base: string, store: Store): void {
  app.post(
    `${base}/tickets/:id/links`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'Link a ticket to another one',
        description:
          'The ticket of the path tells it in its history. A link that is there already changes nothing. No ticket can become its own parent, by whatever way.',
        params: ticketParams,
        body: Type.Object({ relation, ticket: other }),
        response: { 200: wireMade, 201: wireMade },
      },
    },
    async (request, reply) => {
      const { relation: seen, ticket: text } = request.body;
      return changeLink(store, request, reply, seen, text, {
        type: 'link',
        otherPointer: '/ticket',
        answer: ({ version }, { id, key, kind }, changed) =>
          jsonAnswer(changed ? 201 : 200, { relation: seen, ticket: { id, key, kind } }, version),
      });
    },
  );

  app.delete(
    `${base}/tickets/:id/links`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'Take a link away',
        description: 'A link that is not there changes nothing.',
        params: ticketParams,
        querystring: Type.Object({ relation, ticket: other }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { relation: seen, ticket: text } = request.query;
      return changeLink(store, request, reply, seen, text, {
        type: 'unlink',
        otherPointer: '/query/ticket',
        answer: ({ version }) => ({ status: 204, headers: { etag: etag(version) }, body: '' }),
      });
    },
  );
}

async function changeLink(
  store: Store,
  { actor, idempotency, ifMatch, params }: FastifyRequest,
  reply: FastifyReply,
  seen: SeenRelation,
  text: string,
  more: Pick<LinkRequest, 'type' | 'otherPointer' | 'answer'>,
): Promise<FastifyReply> {
  const { id } = params as { id: string };
  const linked = await store.writer.link({
    ref: ticketRef(id),
    ifMatch,
    relation: seen,
    other: ticketRef(text),
    admits: (ticket, kind) => seesTicket(kind, ticket, actor),
    refusal: (ticket, kind) => writeRefusal(kind, ticket, actor),
    actor,
    contract: CONTRACT,
    idempotency,
    ...more,
  });
  if (!linked.ok && linked.code === 'ticketNotFound') return sendWritten(reply, notThere(actor));
  return sendWritten(reply, linked);
}
