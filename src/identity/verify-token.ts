import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { isUuid } from '../kernel/id.ts';
import type { Sql } from '../store/database.ts';
import { accountOfClientId, isAccountKey } from './account-key.ts';
import {
  ALGORITHM,
  AUDIENCE,
  MINTED_CLIENT_ID,
  readPermissions,
  readText,
  TOKEN_TYPE,
  toActor,
} from './claims.ts';
import type { Keyring } from './keyring.ts';
import type { TrustedIssuers } from './trusted-issuers.ts';

/** Who a credential stands for, and until when at the latest (milliseconds since the epoch). */
export interface Verified {
  readonly ok: true;
  readonly actor: Actor;
  readonly until: number;
}

export interface TokenVerifierOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly trustedIssuers: TrustedIssuers;
  readonly issuer: string;
}

export type TokenVerifier = (token: string) => Promise<Verified | Refusal>;

const notValid = (): Refusal => refuse('unauthenticated', 'The token is not valid.');
const expired = (): Refusal => refuse('unauthenticated', 'The token has expired.');

/** Verifies a JWT of our own or of an issuer that an account trusts. Rejects only when the database cannot be asked. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { clock, trustedIssuers, issuer } = options;
  return async (token) => {
    const hint = peek(token);
    if (hint === null) return notValid();
    if (hint.payload.iss === issuer) return verifyOwn(options, token, hint.kid);
    const { iss, aud, Account } = hint.payload;
    if (typeof iss !== 'string') return notValid();
    const answer = await trustedIssuers.verify(token, {
      iss,
      audiences: [aud ?? []].flat(),
      account: typeof Account === 'string' ? Account : null,
    });
    if (!answer.ok) return answer.expired ? expired() : notValid();
    return answer.until > clock.now().getTime() ? answer : expired();
  };
}

/** What the token says of itself, unverified; null where it is no JWT. */
function peek(token: string): { kid: unknown; payload: JWTPayload } | null {
  try {
    return { kid: decodeProtectedHeader(token).kid, payload: decodeJwt(token) };
  } catch {
    return null;
  }
}

async function verifyOwn(
  { sql, clock, keyring, issuer }: TokenVerifierOptions,
  token: string,
  kid: unknown,
): Promise<Verified | Refusal> {
  const key = typeof kid === 'string' ? await keyring.verifying(kid) : null;
  if (key === null) return notValid();
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, key, {
      issuer,
      audience: AUDIENCE,
      algorithms: [ALGORITHM],
      typ: TOKEN_TYPE,
      currentDate: clock.now(),
      requiredClaims: ['exp', 'sub', 'client_id'],
    }));
  } catch (error) {
    return error instanceof errors.JWTExpired ? expired() : notValid();
  }
  const actor = toOwnActor(payload);
  if (actor === null) return notValid();
  const client = payload.client_id === MINTED_CLIENT_ID ? null : String(payload.client_id);
  if (client !== null && accountOfClientId(client) !== actor.account) return notValid();
  if (!(await standsGood(sql, actor, client))) return notValid();
  return { ok: true, actor, until: (payload.exp ?? 0) * 1000 };
}

function toOwnActor(payload: JWTPayload): Actor | null {
  const account = readText(payload.Account);
  const id = readText(payload.PersonId ?? payload.sub);
  const name = readText(payload.DisplayName ?? payload.name);
  const party = readText(payload.party);
  const persona = readText(payload.Persona);
  const permissions = readPermissions(payload.permissions);
  const integration = readText(payload.integration);
  if (typeof account !== 'string' || !isAccountKey(account) || typeof id !== 'string') return null;
  if (name === undefined || party === undefined || persona === undefined || permissions === undefined)
    return null;
  const type = payload.client_id === payload.sub ? 'client' : 'person';
  const actor = toActor(account, id, type, { name: name ?? id, party, persona, permissions });
  return integration ? { ...actor, integration } : actor;
}

/** True where the account exists, the client that asked for the token is not revoked, and the person is not disabled. */
async function standsGood(sql: Sql, { account, id }: Actor, client: string | null): Promise<boolean> {
  const [row] = await sql<{ client: boolean | null; person: boolean | null }[]>`
    select
      (select revoked_at is null from tessera.client where account = ${account} and id = ${client}) as client,
      (select disabled_at is null from tessera.person
        where account = ${account} and id = ${isUuid(id) ? id : null}) as person
    from tessera.account where account = ${account}`;
  if (row === undefined) return false;
  return (client === null || row.client === true) && row.person !== false;
}
