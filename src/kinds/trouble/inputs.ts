import { type Static, Type } from 'typebox';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const optionalText = Type.Optional(Type.String({ maxLength: 255 }));
const moment = Type.String({ format: 'date-time' });

/**
 * Whether base64 ends where it may: no digit is left over, and padding, if there is any, fills the last four. The
 * pattern of the schema has looked at the characters; one that counts in fours would keep a step for each to go back to.
 */
function endsWhole(content: string): boolean {
  const text = content.replace(/\s+/g, '');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const last = (text.length - padding) % 4;
  return padding === 0 ? last !== 1 : last === 4 - padding;
}

/** A file's bytes; line breaks are passed over, and padding may be left out. */
const base64 = Type.Refine(
  // No two parts of the pattern take the same character next to each other, so a long text costs its length.
  Type.String({
    pattern: '^[A-Za-z0-9+/\\s]*(?:=\\s*){0,2}$',
    contentEncoding: 'base64',
    examples: ['aGVsbG8='],
  }),
  // Asked about values of any type, where the faults of a body are collected.
  (content) => typeof content !== 'string' || endsWhole(content),
  () => 'must be base64 that is whole: its length or its padding is wrong',
);

/** A file as a client sends it. */
export const attachment = Type.Object({
  content: base64,
  // What a header can carry: the file is served with it.
  mimeType: Type.String({
    pattern: '^[\\w.+-]+/[\\w.+-]+(;[ -~]*)?$',
    maxLength: 255,
    examples: ['image/png'],
  }),
  name: text(255),
});

/** How many clients are affected: the published clients send a number or its digits. */
const affectedClients = Type.Union([
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^[0-9]{1,15}$', examples: ['120'] }),
]);

const attachments = Type.Optional(Type.Array(attachment, { maxItems: 50 }));
const dialog = text(4000);

/** What opens a ticket. */
export const createInput = Type.Object({
  mirrorKey: text(255),
  dialog,
  troubleType: text(35),
  troubleDescription: text(1000),
  troubleDetectionTime: moment,
  preferredPriority: Type.Integer({ minimum: 1, maximum: 3 }),
  troubledObject: text(100),
  owner: Type.Optional(text(255)),
  customerTroubleNum: optionalText,
  homeId: optionalText,
  gescal37ID: optionalText,
  wh1Parameter: optionalText,
  wh2Parameter: optionalText,
  wh3Parameter: optionalText,
  wh4Parameter: optionalText,
  wh5Parameter: optionalText,
  clearencePerson: optionalText,
  customer: Type.Optional(affectedClients),
  attachments,
});

/** What TO07 needs beside what every transaction takes. */
export const closeOutInput = Type.Object({
  closeOutType: text(255),
  closeOutNarr: text(4000),
  serviceRestoredTime: moment,
});

/** What every later transaction takes; TO07 needs the three close-out fields, the others ignore them. */
export const updateInput = Type.Object({
  dialog,
  ...Type.Partial(closeOutInput).properties,
  customer: Type.Optional(affectedClients),
  attachments,
});

/** What may be corrected without a transaction. */
export const editInput = Type.Object({
  preferredPriority: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  customer: Type.Optional(affectedClients),
  customerTroubleNum: optionalText,
  assignee: Type.Optional(Type.Union([text(255), Type.Null()])),
  queue: Type.Optional(Type.Union([text(255), Type.Null()])),
  tags: Type.Optional(Type.Array(text(100), { maxItems: 50 })),
});

export type CreateInput = Static<typeof createInput>;
export type UpdateInput = Static<typeof updateInput>;
export type EditInput = Static<typeof editInput>;
export type FileInput = Static<typeof attachment>;
