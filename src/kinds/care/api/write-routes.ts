import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Command } from '../../../core/command.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Answer } from '../../../kernel/answer.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import { isUuid } from '../../../kernel/id.ts';
import { findEntry } from '../../../store/catalogue/find.ts';
import { loadTicket } from '../../../store/load.ts';
import type { Store } from '../../../store/store.ts';
import { VENDORS, type VendorData } from '../collections.ts';
import { fieldsOf } from '../fields.ts';
import { careKind } from '../kind.ts';
import type { CareTransition } from '../workflow.ts';
import { escalationRefusal, inWireWords } from './errors.ts';
import { findTicket } from './find.ts';
import { awaitsTicket, fromCreateBody, UPDATES, wireId } from './map.ts';
import { CONTRACT, type Place } from './place.ts';
import { createRenderer } from './render.ts';
import {
  type CreateBody,
  closeBody,
  createBody,
  escalateBody,
  escalateV2Body,
  reassignBody,
  ticketParams,
  transferBody,
  updateBody,
  wireTicket,
} from './schema.ts';

const ESCALATE = 'escalate';

/** Everything that makes or changes a ticket. */
export function writeRoutes(app: HallInstance, store: Store, place: Place): void {
  const { base, version, working, shown } = place;
  const onTicket = {
    ...shown('tickets'),
    params: ticketParams,
    response: { 200: wireTicket },
  };

  app.post(
    `${base}/tickets`,
    {
      config: { ...working, creates: true },
      schema: {
        ...shown('tickets'),
        summary: 'Create a ticket',
        body: createBody,
        response: { 201: wireTicket },
      },
    },
    async (request, reply) => createTicket(store, request, reply, request.body, base),
  );

  for (const method of ['PATCH', 'PUT'] as const) {
    app.route({
      method,
      url: `${base}/tickets/:ticketID`,
      config: working,
      schema: { ...onTicket, summary: 'Update a ticket, by type', body: updateBody },
      handler: async (request, reply) => {
        const { type, ...input } = request.body;
        const name = UPDATES[type];
        return change(store, request, reply, type, (ticket) =>
          isNotedAlready(ticket, name) ? null : { type: 'transition', name, input },
        );
      },
    });
  }

  app.post(
    `${base}/tickets/:ticketID/escalate`,
    {
      config: working,
      schema: {
        ...onTicket,
        summary: 'Escalate a ticket to a department',
        description:
          'Where the department has a ticket of another kind made, the answer has no `ETag`: that ticket is noted on this one a moment later, which is a new version.',
        body: version === 'v2' ? escalateV2Body : escalateBody,
      },
    },
    async (request, reply) =>
      transition(store, request, reply, ESCALATE, request.body ?? {}, escalationRefusal),
  );
  app.post(
    `${base}/tickets/:ticketID/close`,
    { config: working, schema: { ...onTicket, summary: 'Close a ticket', body: closeBody } },
    async (request, reply) => transition(store, request, reply, 'close', request.body ?? {}),
  );
  app.post(
    `${base}/tickets/:ticketID/reassign`,
    {
      config: working,
      schema: { ...onTicket, summary: 'Give a ticket to another agent', body: reassignBody },
    },
    async (request, reply) => transition(store, request, reply, 'reassign', request.body),
  );
  app.post(
    `${base}/tickets/:ticketID/transfer`,
    { config: working, schema: { ...onTicket, summary: 'Move a ticket to a queue', body: transferBody } },
    async (request, reply) => transition(store, request, reply, 'transfer', request.body),
  );
}

async function createTicket(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  body: CreateBody,
  base: string,
): Promise<FastifyReply> {
  const { actor, idempotency } = request;
  const [render, vendor, isTaken] = await Promise.all([
    createRenderer(store, request, []),
    completeVendor(store, actor.account, body.vendor),
    isOthersId(store, actor.account, body.id),
  ]);
  if (isTaken) return sendRefusal(reply, refuse('duplicate', 'Another ticket has this id.'));
  const input = fromCreateBody({ ...body, ...(vendor && { vendor }) });
  const written = await store.writer.create({
    kind: careKind,
    command: { type: 'create', name: 'create', input },
    actor,
    contract: CONTRACT,
    idempotency,
    answer: (ticket, _kind, now) =>
      jsonAnswer(
        201,
        render(ticket, now),
        ticket.version,
        `${base}/tickets/${encodeURIComponent(wireId(ticket))}`,
      ),
  });
  return sendWritten(reply, written.ok ? written : inWireWords(written, 'create'));
}

/** What a vendor sells is known here, if its id is. */
async function completeVendor(
  store: Store,
  account: string,
  vendor: CreateBody['vendor'],
): Promise<CreateBody['vendor']> {
  if (vendor?.id === undefined || vendor.vertical !== undefined) return vendor;
  const collection = store.collections.get(VENDORS);
  const known = collection && (await findEntry(store.sql, account, collection, vendor.id));
  const { vertical = 'unknown' } = (known?.data ?? {}) as Partial<VendorData>;
  return { ...vendor, vertical };
}

/** A given id that looks like an own one must not hide behind the ticket that has it. */
async function isOthersId({ sql }: Store, account: string, id: string | undefined): Promise<boolean> {
  if (id === undefined || !isUuid(id)) return false;
  return (await loadTicket(sql, account, { id: id.toLowerCase() })) !== null;
}

/** A moment is noted once; who notes it again gets the ticket as it is. */
function isNotedAlready(ticket: Ticket, name: CareTransition): boolean {
  const { respondedAt, pickedAt, chatClosedAt } = fieldsOf(ticket);
  if (ticket.category === 'final') return false;
  if (name === 'respond') return respondedAt !== undefined;
  if (name === 'pick') return pickedAt !== undefined;
  return name === 'closeChat' && chatClosedAt !== undefined;
}

type OnTicket = FastifyRequest & { readonly params: { readonly ticketID: string } };

function transition(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  name: CareTransition,
  input: Readonly<Record<string, unknown>>,
  told?: (refusal: Refusal) => Refusal,
): Promise<FastifyReply> {
  return change(store, request, reply, name, () => ({ type: 'transition', name, input }), told);
}

/** The version will be another one in a moment, without anybody's doing. */
function withoutEtag({ headers: { etag: _, ...headers }, ...answer }: Answer): Answer {
  return { ...answer, headers };
}

/**
 * @param asked what the contract calls it
 * @param told how a refusal is to be told
 */
async function change(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: string,
  command: (ticket: Ticket) => Command | null,
  told: (refusal: Refusal) => Refusal = (refusal) => refusal,
): Promise<FastifyReply> {
  const { actor, idempotency, ifMatch } = request;
  const found = await findTicket(store, actor.account, (request as OnTicket).params.ticketID);
  if (!found) return sendRefusal(reply, refuse('ticketNotFound'));
  const render = await createRenderer(store, request, [found.id]);
  const written = await store.writer.change({
    ref: { id: found.id },
    kind: careKind.name,
    ifMatch,
    command,
    // Decided again, a reassignment would take back an escalation that nobody has seen yet.
    whenOvertaken: 'refuseIfMoved',
    actor,
    contract: CONTRACT,
    idempotency,
    answer(ticket, _kind, now) {
      const answer = jsonAnswer(200, render(ticket, now), ticket.version);
      return asked === ESCALATE && awaitsTicket(ticket) ? withoutEtag(answer) : answer;
    },
  });
  return sendWritten(reply, written.ok ? written : told(inWireWords(written, asked)));
}
