import type { Entry } from '../../../core/collection.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import type { ExceptionType } from '../collections.ts';
import { TYPES } from '../rules/rule.ts';
import { collectionOf, givenOf, writeEntry, writtenAnswer } from './entries.ts';
import type { Place } from './place.ts';
import {
  NO_CONTENT,
  typeCreate,
  typeParams,
  typeUpdate,
  type WireExceptionType,
  wireExceptionType,
  wireExceptionTypes,
} from './schema.ts';

/** What sorts of exception there are. */
export function typeRoutes({ app, store, base, access, shown }: Place): void {
  const collection = collectionOf(store, TYPES);
  const answer = writtenAnswer(base, toWire);

  app.get(
    base,
    {
      ...access,
      schema: { ...shown, summary: 'List all types of exception', response: { 200: wireExceptionTypes } },
    },
    async ({ actor }, reply) => {
      const entries = (await store.catalogue(actor.account)).entries(TYPES);
      return sendJson(reply, 200, { exceptionTypes: entries.map(toWire) });
    },
  );

  app.get(
    `${base}/:exceptionTypeId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'One type of exception',
        params: typeParams,
        response: { 200: wireExceptionType },
      },
    },
    async ({ actor, params }, reply) => {
      const key = String(params.exceptionTypeId);
      const entry = (await store.catalogue(actor.account)).entry(TYPES, key);
      if (!entry) return sendRefusal(reply, missing(key));
      reply.header('etag', etag(entry.version));
      return sendJson(reply, 200, toWire(entry));
    },
  );

  app.post(
    base,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Make a type of exception',
        body: typeCreate,
        response: { 201: wireExceptionType },
      },
    },
    async (request, reply) => {
      const { body } = request;
      return writeEntry(
        store,
        request,
        reply,
        { collection, key: null, change: () => ({ ...body }), answer },
        told,
      );
    },
  );

  app.patch(
    `${base}/:exceptionTypeId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Change a type of exception',
        description:
          'What is left out stays. Exceptions that are there keep the name that they were opened with.',
        params: typeParams,
        body: typeUpdate,
        response: { 204: NO_CONTENT },
      },
    },
    async (request, reply) => {
      const key = String(request.params.exceptionTypeId);
      const given = givenOf(request.body);
      const change = (present: Entry | null) => (present ? { ...present.data, ...given } : missing(key));
      return writeEntry(store, request, reply, { collection, key, change, answer }, told);
    },
  );
}

function toWire({ key, data }: Entry): WireExceptionType {
  const { identifier, description = '' } = data as ExceptionType;
  return { id: Number(key), identifier, description };
}

function missing(key: string): Refusal {
  return refuse('entryNotFound', `There is no type of exception ${key}.`);
}

function told(refusal: Refusal): Refusal {
  if (refusal.code !== 'entryExists') return refusal;
  return invalid([{ pointer: '/identifier', message: `is the type ${refusal.data?.key} already` }]);
}
