import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import { createNumbers } from './numbers.ts';

const database = useDatabase();
const stores = useStores(database);
let account = '';
let accounts = 0;
beforeAll(() => stores.account('home'));
beforeEach(async () => {
  accounts += 1;
  account = await stores.account(`n${accounts}`);
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('numbers', () => {
  it('count from 1, for each account and kind alone', async () => {
    const numbers = createNumbers(stores.shared.sql);
    expect(await numbers.take(account, 'a', 3)).toEqual([1, 2, 3]);
    expect(await numbers.take(account, 'b', 1)).toEqual([1]);
    expect(await numbers.take('home', 'a', 2)).toEqual([1, 2]);
    expect(await numbers.take(account, 'a', 20)).toEqual(range(4, 23));
    expect(await numbers.take(account, 'a', 0)).toEqual([]);
  });

  it('are given once, however many take them at once on two nodes', async () => {
    const nodes = [createNumbers(stores.shared.sql), createNumbers(stores.open().sql)];
    const counts = Array.from({ length: 400 }, (_, index) => (index % 50 === 0 ? 300 : 1 + (index % 3)));
    const taken = await Promise.all(
      counts.map((count, index) => (nodes[index % 2] ?? nodes[0])?.take(account, 'k', count)),
    );
    expect(taken.map((numbers) => numbers?.length)).toEqual(counts);
    const all = taken.flatMap((numbers) => numbers ?? []);
    expect(new Set(all).size).toBe(all.length);
    for (const numbers of taken) expect(numbers).toEqual([...(numbers ?? [])].sort((a, b) => a - b));
    // Nothing is lost but what the two hold in reserve.
    expect(Math.max(...all)).toBeLessThanOrEqual(all.length + 2 * 1_024);
  });

  it('that were not used are given back', async () => {
    const first = createNumbers(stores.shared.sql);
    await first.take(account, 'k', 3);
    await first.release();
    const second = createNumbers(stores.shared.sql);
    expect(await second.take(account, 'k', 1)).toEqual([4]);
  });

  it('that was taken and not used is given again where it was the last one', async () => {
    const numbers = createNumbers(stores.shared.sql);
    expect(await numbers.take(account, 'k', 3)).toEqual([1, 2, 3]);
    numbers.giveBack(account, 'k', 3);
    numbers.giveBack(account, 'k', 1);
    expect(await numbers.take(account, 'k', 2)).toEqual([3, 4]);
  });

  it('are not given back where another node went on after them', async () => {
    const [first, second] = [createNumbers(stores.shared.sql), createNumbers(stores.open().sql)];
    const one = await first.take(account, 'k', 1);
    const two = await second.take(account, 'k', 1);
    await first.release();
    const three = await createNumbers(stores.shared.sql).take(account, 'k', 1);
    expect(new Set([...one, ...two, ...three]).size).toBe(3);
    expect(three[0]).toBeGreaterThan(two[0] as number);
  });

  it('go on after a query that failed', async () => {
    const numbers = createNumbers(stores.shared.sql);
    await expect(numbers.take('no such account', 'k', 1)).rejects.toThrow();
    expect(await numbers.take(account, 'k', 1)).toEqual([1]);
  });
});
