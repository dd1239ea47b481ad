import type { Catalogue, Operator } from '../core/collection.ts';
import type { Fragment, Sql } from './database.ts';
import { ofAccount } from './employees.ts';

/**
 * Where the account's row counts the changes to its operators, among the versions of its collections; no collection can
 * have the name.
 */
const VERSION = '@operators';

type Versions = Readonly<Record<string, number>>;

/** The operators of the accounts, in memory. */
export interface Operators {
  /** Adds the account's operators to a catalogue: without a query where none has changed, else with one. */
  addTo(catalogue: Catalogue, account: string, versions: Versions): Promise<Catalogue>;
}

interface Known {
  readonly version: number;
  readonly operators: Promise<Catalogue['operators']>;
}

export function createOperators(sql: Sql): Operators {
  const known = new Map<string, Known>();
  /** The same catalogue with the same operators is the same object: what is worked out from it is kept by it. */
  const joined = new WeakMap<Catalogue, Catalogue>();

  function at(account: string, version: number): Known['operators'] {
    const last = known.get(account);
    if (last && last.version >= version) return last.operators;
    // A change after the version was read may be in it already; then the next look reads once more.
    const operators = readOperators(sql, account);
    const read = { version, operators };
    known.set(account, read);
    operators.catch(() => {
      if (known.get(account) === read) known.delete(account);
    });
    return operators;
  }

  return {
    async addTo(catalogue, account, versions) {
      const operators = await at(account, versions[VERSION] ?? 0);
      const before = joined.get(catalogue);
      if (before?.operators === operators) return before;
      const { entry, entries } = catalogue;
      const whole = { entry, entries, operators };
      joined.set(catalogue, whole);
      return whole;
    },
  };
}

/** Index: person's primary key. */
async function readOperators(sql: Sql, account: string): Promise<Catalogue['operators']> {
  const rows = await sql<Operator[]>`
    select id, name from person
    where ${ofAccount(sql, account)} and is_operator order by id`;
  return new Map(rows.map((operator) => [operator.id, operator]));
}

/**
 * A piece of the statement that changes an operator: tells every node to read the account's operators anew.
 * @param changed the name of a part of the statement with a row for each change
 */
export function noteOperators(sql: Sql, account: string, changed: string): Fragment {
  return sql`
    update tessera.account set catalogue = catalogue
      || jsonb_build_object(${VERSION}::text, coalesce((catalogue->>${VERSION})::bigint, 0) + 1)
    where account = ${account} and exists (select from ${sql(changed)})`;
}
