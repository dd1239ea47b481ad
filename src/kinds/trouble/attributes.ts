/** Whatever a client sends along; it comes back as it was. */
type Extras = Readonly<Record<string, unknown>>;

/** What the standard lets every object say of its own shape. */
interface Typed {
  readonly '@type'?: string;
  readonly '@baseType'?: string;
  readonly '@schemaLocation'?: string;
}

/** Something that is kept elsewhere. */
export interface Reference extends Typed {
  readonly id: string;
  readonly href?: string;
  readonly name?: string;
  readonly '@referredType'?: string;
}

export interface Note extends Typed {
  readonly id: string;
  readonly author?: string;
  readonly date?: string;
  readonly text?: string;
}

export interface ExternalId extends Typed {
  readonly id: string;
  readonly owner?: string;
  readonly externalIdentifierType?: string;
}

export interface RelatedParty extends Reference {
  readonly role?: string;
  readonly partyId?: string;
  readonly partyName?: string;
}

export interface RelatedEntity extends Reference {
  readonly role?: string;
}

export interface Relationship extends Reference {
  readonly relationshipType?: string;
}

export interface SpecificationRef extends Reference {
  readonly version?: string;
}

/** A file that is kept elsewhere. */
export interface AttachmentRef extends Extras {
  readonly id?: string;
  readonly name?: string;
  readonly url?: string;
}

/** A named value; `value` may be anything. */
export interface Characteristic extends Extras {
  readonly name: string;
  readonly value?: unknown;
}

/** What TM Forum's API knows of a ticket beyond OSS/J, in one form for all its versions. */
export interface MoreFields {
  readonly name?: string;
  readonly severity?: string;
  /** The priority in the client's own word; the ticket's number is what counts. */
  readonly priorityName?: string;
  /** All identifiers elsewhere, where there is more to say than the first one's id, which is the mirror key. */
  readonly externalIds?: readonly ExternalId[];
  readonly expectedResolutionDate?: string;
  readonly requestedResolutionDate?: string;
  readonly notes?: readonly Note[];
  readonly attachmentRefs?: readonly AttachmentRef[];
  readonly channel?: Reference;
  readonly relatedEntities?: readonly RelatedEntity[];
  readonly relatedParties?: readonly RelatedParty[];
  readonly relationships?: readonly Relationship[];
  readonly specification?: SpecificationRef;
  readonly characteristics?: readonly Characteristic[];
}

/** OSS/J's own fields that stand among characteristics and related entities elsewhere. */
export const DETAILS = [
  'troubledObject',
  'troubleDetectionTime',
  'customerTroubleNum',
  'homeId',
  'gescal37ID',
  'wh1Parameter',
  'wh2Parameter',
  'wh3Parameter',
  'wh4Parameter',
  'wh5Parameter',
  'clearencePerson',
  'customer',
  'closeOutType',
  'closeOutNarr',
] as const;

export type DetailName = (typeof DETAILS)[number];
/** Texts, but for the number of clients affected. */
export type Details = { readonly [Name in DetailName]?: Name extends 'customer' ? number : string };
