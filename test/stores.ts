import { pino } from 'pino';
import { afterAll } from 'vitest';
import { systemClock } from '../src/kernel/clock.ts';
import { ensureAccount, ensureParty } from '../src/store/accounts.ts';
import { openStore, type Store, type StoreOptions } from '../src/store/store.ts';
import type { TestDatabase } from './database.ts';
import { errandKinds } from './kind.ts';

/** A log that nobody reads. */
export const silent = pino({ level: 'silent' });

export interface TestStores {
  /** A store of its own on the file's database, as another node would have one; closed when the file ends. */
  open(options?: Partial<StoreOptions>): Store;
  /** Makes an account with the parties `guest` and `other` beside its own. */
  account(key: string): Promise<string>;
  /** The store that most tests of the file share. */
  readonly shared: Store;
}

/** Call it once, at the top of the file, below `useDatabase`. */
export function useStores(database: TestDatabase): TestStores {
  const opened: Store[] = [];
  let shared: Store | null = null;
  afterAll(async () => {
    for (const store of opened) await store.close();
  });
  const open: TestStores['open'] = (options) => {
    const store = openStore({
      url: database.url,
      connections: 4,
      clock: systemClock,
      kinds: errandKinds,
      log: silent,
      ...options,
    });
    opened.push(store);
    return store;
  };
  return {
    open,
    get shared() {
      shared ??= open();
      return shared;
    },
    async account(key) {
      const { sql } = this.shared;
      await ensureAccount(sql, { key, name: `Account ${key}`, ticketPrefix: 'RED', timeZone: 'UTC' });
      await ensureParty(sql, key, { key: 'guest', name: 'Guest' });
      await ensureParty(sql, key, { key: 'other', name: 'Other' });
      return key;
    },
  };
}
