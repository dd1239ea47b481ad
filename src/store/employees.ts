import type { Fragment, Sql } from './database.ts';

/** One of the account's own people who has not been disabled. */
export interface Employee {
  readonly id: string;
  readonly name: string;
  /** Whether tickets may be given to the person as an operator. */
  readonly isOperator: boolean;
}

/**
 * A page of the account's employees in the order in which they were made, and how many there are.
 * @param isOperator only those for whom it is so; null: all
 */
export async function listEmployees(
  sql: Sql,
  account: string,
  isOperator: boolean | null,
  limit: number,
  offset: number,
): Promise<{ readonly employees: readonly Employee[]; readonly total: number }> {
  const where = sql`${ofAccount(sql, account)} ${isOperator === null ? sql`` : sql`and is_operator = ${isOperator}`}`;
  const [employees, [counted]] = await Promise.all([
    sql<Employee[]>`
      select id, name, is_operator as "isOperator" from person
      where ${where} order by id limit ${limit} offset ${offset}`,
    sql<[{ total: number }]>`select count(*) as total from person where ${where}`,
  ]);
  return { employees, total: counted.total };
}

/** Null where the account has no such employee. */
export async function findEmployee(sql: Sql, account: string, id: string): Promise<Employee | null> {
  const rows = await sql<Employee[]>`
    select id, name, is_operator as "isOperator" from person
    where ${ofAccount(sql, account)} and id = ${id}`;
  return rows[0] ?? null;
}

/** Those who speak for another organisation are not the account's own. */
export function ofAccount(sql: Sql, account: string): Fragment {
  return sql`account = ${account} and disabled_at is null and (party is null or party = account)`;
}
