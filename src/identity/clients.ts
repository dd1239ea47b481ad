import { invalid, type Refusal } from '../kernel/errors.ts';
import { newSecret } from '../kernel/id.ts';
import type { Sql } from '../store/database.ts';
import { accountOfClientId } from './account-key.ts';
import { checkGrant, type Grant, type GrantInput } from './grant.ts';
import { hashSecret } from './secret-hash.ts';

export interface ClientInput extends GrantInput {
  /** The name of a built-in integration that uses this client, such as `zendesk`. */
  readonly integration?: string | undefined;
}

const INTEGRATION = /^[a-z][a-z0-9-]{0,63}$/;

/** A client program, without its secret. */
export interface Client extends Grant {
  readonly id: string;
  readonly integration: string | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Makes a client. The secret is given out here and nowhere else: only its hash is kept. */
export async function createClient(
  sql: Sql,
  account: string,
  input: ClientInput,
  now: Date,
): Promise<{ readonly ok: true; readonly clientId: string; readonly clientSecret: string } | Refusal> {
  const integration = input.integration ?? null;
  if (integration !== null && !INTEGRATION.test(integration)) {
    const message = 'must have 1 to 64 lower-case letters, digits and hyphens, and begin with a letter';
    return invalid([{ pointer: '/integration', message }]);
  }
  const grant = await checkGrant(sql, account, input);
  if (!grant.ok) return grant;
  const clientId = `${account}.${newSecret(12)}`;
  const clientSecret = newSecret();
  await sql`
    insert into tessera.client
      (account, id, secret_hash, name, permissions, party, persona, integration, created_at)
    values (${account}, ${clientId}, ${hashSecret(clientSecret)}, ${grant.name},
      ${grant.permissions}, ${grant.party}, ${grant.persona}, ${integration}, ${now})`;
  return { ok: true, clientId, clientSecret };
}

const columns = (sql: Sql) => sql`
  id, name, permissions, party, persona, integration,
  created_at as "createdAt", revoked_at as "revokedAt"`;

export async function listClients(sql: Sql, account: string): Promise<Client[]> {
  return sql<Client[]>`select ${columns(sql)} from tessera.client where account = ${account} order by id`;
}

/** A client that may ask for tokens, with its account and the hash of its secret; null for any other id. */
export async function findLiveClient(
  sql: Sql,
  clientId: string,
): Promise<(Client & { account: string; secretHash: string }) | null> {
  const account = accountOfClientId(clientId);
  if (account === null) return null;
  const rows = await sql<(Client & { account: string; secretHash: string })[]>`
    select ${columns(sql)}, account, secret_hash as "secretHash"
    from tessera.client where account = ${account} and id = ${clientId} and revoked_at is null`;
  return rows[0] ?? null;
}

/** Its tokens stop within a minute. False where the account has no such client, or has revoked it before. */
export async function revokeClient(sql: Sql, account: string, clientId: string, now: Date): Promise<boolean> {
  const rows = await sql`
    update tessera.client set revoked_at = ${now}
    where account = ${account} and id = ${clientId} and revoked_at is null returning id`;
  return rows.length > 0;
}
