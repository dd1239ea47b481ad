import pg from 'pg';

export interface LibraryPoolOptions {
  readonly url: string;
  /** The library's own schema; names that it does not qualify are found here and nowhere else. */
  readonly schema: string;
  readonly connections?: number;
  /** Called when the database ends an idle connection; the pool opens another when it needs one. */
  readonly onLost: (error: Error) => void;
}

/** A `pg` pool for a library that brings its own SQL and its own tables. It connects when first used; `await pool.end()` closes it. */
export function openLibraryPool({ url, schema, connections = 4, onLost }: LibraryPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    // A process that ran one command ends without waiting for idle connections.
    allowExitOnIdle: true,
    application_name: `tessera ${schema}`,
    options: `-c search_path=${schema} -c TimeZone=UTC`,
  });
  pool.on('error', onLost);
  return pool;
}
