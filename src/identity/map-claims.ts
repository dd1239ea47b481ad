import type { JWTPayload } from 'jose';
import type { Actor } from '../kernel/actor.ts';
import { readPermissions, readText, toActor } from './claims.ts';
import type { Issuer, MappedField } from './issuers.ts';

/**
 * The actor that a foreign token stands for, null where a mapped claim is missing or not what it should be. A party
 * that is mapped must be there: without one the actor would count as the account's own staff.
 */
export function mapClaims(account: string, issuer: Issuer, payload: JWTPayload): Actor | null {
  const read = (field: MappedField): unknown => {
    const fixed = issuer.mapping.fixed?.[field];
    if (fixed !== undefined) return fixed;
    const claim = issuer.mapping.claims?.[field] ?? (field === 'sub' || field === 'name' ? field : null);
    return claim === null ? undefined : claimAt(payload, claim);
  };
  const sub = readText(read('sub'));
  const name = readText(read('name'));
  const party = readText(read('party'));
  const persona = readText(read('persona'));
  const permissions = readPermissions(read('permissions'));
  if (sub === null || sub === undefined) return null;
  if (name === undefined || party === undefined || persona === undefined || permissions === undefined)
    return null;
  if (party === null && issuer.mapping.claims?.party !== undefined) return null;
  // RFC 9068: the subject of a token that a program asked for in its own name is the client itself.
  const type = [payload.client_id, payload.azp].includes(payload.sub) ? 'client' : 'person';
  return toActor(account, `${issuer.name}:${sub}`, type, { name: name ?? sub, party, persona, permissions });
}

function claimAt(payload: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(payload, claim)) return payload[claim];
  let value: unknown = payload;
  for (const step of claim.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
