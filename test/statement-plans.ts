import postgres from 'postgres';
import { afterAll } from 'vitest';
import type { Sql } from '../src/store/database.ts';
import type { TestDatabase } from './database.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

interface ExplainRow {
  readonly 'QUERY PLAN': [{ Plan: PlanNode }];
}

/** Handles that keep what they send; each plans as the store's handle of the same name. */
export interface WatchedHandles {
  readonly sql: Sql;
  readonly listSql: Sql;
}

/** Does the work with the handles, and names what PostgreSQL reads for it: indexes, and `all of` a table. */
export type PlanReader = (work: (handles: WatchedHandles) => Promise<unknown>) => Promise<string[]>;

/** Looks at the plans of the statements that some work sends. Call it once, below `useDatabase`. */
export function useStatementPlans(database: TestDatabase): PlanReader {
  const explained: (() => Promise<ExplainRow[]>)[] = [];
  const opened: postgres.Sql[] = [];
  afterAll(() => Promise.all(opened.map((connection) => connection.end())));

  /** A handle of the driver's own; sequential scans are priced as the product has them. */
  function watch(
    explain: (connection: postgres.Sql, text: string, parameters: string[]) => Promise<ExplainRow[]>,
  ) {
    const connection = postgres(database.url, {
      max: 1,
      connection: { search_path: 'tessera, public', enable_seqscan: 'off' },
      types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
      debug: (_, text, parameters) => {
        if (text.trimStart().startsWith('explain')) return;
        const given = [...parameters] as string[];
        explained.push(() => explain(connection, text, given));
      },
    });
    opened.push(connection);
    return connection;
  }
  function open(): WatchedHandles {
    const sql = watch((connection, text) => connection.unsafe(`explain (generic_plan, format json) ${text}`));
    const listSql = watch((connection, text, parameters) =>
      connection.unsafe(`explain (format json) ${text}`, parameters),
    );
    return { sql: sql as unknown as Sql, listSql: listSql as unknown as Sql };
  }
  let handles: WatchedHandles | null = null;

  return async (work) => {
    handles ??= open();
    // The first statement of a connection is preceded by the driver's own.
    await Promise.all([handles.sql`select 1`, handles.listSql`select 1`]);
    explained.length = 0;
    await work(handles);
    const found = new Set<string>();
    const visit = (node: PlanNode) => {
      const { 'Node Type': type, 'Index Name': index, 'Relation Name': table } = node;
      if (index) found.add(index);
      else if (type === 'Seq Scan' && table) found.add(`all of ${table}`);
      node.Plans?.forEach(visit);
    };
    for (const explain of [...explained]) {
      for (const row of await explain()) visit(row['QUERY PLAN'][0].Plan);
    }
    return [...found].sort();
  };
}
