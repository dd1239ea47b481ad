import { type Static, Type } from 'typebox';
import type { Delivery } from '../../webhooks/delivery.ts';
import type { Secret, Target } from '../../webhooks/target.ts';
import { toCursor } from '../events/cursor.ts';
import { eventType } from '../events/schema.ts';
import { nextCursor } from '../query.ts';
import { NATIVE_FORMAT, type NativeFilter } from './format.ts';

const texts = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 100, description }),
  );
const moment = Type.String({ format: 'date-time' });
const maybeMoment = Type.Union([moment, Type.Null()]);
const maybeText = Type.Union([Type.String(), Type.Null()]);

const url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Where events are POSTed to, with https:// or http://. It has to lead to a public address.',
});
const description = Type.Union([Type.String({ maxLength: 500 }), Type.Null()]);

const filterProperties = {
  types: Type.Optional(
    Type.Array(Type.Enum(eventType.enum.map((type) => `tessera.${type}` as const)), {
      minItems: 1,
      maxItems: 20,
      description: 'Only events of these types.',
    }),
  ),
  kinds: texts('Only events of tickets of these kinds.'),
  filter: Type.Optional(
    Type.Object(
      {
        transitions: texts('Only these transitions, by their names.'),
        states: texts('Only events that bring a ticket into one of these states.'),
        tickets: texts('Only events of these tickets, by UUID or key.'),
        parties: texts('Only events of tickets in which one of these parties takes part.'),
      },
      { description: 'Each list that is given narrows down further.' },
    ),
  ),
  own: Type.Optional(
    Type.Boolean({
      description: "A party's webhook hears what the party did itself as well; false when absent.",
    }),
  ),
};

export const newWebhook = Type.Object({ url, description: Type.Optional(description), ...filterProperties });
export type NewWebhook = Static<typeof newWebhook>;

export const webhookPatch = Type.Object({
  url: Type.Optional(url),
  description: Type.Optional(description),
  types: nullable(filterProperties.types),
  kinds: nullable(filterProperties.kinds),
  filter: nullable(filterProperties.filter),
  own: filterProperties.own,
});
export type WebhookPatch = Static<typeof webhookPatch>;

/** In a merge patch null takes a property away. */
function nullable<T extends Parameters<typeof Type.Union>[0][number]>(schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

export const wireWebhook = Type.Object({
  id: Type.String({ format: 'uuid' }),
  url: Type.String(),
  description: maybeText,
  format: Type.String({ description: '`native`, or another contract’s sort of webhook, such as a hub.' }),
  party: Type.Union([Type.String(), Type.Null()], {
    description: "Hears of this party's tickets; null: of all of the account.",
  }),
  types: Type.Optional(Type.Array(Type.String())),
  kinds: Type.Optional(Type.Array(Type.String())),
  filter: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  own: Type.Boolean(),
  status: Type.Enum(['active', 'paused', 'off'], {
    description: '`off`: the receiver answered 410. Resume it when that was a mistake.',
  }),
  statusReason: maybeText,
  secrets: Type.Array(Type.Object({ validUntil: maybeMoment }), {
    description: 'One entry for each secret that events are signed with, the newest first.',
  }),
  version: Type.Integer({ description: 'One more with every change; the ETag.' }),
  createdBy: Type.String(),
  createdAt: moment,
  updatedAt: moment,
});

/** With the secret, which is shown this once. */
export const wireSecretWebhook = Type.Object({
  ...wireWebhook.properties,
  secret: Type.String({ description: 'Shown only in this answer. `whsec_` and base64.' }),
});

export const wireWebhooks = Type.Object({ items: Type.Array(wireWebhook), next: nextCursor });

export function toWireWebhook(target: Target, now: Date): Static<typeof wireWebhook> {
  const { id, url: address, format, party, status, statusReason, version, createdBy } = target;
  const { own = false, ...filter } =
    format === NATIVE_FORMAT ? toWireFilter(target.filter as NativeFilter) : {};
  return {
    id,
    url: address,
    description: target.description,
    format,
    party,
    ...(format === NATIVE_FORMAT ? filter : { filter: target.filter as Record<string, unknown> }),
    own,
    status,
    statusReason,
    secrets: validSecrets(target.secrets, now),
    version,
    createdBy,
    createdAt: target.createdAt.toISOString(),
    updatedAt: target.updatedAt.toISOString(),
  };
}

function validSecrets(secrets: readonly Secret[], now: Date) {
  return secrets
    .filter(({ validUntil }) => validUntil === null || new Date(validUntil) > now)
    .map(({ validUntil }) => ({ validUntil }));
}

/** A filter as it stands on the wire: types and kinds beside it. */
function toWireFilter({ types, kinds, own, ...filter }: NativeFilter) {
  return {
    ...(types && { types: [...types] }),
    ...(kinds && { kinds: [...kinds] }),
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(own !== undefined && { own }),
  };
}

export function fromWireFilter({ types, kinds, filter, own }: Omit<NewWebhook, 'url'>): NativeFilter {
  return {
    ...(types && { types }),
    ...(kinds && { kinds }),
    ...(own !== undefined && { own }),
    ...filter,
  };
}

export const wireDelivery = Type.Object({
  id: Type.String({ format: 'uuid' }),
  event: Type.String({ description: "The event's id, as `/api/v1/events` has it." }),
  payload: Type.String({
    description: 'What is told: the type of the event, or the other contract’s name for it.',
  }),
  ticket: Type.Object({ id: Type.String({ format: 'uuid' }), key: Type.String() }),
  status: Type.Enum(['waiting', 'delivered', 'failed', 'dropped'], {
    description:
      '`failed`: given up after the last attempt. `dropped`: there was nothing to be told any more, such as of a ticket that was erased.',
  }),
  attempts: Type.Integer(),
  responseStatus: Type.Union([Type.Integer(), Type.Null()], { description: 'Of the last attempt.' }),
  responseBody: Type.Union([Type.String(), Type.Null()], {
    description: 'At most its first 1,000 characters.',
  }),
  durationMs: Type.Union([Type.Integer(), Type.Null()]),
  error: maybeText,
  createdAt: moment,
  firstAttemptAt: maybeMoment,
  lastAttemptAt: maybeMoment,
  nextAttemptAt: Type.Union([moment, Type.Null()], {
    description: 'Not before the deliveries that wait before it in the line of its ticket.',
  }),
});

export const wireDeliveries = Type.Object({ items: Type.Array(wireDelivery), next: nextCursor });

export function toWireDelivery(delivery: Delivery): Static<typeof wireDelivery> {
  const { id, position, payload, ticket, ticketKey, status, attempts, responseStatus, responseBody } =
    delivery;
  return {
    id,
    event: toCursor(position),
    payload,
    ticket: { id: ticket, key: ticketKey },
    status,
    attempts,
    responseStatus,
    responseBody,
    durationMs: delivery.durationMs,
    error: delivery.error,
    createdAt: delivery.createdAt.toISOString(),
    firstAttemptAt: delivery.firstAttemptAt?.toISOString() ?? null,
    lastAttemptAt: delivery.lastAttemptAt?.toISOString() ?? null,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
  };
}

export const wireTest = Type.Object({
  taken: Type.Boolean({ description: 'Whether the receiver took it: the answer was 2xx.' }),
  responseStatus: Type.Union([Type.Integer(), Type.Null()]),
  responseBody: maybeText,
  durationMs: Type.Integer(),
  error: maybeText,
});
