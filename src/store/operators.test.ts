import { beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { addPerson } from '../../test/people.ts';
import { useStores } from '../../test/stores.ts';
import type { Sql } from './database.ts';
import { createDirectory } from './directory.ts';
import { findEmployee, listEmployees } from './employees.ts';
import { noteOperators } from './operators.ts';

const stores = useStores(useDatabase());
let ids: Record<'ana' | 'bo' | 'cleo' | 'dan', string>;

beforeAll(async () => {
  await stores.account('home');
  await stores.account('b');
  const add = (name: string, more: { isOperator: boolean; party?: string; isDisabled?: boolean }) =>
    addPerson(stores.shared, { account: 'home', name, ...more });
  ids = {
    ana: await add('Ana', { isOperator: true, party: 'home' }),
    bo: await add('Bo', { isOperator: false }),
    cleo: await add('Cleo', { isOperator: true }),
    dan: await add('Dan', { isOperator: true, isDisabled: true }),
  };
  await add('Gus', { isOperator: true, party: 'guest' });
  await addPerson(stores.shared, { account: 'b', name: 'Bea', isOperator: true });
});

/** A handle that counts how often operators are read. */
function counting() {
  const { sql } = stores.shared;
  const seen = { reads: 0 };
  const handle = (first: TemplateStringsArray, ...rest: never[]) => {
    if (first.join('').includes('is_operator order')) seen.reads += 1;
    return sql(first, ...rest);
  };
  return { seen, sql: handle as unknown as Sql };
}

describe('the operators in an account’s catalogue', () => {
  it('are its own people who may be given tickets, and nobody else’s', async () => {
    const { catalogue } = await stores.shared.directory.account('home');
    expect([...catalogue.operators]).toEqual([
      [ids.ana, { id: ids.ana, name: 'Ana' }],
      [ids.cleo, { id: ids.cleo, name: 'Cleo' }],
    ]);
    expect((await stores.shared.directory.account('b')).catalogue.operators.size).toBe(1);
  });

  it('are read once, and again when one has come or gone, on every node', async () => {
    const clock = createTestClock();
    const { seen, sql } = counting();
    const directory = createDirectory(sql, clock);
    const names = async () => {
      clock.advance(100);
      return [...(await directory.account('home')).catalogue.operators.values()].map(({ name }) => name);
    };
    expect(await names()).toEqual(['Ana', 'Cleo']);
    expect(await names()).toEqual(['Ana', 'Cleo']);
    expect(seen.reads).toBe(1);
    const eve = await addPerson(stores.shared, { account: 'home', name: 'Eve', isOperator: true });
    expect(await names()).toEqual(['Ana', 'Cleo', 'Eve']);
    await stores.shared.sql`
      with gone as (update person set disabled_at = now() where account = 'home' and id = ${eve} returning id)
      ${noteOperators(stores.shared.sql, 'home', 'gone')}`;
    expect(await names()).toEqual(['Ana', 'Cleo']);
    expect(seen.reads).toBe(3);
  });

  it('leave the catalogue the same object while nothing changes', async () => {
    const clock = createTestClock();
    const directory = createDirectory(stores.shared.sql, clock);
    const first = (await directory.account('home')).catalogue;
    clock.advance(100);
    expect((await directory.account('home')).catalogue).toBe(first);
  });
});

describe('employees', () => {
  const list = async (isOperator: boolean | null, limit = 10, offset = 0) => {
    const { employees, total } = await listEmployees(stores.shared.sql, 'home', isOperator, limit, offset);
    return [employees.map(({ name }) => name), total];
  };

  it('are listed by pages, with how many there are', async () => {
    expect(await list(null)).toEqual([['Ana', 'Bo', 'Cleo'], 3]);
    expect(await list(null, 1, 1)).toEqual([['Bo'], 3]);
    expect(await list(true)).toEqual([['Ana', 'Cleo'], 2]);
    expect(await list(false, 0)).toEqual([[], 1]);
  });

  it('are found by id, in their own account', async () => {
    const { sql } = stores.shared;
    expect(await findEmployee(sql, 'home', ids.bo)).toEqual({ id: ids.bo, name: 'Bo', isOperator: false });
    expect(await findEmployee(sql, 'home', ids.dan)).toBeNull();
    expect(await findEmployee(sql, 'b', ids.bo)).toBeNull();
  });
});
