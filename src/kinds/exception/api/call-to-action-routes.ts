import type { Entry } from '../../../core/collection.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import { priorityOf } from '../call-to-action.ts';
import { CALL_TO_ACTIONS, type CallToAction } from '../collections.ts';
import { collectionOf, givenOf, writeEntry, writtenAnswer } from './entries.ts';
import type { Place } from './place.ts';
import {
  callToActionCreate,
  callToActionParams,
  callToActionUpdate,
  NO_CONTENT,
  type WireCallToAction,
  wireCallToAction,
  wireCallToActions,
} from './schema.ts';

/** What the help desk is told to do, by type of exception and request type. */
export function callToActionRoutes({ app, store, base, access, shown }: Place): void {
  const collection = collectionOf(store, CALL_TO_ACTIONS);
  const answer = writtenAnswer(base, toWire);

  app.get(
    base,
    {
      ...access,
      schema: { ...shown, summary: 'List all calls to action', response: { 200: wireCallToActions } },
    },
    async ({ actor }, reply) => {
      const entries = (await store.catalogue(actor.account)).entries(CALL_TO_ACTIONS);
      return sendJson(reply, 200, { callToActions: entries.map(toWire) });
    },
  );

  app.get(
    `${base}/:callToActionId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'One call to action',
        params: callToActionParams,
        response: { 200: wireCallToAction },
      },
    },
    async ({ actor, params }, reply) => {
      const key = String(params.callToActionId);
      const entry = (await store.catalogue(actor.account)).entry(CALL_TO_ACTIONS, key);
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
        summary: 'Make a call to action',
        description:
          'There is at most one for an identifier and a request type. The identifier need not be one of the types that there are.',
        body: callToActionCreate,
        response: { 201: wireCallToAction },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const told = (refusal: Refusal) => (refusal.code === 'entryExists' ? taken(body) : refusal);
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
    `${base}/:callToActionId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Change a call to action',
        description: 'What is left out stays; the identifier and the request type always stay.',
        params: callToActionParams,
        body: callToActionUpdate,
        response: { 204: NO_CONTENT },
      },
    },
    async (request, reply) => {
      const key = String(request.params.callToActionId);
      const given = givenOf(request.body);
      const change = (present: Entry | null) => (present ? { ...present.data, ...given } : missing(key));
      return writeEntry(store, request, reply, { collection, key, change, answer });
    },
  );
}

function toWire({ key, data }: Entry): WireCallToAction {
  const action = data as CallToAction;
  return {
    id: Number(key),
    exceptionTypeIdentifier: action.exceptionTypeIdentifier,
    templateForDayside: action.templateForDayside ?? '',
    templateForAfterHours: action.templateForAfterHours ?? '',
    templateForWestpark: action.templateForWestpark ?? '',
    tbsWorkItemRequestType: action.tbsWorkItemRequestType ?? null,
    priority: priorityOf(action),
  };
}

function missing(key: string): Refusal {
  return refuse('entryNotFound', `There is no call to action ${key}.`);
}

function taken({
  exceptionTypeIdentifier,
  tbsWorkItemRequestType,
}: Pick<CallToAction, 'exceptionTypeIdentifier' | 'tbsWorkItemRequestType'>): Refusal {
  const message = `has a call to action for ${exceptionTypeIdentifier} with the request type ${tbsWorkItemRequestType} already`;
  return invalid([
    { pointer: '/exceptionTypeIdentifier', message },
    { pointer: '/tbsWorkItemRequestType', message },
  ]);
}
