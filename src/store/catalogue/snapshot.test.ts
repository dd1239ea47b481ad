import { describe, expect, it } from 'vitest';
import { collections } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import { registerCollections } from '../../core/register-collections.ts';
import type { Sql } from '../database.ts';
import { createSnapshots } from './snapshot.ts';

const stores = useStores(useDatabase());

/** A handle that counts its statements, and fails while it is told to. */
function counting() {
  const { sql } = stores.shared;
  const seen = { statements: 0, fails: false };
  const tag = (template: TemplateStringsArray, ...rest: never[]) => {
    if (template.join('').includes('from entry')) {
      seen.statements += 1;
      if (seen.fails) return Promise.reject(new Error('away'));
    }
    return sql(template, ...rest);
  };
  return { seen, sql: tag as unknown as Sql };
}

describe('snapshots', () => {
  it('ask the database once for each version, however many ask at once', async () => {
    const account = await stores.account('a');
    const { seen, sql } = counting();
    const snapshots = createSnapshots(sql, collections);
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => snapshots.at(account, 4)));
    for (const other of others) expect(other).toBe(first);
    expect(await snapshots.at(account, 4)).toBe(first);
    expect(await snapshots.at(account, 3)).toBe(first);
    expect(seen.statements).toBe(1);
    expect(await snapshots.at(account, 5)).not.toBe(first);
    expect(seen.statements).toBe(2);
  });

  it('ask again after the database was away', async () => {
    const account = await stores.account('b');
    const { seen, sql } = counting();
    const snapshots = createSnapshots(sql, collections);
    seen.fails = true;
    await expect(snapshots.at(account, 1)).rejects.toThrow('away');
    seen.fails = false;
    expect((await snapshots.at(account, 1)).entries('colors').map(({ key }) => key)).toEqual([
      'black',
      'red',
    ]);
  });

  it('ask nothing where no collection is small', async () => {
    const { seen, sql } = counting();
    const snapshots = createSnapshots(sql, registerCollections([]));
    expect((await snapshots.at('a', 1)).entries('colors')).toEqual([]);
    expect(seen.statements).toBe(0);
  });

  it('hold no large collection', async () => {
    const account = await stores.account('c');
    const { sql } = stores.shared;
    await sql`
      insert into entry (account, collection, key, number, data, version, created_at, updated_at)
      values (${account}, 'people', '1', 1, '{"name":"Ann"}', 1, now(), now())`;
    const catalogue = await createSnapshots(sql, collections).at(account, 1);
    expect(catalogue.entry('people', '1')).toBeNull();
    expect(catalogue.entries('people')).toEqual([]);
  });
});
