import { type Catalogue, emptyCatalogue } from '../core/collection.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Account, findParty } from './accounts.ts';
import type { CatalogueVersions, Snapshots } from './catalogue/snapshot.ts';
import type { Sql } from './database.ts';
import { createOperators, type Operators } from './operators.ts';

/** A changed setting or entry is seen by every node within this time. */
const ACCOUNT_TTL_MS = 100;
const PARTY_TTL_MS = 60_000;
const MOST_PARTIES = 10_000;

/** An account with its small collections, as of one moment. */
export interface KnownAccount extends Account {
  readonly catalogue: Catalogue;
  /** How often each small collection had been written by then. */
  readonly versions: CatalogueVersions;
}

/** What commands need to know of accounts and parties, kept in memory for moments so that it costs no query each. */
export interface Directory {
  /** @throws when the account does not exist: an actor of it could not have been admitted */
  account(key: string): Promise<KnownAccount>;
  /** What this node changed in the account counts from the next question on. */
  forget(account: string): void;
  /** Only a "yes" is remembered, so a new party is known at once. */
  hasParty(account: string, key: string): Promise<boolean>;
}

export function createDirectory(sql: Sql, clock: Clock, snapshots: Snapshots = noSnapshots): Directory {
  const accounts = new Map<string, { readAt: number; account: Promise<KnownAccount> }>();
  const parties = new Map<string, number>();
  const operators = createOperators(sql);

  return {
    account(key) {
      const now = clock.now().getTime();
      const known = accounts.get(key);
      if (known && now - known.readAt < ACCOUNT_TTL_MS) return known.account;
      const account = readAccount(sql, key, snapshots, operators);
      accounts.set(key, { readAt: now, account });
      account.catch(() => accounts.delete(key));
      return account;
    },
    forget(account) {
      accounts.delete(account);
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

const noSnapshots: Snapshots = { at: async () => emptyCatalogue };

async function readAccount(
  sql: Sql,
  key: string,
  snapshots: Snapshots,
  operators: Operators,
): Promise<KnownAccount> {
  const rows = await sql<(Account & { versions: CatalogueVersions })[]>`
    select account as key, name, ticket_prefix as "ticketPrefix", time_zone as "timeZone", settings,
      catalogue as versions
    from account where account = ${key}`;
  if (!rows[0]) throw new Error(`There is no account ${key}`);
  const { versions, ...account } = rows[0];
  const collections = await snapshots.at(key, versions);
  return { ...account, versions, catalogue: await operators.addTo(collections, key, versions) };
}
