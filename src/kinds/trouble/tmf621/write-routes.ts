import { Type } from 'typebox';
import { ERASE_PERMISSION } from '../../../core/staff.ts';
import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import { type Actor, isOwnStaff } from '../../../kernel/actor.ts';
import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { troubleKind } from '../kind.ts';
import { actingParty } from '../parties.ts';
import { LENIENT_STATUS_SETTING } from '../workflow.ts';
import { sees } from './access.ts';
import { toCommand } from './change.ts';
import { hrefOf } from './common-map.ts';
import type { Document } from './document.ts';
import { selectFields } from './fields.ts';
import { JSON_PATCH_TYPES, MERGE_TYPES, mediaTypeOf, type Patch, touches } from './patch.ts';
import { fieldsQuery, idParams, noQuery } from './query.ts';
import { readDocument } from './read-body.ts';
import { jsonPatch } from './shapes.ts';
import { creationOf, FIRST_STATUSES } from './statuses.ts';
import type { Version } from './version.ts';

const tags = ['troubleTicket'];

/** POST /troubleTicket; PATCH and DELETE /troubleTicket/{id}. */
export function writeRoutes(app: HallInstance, store: Store, version: Version): void {
  createRoute(app, store, version);
  patchRoute(app, store, version);
  deleteRoute(app, store, version);
}

function createRoute(app: HallInstance, store: Store, version: Version): void {
  const { base, contract, always, isFifth } = version;
  app.post(
    `${base}/troubleTicket`,
    {
      config: { takesAttachments: true, creates: true },
      schema: {
        tags,
        summary: 'Create a ticket',
        description:
          'The caller becomes the issuer. A related party with the role `owner` resolves it, the account itself where none is named.',
        querystring: isFifth ? fieldsQuery : noQuery,
        body: version.createBody,
        response: { 201: version.wireTicket },
      },
    },
    async ({ actor, idempotency, body, query }, reply) => {
      const input = await toOpening(store, version, actor, body as Document);
      if (!input.ok) return sendRefusal(reply, input);
      const { fields } = query as { fields?: string };
      const written = await store.writer.create({
        kind: troubleKind,
        command: { type: 'create', name: input.name, input: input.input },
        actor,
        contract,
        idempotency,
        answer: (ticket) =>
          jsonAnswer(
            201,
            selectFields(version.toWire(ticket, base), fields, always),
            ticket.version,
            hrefOf(base, ticket.key),
          ),
      });
      return sendWritten(reply, written);
    },
  );
}

async function toOpening(store: Store, version: Version, actor: Actor, body: Document) {
  const { settings } = await store.directory.account(actor.account);
  const { status, ...document } = body;
  const lenient = settings[LENIENT_STATUS_SETTING] === 'true';
  const name = creationOf(status as string | undefined, lenient);
  const content = readDocument(
    document,
    null,
    version.readBody,
    actingParty(actor),
    actor.name,
    store.clock.now(),
  );
  const faults = [
    ...(name === null
      ? [{ pointer: '/status', message: `a ticket begins as ${FIRST_STATUSES.join(' or ')}` }]
      : []),
    ...(content.ok ? [] : content.errors),
  ];
  if (!content.ok || name === null) return invalid(faults);
  const { owner, attributes, files } = content;
  const input = { attributes, files, ...(owner !== undefined && { owner }) };
  return { ok: true as const, name, input };
}

function patchRoute(app: HallInstance, store: Store, version: Version): void {
  const { base, contract, always, isFifth } = version;
  const merge = MERGE_TYPES.map((type) => [type, { schema: version.patchBody }]);
  const steps = isFifth ? JSON_PATCH_TYPES.map((type) => [type, { schema: jsonPatch }]) : [];
  app.patch(
    `${base}/troubleTicket/:id`,
    {
      config: { takesAttachments: true },
      schema: {
        tags,
        summary: 'Change a ticket',
        description:
          'A new `status` is a move of one side; several attributes change together or not at all. Notes and files that are added are information for the other side.',
        params: idParams,
        querystring: isFifth ? fieldsQuery : noQuery,
        body: { content: Object.fromEntries([...merge, ...steps]) },
        response: { 200: version.wireTicket },
      },
    },
    async (request, reply) => {
      const { actor, idempotency, ifMatch, params, headers } = request;
      const patch: Patch = { mediaType: mediaTypeOf(headers['content-type']), body: request.body };
      const { fields } = request.query as { fields?: string };
      const written = await store.writer.change({
        ref: { key: params.id },
        kind: troubleKind.name,
        ifMatch,
        admits: (ticket) => sees(actor, ticket),
        command: (ticket, _kind, now) => toCommand(version, ticket, actor, patch, now),
        whenOvertaken: touches(patch, 'status') ? 'refuseIfMoved' : 'decideAgain',
        actor,
        contract,
        idempotency,
        answer: (ticket) =>
          jsonAnswer(200, selectFields(version.toWire(ticket, base), fields, always), ticket.version),
      });
      return sendWritten(reply, written);
    },
  );
}

function deleteRoute(app: HallInstance, store: Store, { base, contract }: Version): void {
  app.delete(
    `${base}/troubleTicket/:id`,
    {
      config: { permission: ERASE_PERMISSION },
      schema: {
        tags,
        summary: 'Erase a ticket',
        description: "For the account's own staff. Everything that the ticket held goes for good.",
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ actor, idempotency, ifMatch, params }, reply) => {
      const erased = await store.writer.erase({
        ref: { key: params.id },
        kind: troubleKind.name,
        ifMatch,
        admits: (ticket) => sees(actor, ticket),
        refusal: () => staffOnly(actor),
        actor,
        contract,
        idempotency,
        answer: () => ({ status: 204, headers: {}, body: '' }),
      });
      return sendWritten(reply, erased);
    },
  );
}

/** A ticket belongs to two parties: neither takes it away from the other. */
function staffOnly(actor: Actor): Refusal | null {
  return isOwnStaff(actor) ? null : refuse('forbidden', "Tickets are erased by the account's own staff.");
}
