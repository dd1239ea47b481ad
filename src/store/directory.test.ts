import { beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import {
  ensureAccount,
  ensureParty,
  findAccount,
  findParty,
  listAccounts,
  listParties,
  writeSetting,
} from './accounts.ts';
import { createDirectory } from './directory.ts';

const database = useDatabase();
const stores = useStores(database);
const home = { key: 'home', name: 'Home', ticketPrefix: 'RED', timeZone: 'Europe/Madrid' };
beforeAll(() => ensureAccount(stores.shared.sql, home));

describe('accounts', () => {
  it('are made with their own party, once', async () => {
    const { sql } = stores.shared;
    await ensureAccount(sql, { ...home, name: 'Another name', ticketPrefix: 'XYZ' });
    expect(await findAccount(sql, 'home')).toEqual({ ...home, settings: {} });
    expect(await listParties(sql, 'home')).toEqual([{ key: 'home', name: 'Home' }]);
    expect(await findAccount(sql, 'Home')).toBeNull();
    await ensureAccount(sql, { ...home, key: 'b' });
    expect(await listAccounts(sql)).toEqual(['b', 'home']);
  });

  it('have parties of their own', async () => {
    const { sql } = stores.shared;
    await ensureParty(sql, 'home', { key: 'ñ', name: 'Ñ' });
    await ensureParty(sql, 'home', { key: 'ñ', name: 'Another name' });
    expect(await findParty(sql, 'home', 'ñ')).toEqual({ key: 'ñ', name: 'Ñ' });
    expect(await findParty(sql, 'b', 'ñ')).toBeNull();
    await expect(ensureParty(sql, 'nowhere', { key: 'x', name: 'X' })).rejects.toMatchObject({
      code: '23503',
    });
  });

  it('have settings that are set and taken back one by one', async () => {
    const { sql } = stores.shared;
    await ensureAccount(sql, { ...home, key: 'c' });
    await writeSetting(sql, 'c', 'a.b', 'PT1H');
    await writeSetting(sql, 'c', 'quote"', "it's");
    await writeSetting(sql, 'c', 'a.b', 'PT2H');
    expect((await findAccount(sql, 'c'))?.settings).toEqual({ 'a.b': 'PT2H', 'quote"': "it's" });
    await writeSetting(sql, 'c', 'a.b', null);
    await writeSetting(sql, 'c', 'never set', null);
    expect((await findAccount(sql, 'c'))?.settings).toEqual({ 'quote"': "it's" });
    expect((await findAccount(sql, 'home'))?.settings).toEqual({});
  });
});

describe('the directory', () => {
  it('sees a changed setting within a tenth of a second, and asks once for many', async () => {
    const { sql } = stores.shared;
    const clock = createTestClock();
    const directory = createDirectory(sql, clock);
    const [first, again] = await Promise.all([directory.account('home'), directory.account('home')]);
    expect(again).toBe(first);
    await writeSetting(sql, 'home', 'a', 'b');
    clock.advance(99);
    expect(await directory.account('home')).toBe(first);
    clock.advance(1);
    expect((await directory.account('home')).settings).toEqual({ a: 'b' });
  });

  it('knows a new party at once, and remembers it for a minute', async () => {
    const { sql } = stores.shared;
    const clock = createTestClock();
    const directory = createDirectory(sql, clock);
    expect(await directory.hasParty('home', 'late')).toBe(false);
    await ensureParty(sql, 'home', { key: 'late', name: 'Late' });
    expect(await directory.hasParty('home', 'late')).toBe(true);
    expect(await directory.hasParty('b', 'late')).toBe(false);
    await sql`delete from party where account = 'home' and key = 'late'`;
    clock.advance(59_999);
    expect(await directory.hasParty('home', 'late')).toBe(true);
    clock.advance(1);
    expect(await directory.hasParty('home', 'late')).toBe(false);
  });

  it('fails for an account that does not exist, and finds it once it does', async () => {
    const { sql } = stores.shared;
    const directory = createDirectory(sql, createTestClock());
    await expect(directory.account('new')).rejects.toThrow('There is no account new');
    await ensureAccount(sql, { ...home, key: 'new' });
    expect((await directory.account('new')).key).toBe('new');
  });
});
