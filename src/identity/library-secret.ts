import { newSecret } from '../kernel/id.ts';
import type { Sql } from '../store/database.ts';

/** The secret that signs session cookies, the same on every node: random, made by whoever asks first. */
export async function librarySecret(sql: Sql): Promise<string> {
  await sql`
    insert into auth.secret (name, value) values ('cookies', ${newSecret(48)}) on conflict do nothing`;
  const [row] = await sql<{ value: string }[]>`select value from auth.secret where name = 'cookies'`;
  if (row === undefined) throw new Error('The secret of the session cookies is missing.');
  return row.value;
}
