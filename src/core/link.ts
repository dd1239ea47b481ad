/**
 * How one ticket stands to another. `parent`: the other one is the parent of this one. The other two hold both ways:
 * `duplicate` are about the same thing, `related` have to do with each other.
 */
export type Relation = 'parent' | 'duplicate' | 'related';

export const RELATIONS: readonly Relation[] = ['parent', 'duplicate', 'related'];

/** A link from a ticket to another one of the account. */
export interface Link {
  readonly relation: Relation;
  /** The other ticket's id. */
  readonly other: string;
}
