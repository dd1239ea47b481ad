import type { Ticket } from '../../../core/ticket.ts';
import type { AttachmentRef, Note } from '../attributes.ts';
import { fieldsOf, type StatusChange } from '../fields.ts';
import type { DescribedFile } from '../files.ts';
import { priorityName, severityName } from '../severities.ts';
import { type Document, ISSUER_ROLE, OWNER_ROLE, sideOf } from './document.ts';
import { statusOf } from './statuses.ts';

/** The id of the note that shows what OSS/J said last. */
const DIALOG = 'dialog';

/** What both versions print the same way. */
export function commonDocument(ticket: Ticket, base: string): Document {
  const fields = fieldsOf(ticket);
  const last = changesOf(ticket).at(-1);
  return {
    id: ticket.key,
    href: hrefOf(base, ticket.key),
    name: fields.name,
    description: fields.troubleDescription,
    severity: fields.severity ?? severityName(ticket.priority),
    priority: fields.priorityName ?? priorityName(ticket.priority),
    ticketType: fields.troubleType,
    status: statusOf(ticket.state),
    statusChangeDate: last?.at,
    statusChangeReason: last?.reason,
    creationDate: ticket.createdAt.toISOString(),
    lastUpdate: ticket.updatedAt.toISOString(),
    expectedResolutionDate: fields.expectedResolutionDate,
    requestedResolutionDate: fields.requestedResolutionDate,
    resolutionDate: fields.serviceRestoredTime,
    channel: fields.channel,
    troubleTicketRelationship: fields.relationships,
    '@type': 'TroubleTicket',
  };
}

/** The path of a ticket. */
export function hrefOf(base: string, key: string): string {
  return `${base}/troubleTicket/${key}`;
}

/** Every state that the ticket has been in, in this contract's words; what was not kept begins at its creation. */
export function changesOf(ticket: Ticket): readonly StatusChange[] {
  const { statusChanges = [{ state: ticket.state, at: ticket.createdAt.toISOString() }] } = fieldsOf(ticket);
  return statusChanges;
}

/** The ticket's two sides, as related parties. */
export function sidesOf({ issuer, owner }: Ticket) {
  return [
    ...(issuer === null ? [] : [sideOf(ISSUER_ROLE, issuer)]),
    ...(owner === null ? [] : [sideOf(OWNER_ROLE, owner)]),
  ];
}

/** The ticket's notes, and what was said last where that is none of them. */
export function notesOf(ticket: Ticket): Note[] {
  const { notes = [], dialog, dialogBy, dialogAt, dialogNote } = fieldsOf(ticket);
  const said: Note = {
    id: DIALOG,
    ...(dialogBy !== undefined && { author: dialogBy }),
    ...(dialogAt !== undefined && { date: dialogAt }),
    text: dialog,
  };
  const all = dialogNote === undefined ? [...notes, said] : notes;
  return all.map((note) => ({ '@type': 'Note', ...note }));
}

/**
 * A client's notes as they are kept: without the one that shows what was said last, each with an id of its own, an author and
 * a date.
 * @param author who writes those that name nobody
 * @param isNew whether the ticket is new, so that it shows nothing yet
 */
export function keptNotes(
  notes: readonly Partial<Note>[] | undefined,
  author: string,
  now: Date,
  isNew: boolean,
): Note[] | undefined {
  if (notes === undefined) return undefined;
  const own = isNew
    ? notes.map(
        ({ id, ...note }) => (id === undefined || id === DIALOG ? note : { id, ...note }) as Partial<Note>,
      )
    : notes.filter(({ id }) => id !== DIALOG);
  const taken = new Set(own.map(({ id }) => id));
  let next = 0;
  const free = () => {
    do next += 1;
    while (taken.has(String(next)));
    return String(next);
  };
  return own.map(({ id = free(), '@type': type, ...note }) => ({
    author,
    date: now.toISOString(),
    ...note,
    id,
    ...(type !== undefined && type !== 'Note' && { '@type': type }),
  }));
}

/** Files of the ticket, and files that are kept elsewhere. */
export function attachmentsOf(ticket: Ticket): Document[] {
  const { attachments = [], attachmentRefs = [] } = fieldsOf(ticket);
  const files = attachments.map(({ id, size, ...file }) => ({
    id,
    ...file,
    url: `/troubleTicket/${ticket.key}/attachments/${id}`,
    size: { amount: size, units: 'bytes' },
    '@type': 'Attachment',
  }));
  return [...files, ...attachmentRefs];
}

type GivenAttachment = AttachmentRef & { readonly content?: string };

/** What a client's attachments add: new files, and references. The ticket's own files stay, named again or not. */
export function keptAttachments(
  given: readonly GivenAttachment[] | undefined,
  ticket: Ticket | null,
): { files: DescribedFile[]; attachmentRefs?: AttachmentRef[] } {
  if (given === undefined) return { files: [] };
  const own = new Set((ticket ? (fieldsOf(ticket).attachments ?? []) : []).map(({ id }) => id));
  const files: DescribedFile[] = [];
  const attachmentRefs: AttachmentRef[] = [];
  for (const { content, ...reference } of given) {
    const { id, name, mimeType, attachmentType, description } = reference;
    if (id !== undefined && own.has(id)) continue;
    if (content === undefined) attachmentRefs.push(reference);
    else {
      files.push({
        content,
        name: name ?? 'attachment',
        mimeType: String(mimeType ?? 'application/octet-stream'),
        ...(typeof attachmentType === 'string' && { attachmentType }),
        ...(typeof description === 'string' && { description }),
      });
    }
  }
  return { files, attachmentRefs };
}
