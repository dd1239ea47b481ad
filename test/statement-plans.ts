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

/** Does the work with a handle, and names what PostgreSQL reads for it: indexes, and `all of` a table. */
export type PlanReader = (work: (sql: Sql) => Promise<unknown>) => Promise<string[]>;

/** Looks at the plans of the statements that some work sends. Call it once, below `useDatabase`. */
export function useStatementPlans(database: TestDatabase): PlanReader {
  const statements: { text: string; parameters: unknown[] }[] = [];
  let connection: postgres.Sql | null = null;
  afterAll(() => connection?.end());

  /** A handle of the driver's own that keeps what it sends; sequential scans are priced as the product has them. */
  function watching(): postgres.Sql {
    connection ??= postgres(database.url, {
      max: 1,
      connection: { search_path: 'tessera, public', enable_seqscan: 'off' },
      types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
      debug: (_, text, parameters) => {
        if (!text.trimStart().startsWith('explain')) statements.push({ text, parameters: [...parameters] });
      },
    });
    return connection;
  }

  return async (work) => {
    // The first statement of a connection is preceded by the driver's own.
    await watching()`select 1`;
    statements.length = 0;
    await work(watching() as unknown as Sql);
    const found = new Set<string>();
    const visit = (node: PlanNode) => {
      const { 'Node Type': type, 'Index Name': index, 'Relation Name': table } = node;
      if (index) found.add(index);
      else if (type === 'Seq Scan' && table) found.add(`all of ${table}`);
      node.Plans?.forEach(visit);
    };
    for (const { text, parameters } of [...statements]) {
      const rows = await watching().unsafe<{ 'QUERY PLAN': [{ Plan: PlanNode }] }[]>(
        `explain (format json) ${text}`,
        parameters as string[],
      );
      for (const row of rows) visit(row['QUERY PLAN'][0].Plan);
    }
    return [...found].sort();
  };
}
