import { type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { attachment } from '../inputs.ts';

/** Shapes that both versions write the same way. */

export const word = Type.String({ minLength: 1, maxLength: 255 });
export const line = Type.String({ maxLength: 1000 });
const text = Type.String({ maxLength: 10_000 });
export const moment = Type.String({ format: 'date-time' });
const uri = Type.String({ format: 'uri', maxLength: 1000 });

/** At most so many entries in each list of a ticket. */
const MOST = 200;

export function listOf<T extends TSchema>(item: T) {
  return Type.Array(item, { maxItems: MOST });
}

export function optional<T extends TSchema>(schema: T) {
  return Type.Optional(schema);
}

/** What the standard lets every object say of its own shape. */
export const typed = {
  '@type': optional(word),
  '@baseType': optional(word),
  '@schemaLocation': optional(uri),
};

export const reference = {
  id: word,
  href: optional(line),
  name: optional(line),
  '@referredType': optional(word),
  ...typed,
};

const period = Type.Object({ startDateTime: optional(moment), endDateTime: optional(moment) });
const quantity = Type.Object({ amount: optional(Type.Number()), units: optional(word) });

/** A file with its content, or a reference to one that is kept elsewhere. */
const attachmentShape = Type.Object({
  id: optional(word),
  href: optional(line),
  attachmentType: optional(word),
  content: optional(attachment.properties.content),
  description: optional(text),
  mimeType: optional(attachment.properties.mimeType),
  name: optional(word),
  url: optional(Type.String({ maxLength: 2000 })),
  size: optional(quantity),
  validFor: optional(period),
  '@referredType': optional(word),
  ...typed,
});

const noteShape = Type.Object({
  id: optional(word),
  author: optional(word),
  date: optional(moment),
  text: optional(text),
  ...typed,
});

const relationshipShape = Type.Object({ ...reference, relationshipType: optional(word) });
const channelShape = Type.Object(reference);

/** Attributes that both versions have; what a ticket cannot be without is required. */
export const commonAttributes = {
  description: Type.String({ minLength: 1, maxLength: 10_000 }),
  severity: word,
  ticketType: word,
  name: optional(Type.String({ minLength: 1, maxLength: 1000 })),
  priority: optional(word),
  expectedResolutionDate: optional(moment),
  requestedResolutionDate: optional(moment),
  resolutionDate: optional(moment),
  statusChangeReason: optional(line),
  attachment: optional(listOf(attachmentShape)),
  channel: optional(channelShape),
  note: optional(listOf(noteShape)),
  troubleTicketRelationship: optional(listOf(relationshipShape)),
};

/**
 * A merge patch of these properties: each may be left out, in nested objects too, and null takes it away. Others are for
 * the handler to judge.
 */
export function patchOf(properties: TProperties): TObject {
  const nullable = Object.entries(properties).map(([name, schema]) => {
    const patch = 'properties' in schema ? patchOf(schema.properties as TProperties) : schema;
    return [name, Type.Optional(Type.Union([patch, Type.Null()]))];
  });
  return Type.Object(Object.fromEntries(nullable) as TProperties, { additionalProperties: true });
}

/** What a JSON patch is made of: https://www.rfc-editor.org/rfc/rfc6902 */
export const jsonPatch = Type.Array(
  Type.Object({
    op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: Type.String({ maxLength: 1000 }),
    from: Type.Optional(Type.String({ maxLength: 1000 })),
    value: Type.Optional(Type.Unknown()),
  }),
  { maxItems: 100 },
);

/** An answer with every property optional: `fields` may leave out any. */
export function answerOf(properties: TProperties, always: TProperties = {}) {
  const optionals = Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)]);
  return Type.Object({ ...(Object.fromEntries(optionals) as TProperties), ...always });
}
