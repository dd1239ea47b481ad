import postgres from 'postgres';
import { parseArray, toArrayText } from './array-text.ts';

/** A handle that runs SQL: the pool, or a transaction of it. Wings' own SQL is written over this. */
export type Sql = postgres.Sql<{ bigint: number }>;

/** A piece of a statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** Runs `work` in a transaction; it is rolled back when `work` throws. */
export function inTransaction<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  // A transaction's handle has all that a pool's has, but for the pool's own methods.
  return sql.begin((tx) => work(tx as unknown as Sql)) as Promise<T>;
}

/** Runs `work` in a part of a transaction that is rolled back alone when `work` throws. */
export function inSavepoint<T>(tx: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  const { savepoint } = tx as unknown as postgres.TransactionSql<{ bigint: number }>;
  return savepoint((inner) => work(inner as unknown as Sql)) as Promise<T>;
}

/** text[], uuid[] and bigint[] as parameters; text[] and uuid[] in rows. OIDs: pg_type.dat of PostgreSQL. */
const array = { to: 1009, from: [1009, 2951, 1016], serialize: toArrayText, parse: parseArray };

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of the pool. More than about four per core of the database's machine gain nothing. */
  readonly connections?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
}

/** Opens a pool. It connects when first used and reconnects by itself. `await sql.end()` closes it. */
export function openDatabase(options: DatabaseOptions): Sql {
  return postgres(options.url, driverOptions(options));
}

/** What `openDatabase` tells the driver. */
export function driverOptions({ connections = 10, name = 'tessera' }: Omit<DatabaseOptions, 'url'>) {
  return {
    max: connections,
    // The driver's own query for the types of arrays costs a round trip on each new connection, and nobody catches its
    // failure when the server goes away just then: the process would end.
    fetch_types: false,
    connect_timeout: 10,
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
    // Numbers, counts and sequences stay far below 2^53.
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number }, array },
    connection: { application_name: name, search_path: 'tessera, public', TimeZone: 'UTC' },
  };
}

/** A value for a `jsonb` parameter, written as `${asJson(value)}::text::jsonb` so that the driver sends it as it is. */
export function asJson(value: unknown): string {
  return JSON.stringify(value);
}
