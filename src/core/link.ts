/**
 * How one ticket stands to another. `parent`: the other one is the parent of this one. The other two hold both ways:
 * `duplicate` are about the same thing, `related` have to do with each other.
 */
export type Relation = 'parent' | 'duplicate' | 'related';

/** A relation as either ticket sees it. */
export type SeenRelation = Relation | 'child';

export const SEEN_RELATIONS: readonly SeenRelation[] = ['parent', 'child', 'duplicate', 'related'];

/** A link from a ticket to another one of the account. */
export interface Link {
  readonly relation: Relation;
  /** The other ticket's id. */
  readonly other: string;
}

/** What history tells of the ticket at the other end of a link. */
export interface OtherEnd {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
}
