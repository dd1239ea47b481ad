import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';

const database = useDatabase();
const stores = useStores(database);

describe('every table of the schema tessera', () => {
  it('has a primary key', async () => {
    const rows = await stores.shared.sql`
      select c.relname from pg_class c
      where c.relnamespace = 'tessera'::regnamespace and c.relkind in ('r', 'p')
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`;
    expect(rows).toEqual([]);
  });

  it('has the account first in its primary key and its unique indexes', async () => {
    const rows = await stores.shared.sql<{ index: string; first: string }[]>`
      select i.indexrelid::regclass::text as index, a.attname::text as first
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where c.relnamespace = 'tessera'::regnamespace and (i.indisprimary or i.indisunique)`;
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ first }) => first !== 'account')).toEqual([]);
  });

  it('points to other tables by the account first, on both sides', async () => {
    const rows = await stores.shared.sql<{ name: string; from: string; to: string }[]>`
      select k.conname::text as name, f.attname::text as from, t.attname::text as to
      from pg_constraint k
      join pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1]
      join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
      where k.connamespace = 'tessera'::regnamespace and k.contype = 'f'`;
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ from, to }) => from !== 'account' || to !== 'account')).toEqual([]);
  });

  it('compares accounts bytewise', async () => {
    const rows = await stores.shared.sql`
      select c.relname::text from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
      left join pg_collation o on o.oid = a.attcollation
      where c.relnamespace = 'tessera'::regnamespace and a.attname = 'account'
        and (o.collname is distinct from 'C' or not a.attnotnull)`;
    expect(rows).toEqual([]);
  });
});
