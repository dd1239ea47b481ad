import type { Actor } from '../kernel/actor.ts';
import { invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { isUuid, newId, newSecret } from '../kernel/id.ts';
import type { Sql } from '../store/database.ts';
import { accountOfApiKey } from './account-key.ts';
import { toActor } from './claims.ts';
import { checkGrant, type Grant, type GrantInput } from './grant.ts';
import { hashSecret } from './secret-hash.ts';

export interface ApiKeyInput extends GrantInput {
  /** Never, when absent. */
  readonly expiresAt?: Date | undefined;
}

/** An API key, without its text. */
export interface ApiKey extends Grant {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** True to a minute; not every use is written down. */
  readonly lastUsedAt: Date | null;
}

/** Makes an API key, `tk_<account>_<256 random bits>`. Its text is given out here and nowhere else. */
export async function createApiKey(
  sql: Sql,
  account: string,
  input: ApiKeyInput,
  now: Date,
): Promise<{ readonly ok: true; readonly id: string; readonly key: string } | Refusal> {
  const grant = await checkGrant(sql, account, input);
  if (!grant.ok) return grant;
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt !== null && expiresAt <= now) {
    return invalid([{ pointer: '/expiresAt', message: 'must be in the future' }]);
  }
  const id = newId(now);
  const key = `tk_${account}_${newSecret()}`;
  await sql`
    insert into tessera.api_key (account, id, hash, name, permissions, party, persona, created_at, expires_at)
    values (${account}, ${id}, ${hashSecret(key)}, ${grant.name}, ${grant.permissions},
      ${grant.party}, ${grant.persona}, ${now}, ${expiresAt})`;
  return { ok: true, id, key };
}

const columns = (sql: Sql) => sql`
  id, name, permissions, party, persona, created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt"`;

export async function listApiKeys(sql: Sql, account: string): Promise<ApiKey[]> {
  return sql<ApiKey[]>`select ${columns(sql)} from tessera.api_key where account = ${account} order by id`;
}

/** The key stops within a minute. False where the account has no such key, or has revoked it before. */
export async function revokeApiKey(sql: Sql, account: string, id: string, now: Date): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await sql`
    update tessera.api_key set revoked_at = ${now}
    where account = ${account} and id = ${id} and revoked_at is null returning id`;
  return rows.length > 0;
}

/**
 * Finds out whose key this is: one probe of the index api_key_hash.
 * @returns the actor, and the key's expiry in milliseconds since the epoch
 */
export async function verifyApiKey(
  sql: Sql,
  key: string,
  now: Date,
): Promise<{ readonly ok: true; readonly actor: Actor; readonly until: number } | Refusal> {
  const account = accountOfApiKey(key);
  if (account === null) return refuse('unauthenticated', 'The API key is not valid.');
  const [found] = await sql<ApiKey[]>`
    select ${columns(sql)} from tessera.api_key where account = ${account} and hash = ${hashSecret(key)}`;
  if (found === undefined || found.revokedAt !== null) {
    return refuse('unauthenticated', 'The API key is not valid.');
  }
  const until = found.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  if (until <= now.getTime()) return refuse('unauthenticated', 'The API key has expired.');
  return { ok: true, actor: toActor(account, found.id, 'client', found), until };
}

/** Notes a use, at most once a minute for a key. */
export async function noteApiKeyUse(sql: Sql, account: string, id: string, now: Date): Promise<void> {
  const minuteAgo = new Date(now.getTime() - 60_000);
  await sql`
    update tessera.api_key set last_used_at = ${now}
    where account = ${account} and id = ${id} and (last_used_at is null or last_used_at <= ${minuteAgo})`;
}
