import { expect, it } from 'vitest';
import { collections, colors } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import { findEntry } from '../../store/catalogue/find.ts';
import { ensureEntries } from './entries.ts';

const stores = useStores(useDatabase());

it('makes the reference data of stories, and leaves what is there', async () => {
  const store = stores.open({ collections });
  const account = await stores.account('a');
  const blue = { key: 'blue', data: { name: 'Blue' } };
  await ensureEntries(store, account, { colors: [blue] });
  const green = { key: 'green', data: { name: 'Green' } };
  const again = [{ key: 'blue', data: { name: 'Other' } }, { key: 'black', data: { name: 'Other' } }, green];
  await ensureEntries(store, account, {
    colors: again,
    shelves: [{ key: '1', data: { name: 'S', color: 'green' } }],
  });
  expect((await store.catalogue(account)).entries('colors').map(({ key, data }) => [key, data.name])).toEqual(
    [
      ['black', 'Black'],
      ['blue', 'Blue'],
      ['green', 'Green'],
      ['red', 'Red'],
    ],
  );
  expect(await findEntry(store.sql, account, colors, 'blue')).toMatchObject({ version: 1 });
});

it('says why it cannot', async () => {
  const store = stores.open({ collections });
  const account = await stores.account('b');
  const entries = { shelves: [{ key: '1', data: { name: 'S', color: 'none' } }] };
  await expect(ensureEntries(store, account, entries)).rejects.toThrow(
    'The example shelves cannot be made: The request breaks one or more rules; every fault is listed with its place. /1/color must be the key of a colour that there is',
  );
  await expect(ensureEntries(store, account, { none: [] })).rejects.toThrow('There is no collection none');
});
