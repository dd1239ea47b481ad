import { newId } from '../src/kernel/id.ts';
import { noteOperators } from '../src/store/operators.ts';
import type { Store } from '../src/store/store.ts';

export interface TestPerson {
  readonly account?: string;
  readonly name: string;
  readonly isOperator: boolean;
  /** Another organisation that the person speaks for. */
  readonly party?: string;
  readonly isDisabled?: boolean;
}

/** Each person is made at a moment of its own, since ids of one millisecond stand in no order. */
let latestMs = 0;

/** Makes a person of the account `default`, or of another, who cannot sign in. Gives the id. */
export async function addPerson(
  { sql, directory }: Pick<Store, 'sql' | 'directory'>,
  { account = 'default', name, isOperator, party, isDisabled = false }: TestPerson,
): Promise<string> {
  latestMs = Math.max(Date.now(), latestMs + 1);
  const now = new Date(latestMs);
  const id = newId(now);
  await sql`
    with made as (
      insert into person
        (account, id, email, name, is_operator, permissions, party, persona, auth_user, created_at, disabled_at)
      values (${account}, ${id}, ${`${id}@example.com`}, ${name}, ${isOperator}, '{}', ${party ?? null}, null,
        ${id}, ${now}, ${isDisabled ? now : null})
      returning id
    )
    ${noteOperators(sql, account, 'made')}`;
  directory.forget(account);
  return id;
}
