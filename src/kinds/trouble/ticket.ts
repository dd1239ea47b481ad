import { type Static, Type } from 'typebox';
import type { Change, ChangeContext, Input, NewAttachment } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import { newId } from '../../kernel/id.ts';
import { actingParty } from './parties.ts';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const optionalText = Type.Optional(Type.String({ maxLength: 255 }));
const moment = Type.String({ format: 'date-time' });

const attachment = Type.Object({
  // No two parts of the pattern take the same character next to each other, so a long text costs its length.
  content: Type.String({ pattern: '^[A-Za-z0-9+/\\s]*(?:=\\s*){0,2}$', contentEncoding: 'base64' }),
  // What a header can carry: the file is served with it.
  mimeType: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+(;[ -~]*)?$', maxLength: 255 }),
  name: text(255),
});

/** How many clients are affected: the published clients send a number or its digits. */
const affectedClients = Type.Union([
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^[0-9]{1,15}$' }),
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

/** What every later transaction takes; TO07 needs the three close-out fields, the others ignore them. */
export const updateInput = Type.Object({
  dialog,
  closeOutType: Type.Optional(text(255)),
  closeOutNarr: Type.Optional(text(4000)),
  serviceRestoredTime: Type.Optional(moment),
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

type CreateInput = Static<typeof createInput>;
type UpdateInput = Static<typeof updateInput>;
type EditInput = Static<typeof editInput>;

/** What a ticket shows of a file. */
export interface AttachmentInfo {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
}

/** The fields that only a trouble ticket has. Times are as the party wrote them. */
export interface TroubleFields {
  readonly dialog: string;
  readonly troubleType: string;
  readonly troubleDescription: string;
  readonly troubleDetectionTime: string;
  readonly troubledObject: string;
  readonly customerTroubleNum?: string;
  readonly homeId?: string;
  readonly gescal37ID?: string;
  readonly wh1Parameter?: string;
  readonly wh2Parameter?: string;
  readonly wh3Parameter?: string;
  readonly wh4Parameter?: string;
  readonly wh5Parameter?: string;
  readonly clearencePerson?: string;
  readonly customer?: number;
  readonly closeOutType?: string;
  readonly closeOutNarr?: string;
  readonly serviceRestoredTime?: string;
  readonly attachments?: readonly AttachmentInfo[];
}

export function fieldsOf(ticket: Ticket): TroubleFields {
  return ticket.fields as unknown as TroubleFields;
}

/** The key under which a mirror key is unique: per issuer. */
function uniqueMirrorKey(issuer: string, mirrorKey: string): string {
  return JSON.stringify([issuer, mirrorKey]);
}

/** What a creation, a transaction or an edit sets. The input has passed the schema of its command. */
export function changeTrouble(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  if (!ticket) return open(input as unknown as CreateInput, context);
  if (name === null) return edit(ticket, input as unknown as EditInput);
  return transact(ticket, name, input as unknown as Partial<UpdateInput>, context);
}

function open(input: CreateInput, { actor, now }: ChangeContext): Change | Refusal {
  const issuer = actingParty(actor);
  const owner = input.owner ?? actor.account;
  if (issuer === owner) {
    const message = `must be another party than the issuer, which is ${owner}`;
    return invalid([{ pointer: '/owner', message }], 'Nobody may be on both sides of a ticket.');
  }
  const { mirrorKey, preferredPriority, owner: _owner, customer, attachments: files = [], ...rest } = input;
  const kept = keepFiles(files, now);
  const fields = {
    ...rest,
    ...(customer !== undefined && { customer: Number(customer) }),
    ...(kept.length > 0 && { attachments: kept.map(describe) }),
  };
  return {
    ok: true,
    set: {
      title: rest.troubleDescription,
      priority: preferredPriority,
      issuer,
      owner,
      externalReference: mirrorKey,
      uniqueKey: uniqueMirrorKey(issuer ?? '', mirrorKey),
      fields,
    },
    data: { dialog: rest.dialog },
    searchText: [
      mirrorKey,
      rest.troubleType,
      rest.troubledObject,
      rest.customerTroubleNum ?? '',
      rest.homeId ?? '',
      rest.dialog,
    ].join(' '),
    attachments: kept,
  };
}

function transact(ticket: Ticket, name: string, input: Partial<UpdateInput>, { now }: ChangeContext): Change {
  const before = fieldsOf(ticket);
  const kept = keepFiles(input.attachments ?? [], now);
  const closeOut = name === 'TO07' && {
    closeOutType: input.closeOutType,
    closeOutNarr: input.closeOutNarr,
    serviceRestoredTime: input.serviceRestoredTime,
  };
  const fields = {
    ...before,
    ...(input.dialog !== undefined && { dialog: input.dialog }),
    ...(input.customer !== undefined && { customer: Number(input.customer) }),
    ...closeOut,
    ...(kept.length > 0 && { attachments: [...(before.attachments ?? []), ...kept.map(describe)] }),
  };
  const told = [input.dialog, closeOut ? input.closeOutNarr : undefined].filter((part) => part !== undefined);
  return {
    ok: true,
    set: { fields },
    ...(input.dialog !== undefined && { data: { dialog: input.dialog, ...closeOut } }),
    searchText: told.join(' '),
    attachments: kept,
  };
}

function edit(ticket: Ticket, input: EditInput): Change {
  const { preferredPriority, customer, customerTroubleNum, assignee, queue, tags } = input;
  return {
    ok: true,
    set: {
      ...(preferredPriority !== undefined && { priority: preferredPriority }),
      ...(assignee !== undefined && { assignee }),
      ...(queue !== undefined && { queue }),
      ...(tags !== undefined && { tags }),
      fields: {
        ...ticket.fields,
        ...(customer !== undefined && { customer: Number(customer) }),
        ...(customerTroubleNum !== undefined && { customerTroubleNum }),
      },
    },
    data: { changed: input },
    searchText: customerTroubleNum ?? '',
  };
}

function keepFiles(files: readonly Static<typeof attachment>[], now: Date): NewAttachment[] {
  return files.map(({ name, mimeType, content }) => {
    // Written anew, because PostgreSQL's decoder is stricter about padding and line breaks than Node's.
    const bytes = Buffer.from(content, 'base64');
    return { id: newId(now), name, mimeType, size: bytes.byteLength, content: bytes.toString('base64') };
  });
}

function describe({ id, name, mimeType, size }: NewAttachment): AttachmentInfo {
  return { id, name, mimeType, size };
}
