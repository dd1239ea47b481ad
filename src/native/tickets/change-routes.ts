import { Type } from 'typebox';
import type { HallInstance } from '../../http/contract.ts';
import type { Store } from '../../store/store.ts';
import type { KindChecks } from '../kind-checks.ts';
import { planEdit, planTransition } from '../plans.ts';
import { changeTicket } from './change.ts';
import { ticketParams, wireTicketDetail } from './schema.ts';

export const transitionName = Type.String({ minLength: 1, maxLength: 64 });

const openObject = Type.Object({}, { additionalProperties: true });

const transitionBody = Type.Object({
  name: transitionName,
  input: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "What `GET /kinds/{kind}` gives as the transition's schema.",
      },
    ),
  ),
});

/** PATCH /tickets/{id} and POST /tickets/{id}/transitions. */
export function changeRoutes(
  app: HallInstance,
  base: string,
  store: Store,
  checks: ReadonlyMap<string, KindChecks>,
): void {
  app.patch(
    `${base}/tickets/:id`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'Edit a ticket',
        description:
          "A JSON merge patch (RFC 7396) of what `GET /kinds/{kind}` gives as the kind's `schemas.edit`. Other properties are ignored; a patch without any that may be edited changes nothing and makes no event.",
        params: ticketParams,
        body: {
          content: {
            'application/merge-patch+json': { schema: openObject },
            'application/json': { schema: openObject },
          },
        },
        response: { 200: wireTicketDetail },
      },
    },
    async (request, reply) =>
      changeTicket(store, request, reply, planEdit(checks, request.actor, request.body)),
  );

  app.post(
    `${base}/tickets/:id/transitions`,
    {
      schema: {
        tags: ['tickets'],
        summary: 'Do a transition',
        description:
          "The ticket's `available` says which ones you may do now, and why you may not do the others.",
        params: ticketParams,
        body: transitionBody,
        response: { 200: wireTicketDetail },
      },
    },
    async (request, reply) => {
      const { name, input = {} } = request.body;
      return changeTicket(store, request, reply, planTransition(checks, request.actor, { name, input }));
    },
  );
}
