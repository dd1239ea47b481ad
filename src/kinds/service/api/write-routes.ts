import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { etag } from '../../../http/if-match.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Store } from '../../../store/store.ts';
import { serviceKind } from '../kind.ts';
import { WORK_PERMISSION } from '../permissions.ts';
import { CONTRACT } from './contract-name.ts';
import { placed } from './errors.ts';
import { placeOf, toWire } from './map.ts';
import { fromWireInput, TRANSITION_TYPES, type TransitionType } from './names.ts';
import { createBody, ticketParams, transitionBodies, wireTickets } from './schema.ts';
import { collectionPath, stateFromWire, type WireState } from './states.ts';

const working = { permission: WORK_PERMISSION };

const transitioned = Type.Null({
  description: 'Done. Ask for the ticket with GET where it stands now.',
  headers: { Location: { type: 'string', format: 'uri-reference', description: 'The path.' } },
});

/** Everything that makes or changes a ticket. */
export function writeRoutes(app: HallInstance, store: Store): void {
  app.post(
    collectionPath('prepared'),
    {
      config: { ...working, creates: true },
      schema: {
        tags: ['prepared'],
        summary: 'Prepare a ticket',
        body: createBody,
        response: { 201: wireTickets.prepared },
      },
    },
    async (request, reply) => {
      const { actor, idempotency, body } = request;
      const written = await store.writer.create({
        kind: serviceKind,
        command: { type: 'create', name: 'create', input: fromWireInput(body) },
        actor,
        contract: CONTRACT,
        idempotency,
        answer: (ticket) => jsonAnswer(201, toWire(ticket), ticket.version, placeOf(ticket)),
      });
      return sendWritten(reply, written.ok ? written : placed(written, ''));
    },
  );

  for (const state of ['prepared', 'pending', 'in-progress', 'outsourced'] as const) {
    app.patch(
      `${collectionPath(state)}/:ticketId`,
      {
        config: working,
        schema: {
          tags: [state],
          summary: `Do a transition of ${state === 'prepared' || state === 'pending' ? 'a' : 'an'} ${state} ticket`,
          params: ticketParams,
          body: transitionBodies[state],
          response: { 303: transitioned },
        },
      },
      async (request, reply) => transition(store, request, reply, state),
    );
  }
}

interface TransitionRequest {
  readonly params: { readonly ticketId: string };
  readonly body: { readonly transition: { readonly type: TransitionType } };
}

/** The ticket is only found where it stands: of two who take it at once, the second finds it gone. */
async function transition(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  wireState: WireState,
): Promise<FastifyReply> {
  const { actor, idempotency, ifMatch } = request;
  const { params, body } = request as FastifyRequest & TransitionRequest;
  const { type, ...input } = body.transition;
  const state = stateFromWire(wireState);
  const written = await store.writer.change({
    ref: { id: params.ticketId },
    kind: serviceKind.name,
    ifMatch,
    admits: (ticket) => ticket.state === state,
    command: () => ({ type: 'transition', name: TRANSITION_TYPES[type], input: fromWireInput(input) }),
    whenOvertaken: 'decideAgain',
    actor,
    contract: CONTRACT,
    idempotency,
    answer: (ticket) => ({
      status: 303,
      headers: { location: placeOf(ticket), etag: etag(ticket.version) },
      body: '',
    }),
  });
  return sendWritten(reply, written.ok ? written : placed(written, '/transition'));
}
