import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Entry, EntryData } from '../../core/collection.ts';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { mergePatch } from '../../http/merge-patch.ts';
import { sendWritten } from '../../http/reply.ts';
import type { Answer } from '../../kernel/answer.ts';
import { invalid, type Refusal, refuse } from '../../kernel/errors.ts';
import { changeEntry, type EntryRequest } from '../../store/catalogue/change-entry.ts';
import type { Store } from '../../store/store.ts';
import { CONTRACT } from '../contract-name.ts';
import { ownStaffOnly, writersOf } from './access.ts';
import { type CollectionChecks, createBody, keyRefusal } from './checks.ts';
import { entryParams, wireEntry } from './schema.ts';
import { entryPath, toWireEntry } from './to-wire.ts';

const openObject = Type.Object({}, { additionalProperties: true });

/** POST /{collection}; PUT, PATCH and DELETE /{collection}/{key}. */
export function writeRoutes(app: HallInstance, base: string, store: Store, checks: CollectionChecks): void {
  const { collection, schema, checkData } = checks;
  const { name, one } = collection;
  const access = { config: { permission: writersOf(collection) }, onRequest: ownStaffOnly };
  const response = { 200: wireEntry(checks) };
  const tags = ['catalogue'];

  const toAnswer = (entry: Entry | null, created: boolean): Answer => {
    if (!entry) return { status: 204, headers: {}, body: '' };
    const path = created ? entryPath(base, collection, entry.key) : undefined;
    return jsonAnswer(created ? 201 : 200, toWireEntry(collection, entry), entry.version, path);
  };

  async function write(
    { actor, idempotency, ifMatch }: FastifyRequest,
    reply: FastifyReply,
    key: string | null,
    change: EntryRequest['change'],
  ): Promise<FastifyReply> {
    const request = {
      actor,
      contract: CONTRACT,
      collection,
      key,
      ifMatch,
      idempotency,
      change,
      answer: toAnswer,
    };
    return sendWritten(reply, await changeEntry(store, request));
  }

  function checked(value: EntryData): EntryData | Refusal {
    const result = checkData(value);
    return result.ok ? result.value : invalid(result.errors);
  }

  app.post(
    `${base}/${name}`,
    {
      ...access,
      schema: { tags, summary: `Make a ${one}`, body: createBody(checks), response: { 201: response[200] } },
    },
    async (request, reply) => {
      const { key: given, ...value } = request.body as EntryData;
      const key = given === undefined ? null : String(given);
      const refusal = key === null ? null : keyRefusal(collection, key, '/key');
      if (refusal) return sendRefusal(reply, refusal);
      return write(request, reply, key, (present) =>
        present
          ? refuse('entryExists', `There is a ${one} ${key} already.`, { data: { key } })
          : checked(value),
      );
    },
  );

  app.put(
    `${base}/${name}/:key`,
    {
      ...access,
      schema: {
        tags,
        summary: `Make or replace a ${one}`,
        params: entryParams,
        body: schema,
        response: { ...response, 201: response[200] },
      },
    },
    async (request, reply) => {
      const { key } = request.params;
      const refusal = keyRefusal(collection, key, '/path/key');
      if (refusal) return sendRefusal(reply, refusal);
      return write(request, reply, key, () => checked(request.body as EntryData));
    },
  );

  app.patch(
    `${base}/${name}/:key`,
    {
      ...access,
      schema: {
        tags,
        summary: `Edit a ${one}`,
        description:
          'A JSON merge patch (RFC 7396). A patch that changes nothing leaves the version as it is.',
        params: entryParams,
        body: {
          content: {
            'application/merge-patch+json': { schema: openObject },
            'application/json': { schema: openObject },
          },
        },
        response,
      },
    },
    async (request, reply) =>
      write(request, reply, request.params.key, (present) =>
        present
          ? checked(mergePatch(present.data, request.body as EntryData))
          : refuse('entryNotFound', `There is no ${one} ${request.params.key}.`),
      ),
  );

  app.delete(
    `${base}/${name}/:key`,
    {
      ...access,
      schema: {
        tags,
        summary: `Delete a ${one}`,
        description:
          'Tickets that name it keep its key. Refused while other entries name it. What came with the product comes back as it came.',
        params: entryParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => write(request, reply, request.params.key, null),
  );
}
