import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { asJson, inTransaction, type Sql } from '../store/database.ts';
import { ACCESS_TOKEN_SECONDS, ALGORITHM } from './claims.ts';

/** A private key as it is kept in `oidc.signing_key`. */
export interface SigningKey {
  readonly kid: string;
  readonly privateJwk: JWK;
  /** A key is published before it signs, so that every node and every caching verifier knows it by then. */
  readonly signsFrom: Date;
  /** The latest expiry among the tokens that it signed, as far as they live longer than an access token. */
  readonly tokensUntil: Date;
  readonly createdAt: Date;
}

/** How long a new key is published before it signs. The first key of all signs at once. */
const LEAD_MS = 5 * 60_000;

/** A node that has not yet seen the next key goes on signing with the old one for at most this long. */
const OVERLAP_MS = LEAD_MS;

/** Serialises rotations among nodes; any number that nothing else in the database locks. */
const ROTATION_LOCK = 7_311_204_815;

export async function listSigningKeys(sql: Sql): Promise<SigningKey[]> {
  return sql<SigningKey[]>`
    select kid, private_jwk as "privateJwk", signs_from as "signsFrom", tokens_until as "tokensUntil",
      created_at as "createdAt"
    from oidc.signing_key order by signs_from, kid`;
}

export interface RotateOptions {
  readonly now: Date;
  /** A new key is made when the newest is older than this; 0 makes one in any case. Milliseconds. */
  readonly olderThanMs: number;
}

/**
 * Makes the next signing key where it is due, and drops the keys whose last token has run out. Nodes that call this at
 * the same moment make one key.
 * @returns all keys, oldest first
 */
export async function rotateKeys(sql: Sql, { now, olderThanMs }: RotateOptions): Promise<SigningKey[]> {
  const next = await makeKey();
  return inTransaction(sql, async (tx) => {
    await tx`select pg_advisory_xact_lock(${ROTATION_LOCK})`;
    const keys = await listSigningKeys(tx);
    const newest = keys.at(-1);
    if (newest === undefined || now.getTime() - newest.createdAt.getTime() >= olderThanMs) {
      const signsFrom = newest === undefined ? now : new Date(now.getTime() + LEAD_MS);
      await tx`
        insert into oidc.signing_key (kid, private_jwk, signs_from, tokens_until, created_at)
        values (${next.kid}, ${asJson(next.jwk)}::text::jsonb, ${signsFrom}, ${now}, ${now})`;
    }
    const spent = spentKeys(keys, now);
    for (const kid of spent) await tx`delete from oidc.signing_key where kid = ${kid}`;
    return listSigningKeys(tx);
  });
}

/** The keys that nobody needs any more: another one signs since long enough, and no token of theirs is still valid. */
function spentKeys(keys: readonly SigningKey[], now: Date): string[] {
  return keys
    .filter((key, index) => {
      const successor = keys[index + 1];
      if (successor === undefined) return false;
      const accessTokensUntil = successor.signsFrom.getTime() + OVERLAP_MS + ACCESS_TOKEN_SECONDS * 1000;
      return now.getTime() > Math.max(accessTokensUntil, key.tokensUntil.getTime());
    })
    .map(({ kid }) => kid);
}

/** Keeps a key until a token that outlives the ordinary ones has run out. False where the key is gone already. */
export async function keepKeyUntil(sql: Sql, kid: string, until: Date): Promise<boolean> {
  const rows = await sql`
    update oidc.signing_key set tokens_until = greatest(tokens_until, ${until}) where kid = ${kid} returning kid`;
  return rows.length > 0;
}

async function makeKey(): Promise<{ kid: string; jwk: JWK }> {
  const { privateKey }: { privateKey: CryptoKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, jwk: { ...jwk, kid, alg: ALGORITHM, use: 'sig' } };
}
