import type { Logger } from 'pino';
import type { Catalogue, CollectionRegistry } from '../core/collection.ts';
import type { Decision } from '../core/decision.ts';
import type { KindRegistry } from '../core/kind.ts';
import type { Clock } from '../kernel/clock.ts';
import { createSnapshots } from './catalogue/snapshot.ts';
import { createCommitQueue } from './commit-queue.ts';
import { openDatabase, type Sql } from './database.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createLoadQueue, type LoadQueue } from './load-queue.ts';
import { createNumbers } from './numbers.ts';
import { createWriter, type Writer } from './write.ts';

/** Everything that a contract needs of the database: a handle to read with, and the one write path. */
export interface Store {
  readonly sql: Sql;
  /**
   * For lists: every statement is planned for its own values. A plan that is kept for all values reads the whole
   * account for a party or a state that has few tickets, or none.
   */
  readonly listSql: Sql;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly collections: CollectionRegistry;
  readonly directory: Directory;
  readonly writer: Writer;
  readonly log: Logger;
  readonly load: LoadQueue['load'];
  readonly links: LoadQueue['links'];
  readonly timersOfSubject: LoadQueue['timersOfSubject'];
  /**
   * The account's small collections, from memory. What this node wrote is seen at once, what others wrote within 1 s.
   */
  catalogue(account: string): Promise<Catalogue>;
  /** Called after each commit on this node. */
  onCommit(listener: (decision: Decision) => void): void;
  /** Tells the listeners of a commit that went round the writer's own queue (a batch, a timer). */
  committed(decision: Decision): void;
  /** Reserves numbers for tickets that a batch is going to make. */
  takeNumbers(account: string, kind: string, count: number): Promise<number[]>;
  /** Gives back unused numbers and closes the pool. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  readonly connections?: number;
  readonly name?: string;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  /** None when absent. */
  readonly collections?: CollectionRegistry;
  readonly log: Logger;
}

const LIST_CONNECTIONS = 4;

/** Opens the store on a migrated database. */
export function openStore({
  url,
  connections,
  name,
  clock,
  kinds,
  collections = new Map(),
  log,
}: StoreOptions): Store {
  const sql = openDatabase({ url, ...(connections && { connections }), ...(name && { name }) });
  const listSql = openDatabase({
    url,
    connections: LIST_CONNECTIONS,
    name: `${name ?? 'tessera'} lists`,
    plans: 'forValues',
  });
  const directory = createDirectory(sql, clock, createSnapshots(sql, collections));
  const numbers = createNumbers(sql);
  const queue = createCommitQueue(sql);
  const loads = createLoadQueue(sql);
  const listeners: ((decision: Decision) => void)[] = [];
  const committed = (decision: Decision) => {
    for (const listener of listeners) listener(decision);
  };
  const writer = createWriter({ sql, clock, kinds, queue, loads, numbers, directory, onCommit: committed });
  return {
    sql,
    listSql,
    clock,
    kinds,
    collections,
    directory,
    writer,
    log,
    load: loads.load,
    links: loads.links,
    timersOfSubject: loads.timersOfSubject,
    catalogue: async (account) => (await directory.account(account)).catalogue,
    onCommit: (listener) => {
      listeners.push(listener);
    },
    committed,
    takeNumbers: numbers.take,
    async close() {
      await numbers
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'unused numbers were not given back'));
      await Promise.all([sql.end({ timeout: 5 }), listSql.end({ timeout: 5 })]);
    },
  };
}
