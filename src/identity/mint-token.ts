import { SignJWT } from 'jose';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { invalid, type Refusal } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import { findAccount } from '../store/accounts.ts';
import type { Sql } from '../store/database.ts';
import {
  ACCESS_TOKEN_SECONDS,
  ALGORITHM,
  AUDIENCE,
  MINTED_CLIENT_ID,
  ownClaims,
  readText,
  TOKEN_TYPE,
} from './claims.ts';
import type { Keyring } from './keyring.ts';
import { keepKeyUntil } from './signing-keys.ts';

export interface MintTokenInput {
  readonly account: string;
  /** Who the token stands for: a person's UUID, or any text that is stable. `minted` when absent. */
  readonly sub?: string | undefined;
  readonly name?: string | undefined;
  /** Not checked against the account's parties: a contract answers for a party that it does not know. */
  readonly party?: string | undefined;
  readonly persona?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Lifetime in milliseconds, an hour when absent; from one second to ten years. */
  readonly ttlMs?: number | undefined;
}

export interface MintTokenOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly issuer: string;
}

const MAX_TTL_MS = 10 * 365 * 86_400_000;

/** Signs an access token without a client, with the keys and the claims of the token endpoint. */
export async function mintToken(
  { sql, clock, keyring, issuer }: MintTokenOptions,
  input: MintTokenInput,
): Promise<{ readonly ok: true; readonly token: string; readonly expiresAt: Date } | Refusal> {
  const ttlMs = input.ttlMs ?? ACCESS_TOKEN_SECONDS * 1000;
  const fault = mintFault(input, ttlMs);
  if (fault !== null) return invalid([fault]);
  if ((await findAccount(sql, input.account)) === null) {
    return invalid([{ pointer: '/account', message: `there is no account ${input.account}` }]);
  }
  const issuedAt = Math.floor(clock.now().getTime() / 1000);
  const expiresAt = new Date((issuedAt + Math.ceil(ttlMs / 1000)) * 1000);
  let keys = await keyring.current();
  if (!(await keepKeyUntil(sql, keys.signingKid, expiresAt))) {
    keys = await keyring.refresh();
    await keepKeyUntil(sql, keys.signingKid, expiresAt);
  }
  const sub = input.sub ?? input.party ?? 'minted';
  const claims = ownClaims(input.account, sub, {
    name: input.name ?? sub,
    permissions: [...(input.permissions ?? [])],
    party: input.party ?? null,
    persona: input.persona ?? null,
  });
  const token = await new SignJWT({ ...claims, client_id: MINTED_CLIENT_ID })
    .setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE, kid: keys.signingKid })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(keys.signingKey);
  return { ok: true, token, expiresAt };
}

function mintFault(input: MintTokenInput, ttlMs: number) {
  for (const name of ['sub', 'name', 'party', 'persona'] as const) {
    if (readText(input[name]) === undefined) {
      return { pointer: `/${name}`, message: 'must have 1 to 200 characters' };
    }
  }
  if (input.sub === systemActor(input.account).id) {
    return { pointer: '/sub', message: 'is the name of the system itself' };
  }
  if (!(ttlMs >= 1000 && ttlMs <= MAX_TTL_MS)) {
    return { pointer: '/ttl', message: 'must be between one second and ten years' };
  }
  return null;
}
