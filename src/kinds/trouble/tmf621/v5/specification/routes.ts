import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Entry } from '../../../../../core/collection.ts';
import { jsonAnswer } from '../../../../../http/answer.ts';
import type { HallInstance } from '../../../../../http/contract.ts';
import { sendRefusal } from '../../../../../http/errors.ts';
import { etag } from '../../../../../http/if-match.ts';
import { sendJson, sendWritten } from '../../../../../http/reply.ts';
import { compileSchema } from '../../../../../http/schema-compile.ts';
import { isOwnStaff } from '../../../../../kernel/actor.ts';
import type { Answer } from '../../../../../kernel/answer.ts';
import { invalid, type Refusal, RefusalError, refuse } from '../../../../../kernel/errors.ts';
import { changeEntry, type EntryRequest } from '../../../../../store/catalogue/change-entry.ts';
import { findEntry } from '../../../../../store/catalogue/find.ts';
import type { Store } from '../../../../../store/store.ts';
import { specifications } from '../../../collections.ts';
import { scopeOf } from '../../access.ts';
import { compact, type Document } from '../../document.ts';
import { selectFields } from '../../fields.ts';
import { setLinks } from '../../paging.ts';
import {
  applyToDocument,
  changedNames,
  immutableFaults,
  JSON_PATCH_TYPES,
  MERGE_TYPES,
  mediaTypeOf,
  type Patch,
} from '../../patch.ts';
import { fieldsQuery, idParams, listQuery5 } from '../../query.ts';
import { jsonPatch } from '../../shapes.ts';
import { SERVER_SET, type Version } from '../../version.ts';
import { fromWire, hrefOf, toWire } from './map.ts';
import { pageOf } from './page.ts';
import { createBody, patchBody, patchedSpecification, wireSpecification } from './schema.ts';

const ALWAYS = ['id', 'href', '@type'];
const tags = ['troubleTicketSpecification'];
/** Who may change reference data of any sort may change these. */
const WRITING = { config: { permission: 'catalogue.write' }, onRequest: ownStaffOnly };

/** The sorts of trouble tickets that the account knows, as version 5 shows and changes them. */
export function specificationRoutes(app: HallInstance, store: Store, { base, contract }: Version): void {
  readRoutes(app, store, base);
  writeRoutes(app, store, base, contract);
}

async function ownStaffOnly({ actor }: FastifyRequest): Promise<void> {
  if (isOwnStaff(actor)) return;
  throw new RefusalError(refuse('forbidden', "Specifications are changed by the account's own staff."));
}

function readRoutes(app: HallInstance, store: Store, base: string): void {
  app.get(
    `${base}/troubleTicketSpecification`,
    {
      schema: {
        tags,
        summary: 'List specifications, in the order of their ids',
        querystring: listQuery5,
        response: { 200: Type.Array(wireSpecification) },
      },
    },
    async (request, reply) => {
      const { actor, query } = request;
      const scope = scopeOf(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const entries = (await store.catalogue(actor.account)).entries(specifications.name);
      const page = pageOf(entries, (entry) => toWire(entry, base), query);
      if (!page.ok) return sendRefusal(reply, page);
      reply.header('x-total-count', String(page.total));
      reply.header('x-result-count', String(page.documents.length));
      setLinks(reply, request.url, page);
      return sendJson(
        reply,
        200,
        page.documents.map((document) => selectFields(document, query.fields, ALWAYS)),
      );
    },
  );

  app.get(
    `${base}/troubleTicketSpecification/:id`,
    {
      schema: {
        tags,
        summary: 'One specification',
        params: idParams,
        querystring: fieldsQuery,
        response: { 200: wireSpecification },
      },
    },
    async ({ actor, params, query }, reply) => {
      const scope = scopeOf(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const entry = await findEntry(store.sql, actor.account, specifications, params.id);
      if (!entry) return sendRefusal(reply, refuse('entryNotFound'));
      reply.header('etag', etag(entry.version));
      return sendJson(reply, 200, selectFields(toWire(entry, base), query.fields, ALWAYS));
    },
  );
}

function writeRoutes(app: HallInstance, store: Store, base: string, contract: string): void {
  const write = (request: FastifyRequest, key: string | null, change: EntryRequest['change']) => {
    const { actor, idempotency, ifMatch } = request;
    const { fields } = request.query as { fields?: string };
    const answer = (entry: Entry | null, created: boolean): Answer => {
      if (!entry) return { status: 204, headers: {}, body: '' };
      const location = created ? hrefOf(base, entry.key) : undefined;
      const document = selectFields(toWire(entry, base), fields, ALWAYS);
      return jsonAnswer(created ? 201 : 200, document, entry.version, location);
    };
    return changeEntry(store, {
      actor,
      contract,
      collection: specifications,
      key,
      ifMatch,
      idempotency,
      change,
      answer,
    });
  };

  app.post(
    `${base}/troubleTicketSpecification`,
    {
      ...WRITING,
      schema: {
        tags,
        summary: 'Make a specification',
        querystring: fieldsQuery,
        body: createBody,
        response: { 201: wireSpecification },
      },
    },
    async (request, reply) => {
      const { '@type': _type, '@baseType': _base, '@schemaLocation': _place, ...data } = request.body;
      return sendWritten(reply, await write(request, null, () => fromWire(data)));
    },
  );

  const merge = MERGE_TYPES.map((type) => [type, { schema: patchBody }]);
  const steps = JSON_PATCH_TYPES.map((type) => [type, { schema: jsonPatch }]);
  app.patch(
    `${base}/troubleTicketSpecification/:id`,
    {
      ...WRITING,
      schema: {
        tags,
        summary: 'Change a specification',
        params: idParams,
        querystring: fieldsQuery,
        body: { content: Object.fromEntries([...merge, ...steps]) },
        response: { 200: wireSpecification },
      },
    },
    async (request, reply) => {
      const patch = { mediaType: mediaTypeOf(request.headers['content-type']), body: request.body };
      const change = (present: Entry | null) =>
        present ? patched(toWire(present, base), patch) : refuse('entryNotFound');
      return sendWritten(reply, await write(request, request.params.id, change));
    },
  );

  app.delete(
    `${base}/troubleTicketSpecification/:id`,
    {
      ...WRITING,
      schema: {
        tags,
        summary: 'Delete a specification',
        description: 'Tickets that name it keep its id.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => sendWritten(reply, await write(request, request.params.id, null)),
  );
}

function patched(before: Document, patch: Patch) {
  const applied = applyToDocument(before, patch);
  if (!applied.ok) return applied;
  const fixed = immutableFaults(changedNames(before, compact(applied.document)), SERVER_SET);
  const checked = compileSchema(patchedSpecification).check(applied.document);
  if (checked.ok && fixed.length === 0) return fromWire(checked.value as Document);
  return invalid([...fixed, ...(checked.ok ? [] : checked.errors)]) as Refusal;
}
