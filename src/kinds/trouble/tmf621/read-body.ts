import type { Ticket } from '../../../core/ticket.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import type { Attributes } from '../amend.ts';
import type { AttachmentRef, Note, Reference, RelatedParty, Relationship } from '../attributes.ts';
import type { DescribedFile } from '../files.ts';
import { keptAttachments, keptNotes } from './common-map.ts';
import { type GivenDetail, readDetails } from './details.ts';
import { type Document, ISSUER_ROLE, isSide, OWNER_ROLE } from './document.ts';

/** What a version writes in its own way, read from a document that its schema has passed. */
export type ReadBody = (
  document: Document,
  before: Ticket | null,
) => {
  readonly details: readonly GivenDetail[];
  readonly parties: readonly Partial<RelatedParty>[] | undefined;
  readonly attributes: Attributes;
};

/** A document as the wing's rules want it. What the document does not have is not there, an empty list for a list. */
export interface BodyContent {
  readonly ok: true;
  /** The owner that the document names, if it does. */
  readonly owner: string | undefined;
  readonly attributes: Attributes;
  readonly files: readonly DescribedFile[];
}

interface Common {
  readonly description?: string;
  readonly severity?: string;
  readonly ticketType?: string;
  readonly name?: string;
  readonly priority?: string;
  readonly expectedResolutionDate?: string;
  readonly requestedResolutionDate?: string;
  readonly resolutionDate?: string;
  readonly statusChangeReason?: string;
  readonly channel?: Reference;
  readonly note?: readonly Partial<Note>[];
  readonly attachment?: readonly AttachmentRef[];
  readonly troubleTicketRelationship?: readonly Relationship[];
}

/**
 * Reads a whole document, of a ticket that is to be opened or as a patch leaves one.
 * @param before the ticket that is patched, null for a new one
 * @param author who writes notes that name nobody
 */
export function readDocument(
  document: Document,
  before: Ticket | null,
  readBody: ReadBody,
  issuer: string | null,
  author: string,
  now: Date,
): BodyContent | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const own = readBody(document, before);
  const details = readDetails(own.details);
  const sides = readSides(own.parties ?? [], before, issuer);
  const errors = [...(details.ok ? [] : details.errors), ...sides.errors];
  if (lengthOf(document) > LARGEST)
    errors.push({ pointer: '', message: 'may have 1 MB at most without its files' });
  if (!details.ok || errors.length > 0) return { ok: false, errors };
  const { files, attachmentRefs } = keptAttachments((document as Common).attachment, before);
  const common = document as Common;
  return {
    ok: true,
    owner: sides.owner,
    files,
    attributes: {
      ...own.attributes,
      ...pick(common),
      notes: keptNotes(common.note, author, now, before === null) ?? null,
      attachmentRefs: attachmentRefs ?? null,
      relationships: common.troubleTicketRelationship ?? null,
      relatedParties: (own.parties ?? []).filter((party) => !isSide(party)) as RelatedParty[],
      details: details.details,
    },
  };
}

/** Only files may make a ticket large: everything else is read with it again and again. */
const LARGEST = 1024 ** 2;

function lengthOf({ attachment, ...rest }: Document): number {
  const files = ((attachment ?? []) as AttachmentRef[]).map(({ content: _, ...file }) => file);
  return JSON.stringify([rest, files]).length;
}

const SIMPLE = [
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
] as const;

function pick(common: Common): Attributes {
  return Object.fromEntries(
    SIMPLE.filter((name) => common[name] !== undefined).map((name) => [name, common[name]]),
  );
}

/** The two sides cannot be chosen freely: the caller is the issuer, and the owner of a ticket stays. */
function readSides(
  parties: readonly Partial<RelatedParty>[],
  before: Ticket | null,
  issuer: string | null,
): { owner: string | undefined; errors: FieldError[] } {
  const errors: FieldError[] = [];
  let owner: string | undefined;
  for (const [index, { role, id }] of parties.entries()) {
    const known = role === ISSUER_ROLE ? (before?.issuer ?? issuer) : before?.owner;
    const fixed = role === ISSUER_ROLE || (role === OWNER_ROLE && before !== null);
    if (fixed && id !== known) {
      errors.push({ pointer: `/relatedParty/${index}`, message: `the ${role} of this ticket is ${known}` });
    }
    if (role === OWNER_ROLE) owner = id;
  }
  return { owner, errors };
}
