import type { Clock } from '../kernel/clock.ts';
import { type Account, findAccount, findParty } from './accounts.ts';
import type { Sql } from './database.ts';

/** A changed setting is seen by every node within this time. */
const ACCOUNT_TTL_MS = 100;
const PARTY_TTL_MS = 60_000;
const MOST_PARTIES = 10_000;

/** What commands need to know of accounts and parties, kept in memory for moments so that it costs no query each. */
export interface Directory {
  /** @throws when the account does not exist: an actor of it could not have been admitted */
  account(key: string): Promise<Account>;
  /** Only a "yes" is remembered, so a new party is known at once. */
  hasParty(account: string, key: string): Promise<boolean>;
}

export function createDirectory(sql: Sql, clock: Clock): Directory {
  const accounts = new Map<string, { readAt: number; account: Promise<Account> }>();
  const parties = new Map<string, number>();

  return {
    account(key) {
      const now = clock.now().getTime();
      const known = accounts.get(key);
      if (known && now - known.readAt < ACCOUNT_TTL_MS) return known.account;
      const account = readAccount(sql, key);
      accounts.set(key, { readAt: now, account });
      account.catch(() => accounts.delete(key));
      return account;
    },
    async hasParty(account, key) {
      const now = clock.now().getTime();
      const id = JSON.stringify([account, key]);
      if ((parties.get(id) ?? 0) > now) return true;
      const found = (await findParty(sql, account, key)) !== null;
      if (found) {
        if (parties.size >= MOST_PARTIES) parties.clear();
        parties.set(id, now + PARTY_TTL_MS);
      }
      return found;
    },
  };
}

async function readAccount(sql: Sql, key: string): Promise<Account> {
  const account = await findAccount(sql, key);
  if (!account) throw new Error(`There is no account ${key}`);
  return account;
}
