import { Type } from 'typebox';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import type { Store } from '../../store/store.ts';
import { planComment } from '../plans.ts';
import { changeTicket } from './change.ts';
import { ticketParams } from './schema.ts';

export const commentProperties = {
  body: Type.String({ minLength: 1, maxLength: 10_000, description: 'Markdown.' }),
  visibility: Type.Enum(['public', 'internal'], {
    default: 'public',
    description: "`internal`: only the account's own people see it.",
  }),
};

const commentBody = Type.Object({
  body: commentProperties.body,
  visibility: Type.Optional(commentProperties.visibility),
});

const wireComment = Type.Object({
  ticket: Type.Object({
    id: Type.String({ format: 'uuid' }),
    key: Type.String(),
    version: Type.Integer({ description: "The ticket's version with the comment." }),
  }),
  body: Type.String(),
  visibility: Type.Enum(['public', 'internal']),
  author: Type.Object({
    id: Type.String(),
    name: Type.String(),
    party: Type.Union([Type.String(), Type.Null()]),
  }),
  at: Type.String({ format: 'date-time' }),
});

/** POST /tickets/{id}/comments. */
export function commentRoute(app: HallInstance, base: string, store: Store): void {
  app.post(
    `${base}/tickets/:id/comments`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'Comment on a ticket',
        params: ticketParams,
        body: commentBody,
        response: { 201: wireComment },
      },
    },
    async (request, reply) => {
      const { actor } = request;
      const { body, visibility = 'public' } = request.body;
      const author = { id: actor.id, name: actor.name, party: actor.party };
      return changeTicket(
        store,
        request,
        reply,
        planComment(actor, { body, visibility }),
        ({ id, key, version }, _kind, now) =>
          jsonAnswer(
            201,
            { ticket: { id, key, version }, body, visibility, author, at: now.toISOString() },
            version,
          ),
      );
    },
  );
}
