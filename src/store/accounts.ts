import type { Settings } from '../kernel/settings.ts';
import type { Sql } from './database.ts';

/** A tenant. Its own party has the same key. */
export interface Account {
  readonly key: string;
  readonly name: string;
  readonly ticketPrefix: string;
  readonly timeZone: string;
  readonly settings: Settings;
}

export interface Party {
  readonly key: string;
  readonly name: string;
}

/** Makes an account with its own party, or leaves it as it is. */
export async function ensureAccount(
  sql: Sql,
  { key, name, ticketPrefix, timeZone }: Omit<Account, 'settings'>,
): Promise<void> {
  await sql`
    with made as (
      insert into account (account, name, ticket_prefix, time_zone)
      values (${key}, ${name}, ${ticketPrefix}, ${timeZone})
      on conflict do nothing
      returning account, name
    )
    insert into party (account, key, name) select account, account, name from made`;
}

export async function findAccount(sql: Sql, key: string): Promise<Account | null> {
  const rows = await sql<Account[]>`
    select account as key, name, ticket_prefix as "ticketPrefix", time_zone as "timeZone", settings
    from account where account = ${key}`;
  return rows[0] ?? null;
}

export async function listAccounts(sql: Sql): Promise<string[]> {
  const rows = await sql<{ account: string }[]>`select account from account order by account`;
  return rows.map(({ account }) => account);
}

/** Makes a party, or leaves it as it is. */
export async function ensureParty(sql: Sql, account: string, { key, name }: Party): Promise<void> {
  await sql`insert into party (account, key, name) values (${account}, ${key}, ${name}) on conflict do nothing`;
}

export async function findParty(sql: Sql, account: string, key: string): Promise<Party | null> {
  const rows = await sql<Party[]>`select key, name from party where account = ${account} and key = ${key}`;
  return rows[0] ?? null;
}

/** Those of the keys that are parties of the account. */
export async function findParties(sql: Sql, account: string, keys: readonly string[]): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    select key from party where account = ${account} and key = any(${keys as string[]}::text[])`;
  return rows.map(({ key }) => key);
}

export async function listParties(sql: Sql, account: string): Promise<Party[]> {
  return sql<Party[]>`select key, name from party where account = ${account} order by key`;
}

/** Sets one setting; the caller has checked it against its definition. Null takes it back to its default. */
export async function writeSetting(
  sql: Sql,
  account: string,
  key: string,
  value: string | null,
): Promise<void> {
  if (value === null) await sql`update account set settings = settings - ${key} where account = ${account}`;
  else {
    await sql`
      update account set settings = settings || jsonb_build_object(${key}::text, ${value}::text)
      where account = ${account}`;
  }
}
