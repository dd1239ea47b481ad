import type { Command } from '../../../core/command.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { compileSchema } from '../../../http/schema-compile.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import { type Amendment, type Attributes, newestNote } from '../amend.ts';
import type { Details } from '../attributes.ts';
import { fieldsOf } from '../fields.ts';
import { roleOf } from '../parties.ts';
import type { TroubleRole } from '../workflow.ts';
import { compact, type Document } from './document.ts';
import { applyToDocument, changedNames, immutableFaults, type Patch, touches } from './patch.ts';
import { readDocument } from './read-body.ts';
import { resolveMove, type Status } from './statuses.ts';
import type { Version } from './version.ts';

/** Which of the wing's attributes each attribute on the wire stands for, where it is not the one of the same name. */
const STANDS_FOR: Readonly<Record<string, readonly (keyof Attributes)[]>> = {
  note: ['notes'],
  attachment: ['attachmentRefs'],
  troubleTicketRelationship: ['relationships'],
  relatedEntity: ['relatedEntities'],
  relatedParty: ['relatedParties'],
  externalId: ['externalIds'],
  externalIdentifier: ['externalIds'],
  troubleTicketSpecification: ['specification'],
  troubleTicketCharacteristic: ['characteristics'],
};

/** What OSS/J's TO07 says of a resolution that a client of this contract did not classify. */
const CLOSE_OUT_TYPE = 'RESOLVED';

/**
 * A patch as a command: a transition where it moves the ticket or adds to what was said, else an edit; null where the
 * ticket is as the patch wants it already.
 */
export function toCommand(
  version: Version,
  ticket: Ticket,
  actor: Actor,
  patch: Patch,
  now: Date,
): Command | Refusal | null {
  const role = roleOf(ticket, actor);
  if (role === null) return refuse('forbidden', 'Your party takes no part in this ticket.');
  const before = version.toWire(ticket, version.base);
  const applied = applyToDocument(before, patch);
  if (!applied.ok) return applied;
  const changed = changedNames(before, compact(applied.document));
  const fixed = immutableFaults(changed, version.immutable);
  const checked = compileSchema(version.patchedTicket).check(applied.document);
  if (!checked.ok || fixed.length > 0) return invalid([...fixed, ...(checked.ok ? [] : checked.errors)]);
  const document = checked.value as Document;
  const content = readDocument(document, ticket, version.readBody, ticket.issuer, actor.name, now);
  if (!content.ok) return invalid(content.errors);
  const { files } = content;
  const attributes = changedAttributes(ticket, changed, content.attributes);
  const amendment: Amendment = { attributes, files };
  if (changed.includes('status')) return toMove(ticket, role, document, amendment, patch, now);
  const says = attributes.notes && newestNote(attributes.notes, fieldsOf(ticket).notes ?? []);
  const adds = files.length > 0 || Boolean(says);
  if (!adds && Object.keys(attributes).length === 0) return null;
  // Who adds a note or a file sends information to the other side, in any state but a final one.
  if (adds) return { type: 'transition', name: role === 'TU' ? 'TU10' : 'TO11', input: { ...amendment } };
  return { type: 'edit', input: { attributes } };
}

function toMove(
  ticket: Ticket,
  role: TroubleRole,
  document: Document,
  amendment: Amendment,
  patch: Patch,
  now: Date,
): Command | Refusal {
  const move = resolveMove(ticket.state, role, document.status as Status);
  if (!move.ok) return move;
  // What the patch names belongs to this move, even where the move before had the same.
  const { statusChangeReason, resolutionDate } = document as Partial<Record<string, string>>;
  const named = {
    ...(touches(patch, 'statusChangeReason') && { statusChangeReason: statusChangeReason ?? null }),
    ...(touches(patch, 'resolutionDate') && { resolutionDate: resolutionDate ?? null }),
  };
  const attributes = { ...amendment.attributes, ...named };
  const closeOut = move.name === 'TO07' ? closeOutOf(document, attributes, now) : {};
  return { type: 'transition', name: move.name, input: { ...amendment, attributes, ...closeOut } };
}

/** What TO07 requires: the client's own words where it has some, else what can be said without them. */
function closeOutOf(document: Document, attributes: Attributes, now: Date) {
  const { details = {}, notes, statusChangeReason, resolutionDate } = attributes;
  const said = statusChangeReason ?? notes?.findLast(({ text }) => text)?.text ?? document.description;
  return {
    closeOutType: details.closeOutType ?? CLOSE_OUT_TYPE,
    closeOutNarr: details.closeOutNarr ?? String(said).slice(0, 4000).toWellFormed(),
    serviceRestoredTime: resolutionDate ?? now.toISOString(),
  };
}

/** Of all attributes those that the patch changes; what it took away is null. */
function changedAttributes(ticket: Ticket, changed: readonly string[], all: Attributes): Attributes {
  const names = changed.flatMap(
    (name): readonly string[] => STANDS_FOR[name] ?? (SAME.has(name) ? [name] : []),
  );
  const details = changedDetails(ticket, all.details ?? {});
  return {
    ...Object.fromEntries(names.map((name) => [name, all[name as keyof Attributes] ?? null])),
    ...(details && { details }),
  };
}

/** The attributes that have the same name on the wire. */
const SAME: ReadonlySet<string> = new Set([
  'description',
  'severity',
  'ticketType',
  'name',
  'priority',
  'expectedResolutionDate',
  'requestedResolutionDate',
  'resolutionDate',
  'statusChangeReason',
  'channel',
]);

/** What OSS/J has a name of its own for is set, and not taken away where a list leaves it out. */
function changedDetails(ticket: Ticket, details: Details): Details | null {
  const fields = fieldsOf(ticket);
  const entries = Object.entries(details).filter(([name, value]) => fields[name as keyof Details] !== value);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
