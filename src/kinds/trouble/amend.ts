import type { Change, ChangeContext, TicketChange } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import type { Details, ExternalId, MoreFields, Note } from './attributes.ts';
import { fieldsOf, type TroubleFields } from './fields.ts';
import { type DescribedFile, describeFiles, keepFiles } from './files.ts';
import { actingParty } from './parties.ts';
import { cameInto, spoken, uniqueMirrorKey } from './record.ts';
import { priorityOf } from './severities.ts';

/** What a client of TM Forum's API sets; null takes away. Lists are whole, but for `files`, which are added. */
export type Attributes = { readonly [Name in keyof MoreFields]?: MoreFields[Name] | null } & {
  readonly description?: string;
  readonly ticketType?: string;
  /** The client's own word for the priority. */
  readonly priority?: string | null;
  readonly resolutionDate?: string | null;
  readonly statusChangeReason?: string | null;
  readonly details?: Details;
};

/** Opens a ticket by its attributes; `description` and `ticketType` are there. */
export interface Opening {
  /** The party that resolves it, the account's own where absent. */
  readonly owner?: string;
  readonly attributes: Attributes;
  readonly files: readonly DescribedFile[];
}

/** Changes attributes, alone or together with a transition. */
export interface Amendment {
  readonly attributes: Attributes;
  readonly files?: readonly DescribedFile[];
  /** What TO07 asks for; those that the client did not name. */
  readonly closeOutType?: string;
  readonly closeOutNarr?: string;
  readonly serviceRestoredTime?: string;
}

const LONGEST_TITLE = 1000;
const LONGEST_DIALOG = 4000;

/** The note of a ticket whose dialog is its description. */
const DESCRIPTION = 'description';

export function openWith(
  { owner: named, attributes, files }: Opening,
  state: string,
  { actor, now }: ChangeContext,
): Change | Refusal {
  const issuer = actingParty(actor);
  const owner = named ?? actor.account;
  if (issuer === owner) {
    const message = `must name another party than the issuer, which is ${owner}, as the owner`;
    return invalid([{ pointer: '/relatedParty', message }], 'Nobody may be on both sides of a ticket.');
  }
  const { description = '', severity, priority, statusChangeReason } = attributes;
  const last = newestNote(attributes.notes ?? [], []);
  const dialog = last?.text ? cut(last.text, LONGEST_DIALOG) : cut(description, LONGEST_DIALOG);
  const kept = keepFiles(files, now);
  const fields = without({
    ...spoken(dialog, actor, now, last?.text ? last.id : DESCRIPTION),
    troubleType: '',
    troubleDescription: '',
    ...changedFields(attributes),
    statusChanges: cameInto(state, now, [], statusChangeReason),
    ...(kept.length > 0 && { attachments: describeFiles(kept, files) }),
  });
  return {
    ok: true,
    set: {
      title: titleOf(fields as unknown as TroubleFields),
      priority: priorityOf(priority, severity ?? undefined),
      issuer,
      owner,
      ...references(attributes.externalIds, issuer),
      fields,
    },
    data: { dialog },
    searchText: wordsOf(attributes),
    attachments: kept,
  };
}

/** @param state the state that the transition leads to, null where it leads to none */
export function amendTicket(
  ticket: Ticket,
  name: string | null,
  state: string | null,
  { attributes, files = [], ...closeOut }: Amendment,
  { actor, now }: ChangeContext,
): Change {
  const before = fieldsOf(ticket);
  const { priority, severity, statusChangeReason: reason } = attributes;
  const kept = keepFiles(files, now);
  const last = attributes.notes ? newestNote(attributes.notes, before.notes ?? []) : null;
  const dialog = last?.text ? cut(last.text, LONGEST_DIALOG) : undefined;
  const fields = without({
    ...before,
    ...changedFields(attributes),
    ...(dialog !== undefined && last && spoken(dialog, actor, now, last.id)),
    ...(name === 'TO07' && closeOut),
    ...(kept.length > 0 && { attachments: [...(before.attachments ?? []), ...describeFiles(kept, files)] }),
    statusChanges:
      state !== null
        ? cameInto(state, now, before.statusChanges, reason)
        : withReason(ticket, before, reason),
  });
  const severityOrBefore = severity === undefined ? before.severity : (severity ?? undefined);
  const wordOrBefore = priority === undefined ? before.priorityName : priority;
  return {
    ok: true,
    set: {
      title: titleOf(fields as unknown as TroubleFields),
      ...(priority !== undefined && { priority: priorityOf(wordOrBefore, severityOrBefore) }),
      ...(attributes.externalIds !== undefined && references(attributes.externalIds, ticket.issuer)),
      fields,
    },
    reason: reason ?? null,
    data: {
      ...(dialog !== undefined && { dialog }),
      ...(name === 'TO07' && closeOut),
      ...(name !== null && { changed: { attributes } }),
    },
    searchText: wordsOf(attributes),
    attachments: kept,
  };
}

/** The fields that the attributes set; null where one is taken away. */
function changedFields(attributes: Attributes): Record<string, unknown> {
  const {
    description,
    ticketType,
    priority,
    resolutionDate,
    statusChangeReason: _,
    details = {},
    externalIds,
    ...rest
  } = attributes;
  return {
    ...rest,
    ...details,
    ...(description !== undefined && { troubleDescription: description }),
    ...(ticketType !== undefined && { troubleType: ticketType }),
    ...(priority !== undefined && { priorityName: priority }),
    ...(resolutionDate !== undefined && { serviceRestoredTime: resolutionDate }),
    ...(externalIds !== undefined && { externalIds: isPlain(externalIds) ? null : externalIds }),
  };
}

/** Whether the mirror key says all that there is to say. */
function isPlain(ids: readonly ExternalId[] | null): boolean {
  if (!ids || ids.length === 0) return true;
  return ids.length === 1 && Object.keys(ids[0] ?? {}).length === 1;
}

function references(ids: readonly ExternalId[] | null | undefined, issuer: string | null): TicketChange {
  const mirrorKey = ids?.[0]?.id;
  if (mirrorKey === undefined) return { externalReference: null, uniqueKey: null };
  return { externalReference: mirrorKey, uniqueKey: uniqueMirrorKey(issuer ?? '', mirrorKey) };
}

/** The last note that says something which no note of that id said before. */
export function newestNote(notes: readonly Note[], before: readonly Note[]): Note | null {
  const known = new Map(before.map(({ id, text }) => [id, text]));
  return notes.findLast(({ id, text }) => text && known.get(id) !== text) ?? null;
}

/** The present state's reason may be given later. */
function withReason(ticket: Ticket, before: TroubleFields, reason: string | null | undefined) {
  const { statusChanges = [{ state: ticket.state, at: ticket.createdAt.toISOString() }] } = before;
  if (reason === undefined) return before.statusChanges;
  const { reason: _, ...last } = statusChanges.at(-1) ?? { state: ticket.state, at: '' };
  return [...statusChanges.slice(0, -1), reason === null ? last : { ...last, reason }];
}

function titleOf({ name, troubleDescription }: TroubleFields): string {
  return cut(name ?? troubleDescription, LONGEST_TITLE);
}

function wordsOf({ name, description, ticketType, externalIds, notes, details }: Attributes): string {
  const ids = (externalIds ?? []).map(({ id }) => id);
  const said = (notes ?? []).map(({ text }) => text);
  return [name, description, ticketType, ...ids, ...said, ...Object.values(details ?? {})]
    .filter((word) => word !== undefined && word !== null)
    .join(' ');
}

/** What is null or empty is not kept. */
function without(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}
