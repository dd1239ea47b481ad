import type postgres from 'postgres';
import { parseArray, toArrayText } from './array-text.ts';
import { isUnavailable } from './failure.ts';
import { createPool, type Pool } from './pool.ts';
import { Names, type Runner, type Sendable, Statement } from './statement.ts';
import { runTransaction } from './transaction.ts';

/** A handle that runs SQL: the pool, or a transaction of it. Wings' own SQL is written over this. */
export interface Sql {
  /** A statement, run when it is waited for, or a piece of another one. */
  <T extends readonly (object | undefined)[] = postgres.Row[]>(
    template: TemplateStringsArray,
    ...parameters: readonly postgres.ParameterOrFragment<number | readonly string[]>[]
  ): postgres.PendingQuery<T>;
  /** Names of columns or tables, quoted. */
  (names: string | readonly string[]): postgres.Helper<string[]>;
  /** Closes the pool when what runs has ended, at the latest after so many seconds. */
  end(options?: { timeout?: number }): Promise<void>;
}

/** A piece of a statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

const pools = new WeakMap<Sql, Pool>();
const runners = new WeakMap<Sql, Runner>();

function handleOf(run: Runner, end: Sql['end']): Sql {
  const tag = (first: TemplateStringsArray | string | readonly string[], ...rest: unknown[]) =>
    typeof first === 'object' && 'raw' in first ? new Statement(run, first, rest) : new Names(first);
  // What waits for a statement needs no more of the driver's pending query than a promise of its rows.
  const sql = Object.assign(tag, { end }) as unknown as Sql;
  runners.set(sql, run);
  return sql;
}

/**
 * Runs SQL that a library made, on its own or in the transaction of the handle. Without values it may be several
 * statements, with a `begin` among them: when they fail half way, the connection is brought out of that transaction.
 */
export async function runText(
  sql: Sql,
  text: string,
  values: readonly unknown[] = [],
): Promise<postgres.Row[]> {
  const statement: Sendable = {
    on: (connection) =>
      connection.unsafe(text, values.map((value) => value ?? null) as postgres.ParameterOrJSON<never>[]),
  };
  const pool = pools.get(sql);
  const run = runners.get(sql);
  if (!run) throw new Error('SQL runs on a handle of openDatabase.');
  if (!pool || values.length > 0) return run(statement);
  return pool.lend(async (lane) => {
    try {
      const results: unknown[] = await lane.run((connection) => statement.on(connection));
      // Several statements have a list of rows each.
      return results.flat() as postgres.Row[];
    } catch (error) {
      if (lane.isOpen()) await lane.run((connection) => connection.unsafe('rollback'));
      throw error;
    }
  });
}

/** Runs `work` in a transaction; it is rolled back when `work` throws. */
export function inTransaction<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  const pool = pools.get(sql);
  if (!pool) throw new Error('A transaction begins on a pool.');
  return pool.lend((lane) => runTransaction(lane, (run) => work(handleOf(run, async () => {}))));
}

/** Runs `work` in a part of a transaction that is rolled back alone when `work` throws. */
export async function inSavepoint<T>(tx: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  // A part within a part has the same name, and hides the outer one until it ends.
  await tx`savepoint part`;
  try {
    const result = await work(tx);
    await tx`release savepoint part`;
    return result;
  } catch (error) {
    if (!isUnavailable(error)) {
      await tx`rollback to savepoint part`;
      await tx`release savepoint part`;
    }
    throw error;
  }
}

/** text[], uuid[] and bigint[] as parameters; text[] and uuid[] in rows. OIDs: pg_type.dat of PostgreSQL. */
const array = { to: 1009, from: [1009, 2951, 1016], serialize: toArrayText, parse: parseArray };

/** Waits until no other transaction, on any node, holds the account's turn of this name; holds it until the end. */
export async function takeTurn(tx: Sql, name: string, account: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtext(${name}), hashtext(${account}))`;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of the pool. More than about four per core of the database's machine gain nothing. */
  readonly connections?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
  /** `kept`, the default: a statement is planned once for all values. `forValues`: at each run, for its own. */
  readonly plans?: 'kept' | 'forValues';
}

/** Opens a pool. It connects when first used, and again when a connection was lost. `await sql.end()` closes it. */
export function openDatabase({
  url,
  connections = 10,
  name = 'tessera',
  plans = 'kept',
}: DatabaseOptions): Sql {
  const pool = createPool(url, connections, {
    // The driver's own query for the types of arrays costs a round trip on each new connection.
    fetch_types: false,
    onnotice: () => {},
    // Numbers, counts and sequences stay far below 2^53.
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number }, array },
    connection: {
      application_name: name,
      search_path: 'tessera, public',
      TimeZone: 'UTC',
      plan_cache_mode: plans === 'kept' ? 'force_generic_plan' : 'force_custom_plan',
      // Statistics of a young table say that reading all of it is cheapest, and a kept plan goes on believing it.
      enable_seqscan: 'off',
    },
  });
  const run: Runner = (statement) => pool.lend((lane) => lane.run((connection) => statement.on(connection)));
  const sql = handleOf(run, (options) => pool.end(options));
  pools.set(sql, pool);
  return sql;
}

/** A value for a `jsonb` parameter, written as `${asJson(value)}::text::jsonb` so that the driver sends it as it is. */
export function asJson(value: unknown): string {
  return JSON.stringify(value);
}
