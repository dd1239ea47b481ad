import type { JSONWebKeySet } from 'jose';
import { type FieldError, invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { findAccount } from '../store/accounts.ts';
import { asJson, type Sql } from '../store/database.ts';
import { isUniqueViolation } from '../store/failure.ts';

/** What an actor is made of, and so what a foreign token's claims are mapped to. */
const MAPPED = ['sub', 'name', 'party', 'persona', 'permissions'] as const;
export type MappedField = (typeof MAPPED)[number];

/**
 * Where each part of an actor comes from. A claim may be a path (`realm_access.roles`); a claim whose whole name has
 * dots is found first. A fixed value wins over a claim. What is not mentioned: `sub` comes from `sub`, `name` from
 * `name`, and there is no party, no persona and no permission.
 */
export interface ClaimMapping {
  readonly claims?: Readonly<Partial<Record<MappedField, string>>>;
  readonly fixed?: Readonly<Partial<Record<MappedField, string | readonly string[]>>>;
}

/** Another party's token service that an account trusts. Its actors are called `<name>:<sub>`. */
export interface Issuer {
  readonly name: string;
  /** The token's `iss`, to the letter. */
  readonly issuer: string;
  /** One of the token's `aud`. */
  readonly audience: string;
  /** Where its keys are, or else the keys themselves. */
  readonly jwksUrl: string | null;
  readonly jwks: JSONWebKeySet | null;
  readonly mapping: ClaimMapping;
}

export interface IssuerInput {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl?: string | undefined;
  readonly jwks?: JSONWebKeySet | undefined;
  readonly mapping?: ClaimMapping | undefined;
}

/** Trusts an issuer. It holds on every node within half a minute. */
export async function addIssuer(
  sql: Sql,
  account: string,
  input: IssuerInput,
  now: Date,
): Promise<{ readonly ok: true } | Refusal> {
  const faults = issuerFaults(input);
  if (faults.length > 0) return invalid(faults);
  if ((await findAccount(sql, account)) === null) {
    return invalid([{ pointer: '/account', message: `there is no account ${account}` }]);
  }
  const jwks = input.jwks === undefined ? null : asJson(input.jwks);
  try {
    await sql`
      insert into tessera.issuer (account, name, issuer, audience, jwks_url, jwks, mapping, created_at)
      values (${account}, ${input.name}, ${input.issuer}, ${input.audience}, ${input.jwksUrl ?? null},
        ${jwks}::text::jsonb, ${asJson(input.mapping ?? {})}::text::jsonb, ${now})`;
    return { ok: true };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return refuse(
      'duplicate',
      'The account trusts an issuer of this name, or this issuer with this audience, already.',
    );
  }
}

export async function listIssuers(sql: Sql, account: string): Promise<Issuer[]> {
  return sql<Issuer[]>`
    select name, issuer, audience, jwks_url as "jwksUrl", jwks, mapping
    from tessera.issuer where account = ${account} order by name`;
}

/** Its tokens stop within a minute. False where the account trusts no issuer of this name. */
export async function removeIssuer(sql: Sql, account: string, name: string): Promise<boolean> {
  const rows =
    await sql`delete from tessera.issuer where account = ${account} and name = ${name} returning name`;
  return rows.length > 0;
}

function issuerFaults({ name, issuer, audience, jwksUrl, jwks, mapping }: IssuerInput): FieldError[] {
  const faults: FieldError[] = [];
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    faults.push({ pointer: '/name', message: 'must be lower-case letters, digits and dashes, at most 40' });
  }
  if (issuer.length === 0 || issuer.length > 1000) {
    faults.push({ pointer: '/issuer', message: "must be the issuer's name as its tokens carry it" });
  }
  if (audience.length === 0 || audience.length > 1000) {
    faults.push({
      pointer: '/audience',
      message: 'must be the audience that its tokens carry for this server',
    });
  }
  if ((jwksUrl === undefined) === (jwks === undefined)) {
    faults.push({ pointer: '/jwksUrl', message: 'give the URL of the keys or the keys themselves' });
  }
  if (jwksUrl !== undefined && !/^https?:$/.test(URL.parse(jwksUrl)?.protocol ?? '')) {
    faults.push({ pointer: '/jwksUrl', message: 'must be an http or https URL' });
  }
  if (jwks !== undefined && !Array.isArray(jwks.keys)) {
    faults.push({ pointer: '/jwks', message: 'must be a JSON Web Key Set' });
  }
  for (const part of ['claims', 'fixed'] as const) {
    for (const field of Object.keys(mapping?.[part] ?? {})) {
      if (!MAPPED.some((known) => known === field)) {
        faults.push({ pointer: `/mapping/${part}/${field}`, message: `must be one of ${MAPPED.join(', ')}` });
      }
    }
  }
  return faults;
}
