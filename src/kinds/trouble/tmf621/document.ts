import type { RelatedEntity, RelatedParty } from '../attributes.ts';

/** A resource on the wire. */
export type Document = Readonly<Record<string, unknown>>;

/** Without the properties that are undefined, null or an empty list. */
export function compact(document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).filter(
      ([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** The roles in which a ticket's two sides stand among its related parties. */
export const ISSUER_ROLE = 'issuer';
export const OWNER_ROLE = 'owner';

/** A side of the ticket as a related party. */
export function sideOf(role: string, party: string): RelatedParty {
  return { id: party, role, '@type': 'PartyRef', '@referredType': 'Organization' };
}

export function isSide({ role }: Pick<RelatedParty, 'role'>): boolean {
  return role === ISSUER_ROLE || role === OWNER_ROLE;
}

/** The thing that a ticket is about, as a related entity. */
export function entityOf(role: string, id: string, referredType: string): RelatedEntity {
  return { id, role, '@type': 'EntityRef', '@referredType': referredType };
}
