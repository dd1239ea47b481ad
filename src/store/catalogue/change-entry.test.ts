import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { collections, colors, people, shelves, topics } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { useStores } from '../../../test/stores.ts';
import type { Collection, Entry, EntryData } from '../../core/collection.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Store } from '../store.ts';
import { changeEntry, type EntryRequest } from './change-entry.ts';
import { findByAlias, findEntries, findEntry } from './find.ts';

const stores = useStores(useDatabase());
let one: Store | null = null;
const store = () => {
  one ??= stores.open({ collections });
  return one;
};
let accounts = 0;
const newAccount = () => {
  accounts += 1;
  return stores.account(`account-${accounts}`);
};

const told: EntryRequest['answer'] = (entry, created) => ({
  status: created ? 201 : entry ? 200 : 204,
  headers: {},
  body: JSON.stringify(entry && { key: entry.key, version: entry.version }),
});

function change(
  account: string,
  collection: Collection,
  key: string | null,
  data: EntryData | null | ((present: Entry | null) => EntryData),
  more: Partial<EntryRequest> = {},
) {
  return changeEntry(store(), {
    actor: actorOf(account, null, 'me'),
    contract: 'test',
    collection,
    key,
    ifMatch: null,
    idempotency: null,
    change: data === null ? null : typeof data === 'function' ? data : () => data,
    answer: told,
    ...more,
  });
}

async function outcome(written: ReturnType<typeof change>): Promise<unknown> {
  const result = await written;
  if (!result.ok) return result;
  return { status: result.answer.status, ...JSON.parse(result.answer.body) };
}

describe('an entry', () => {
  it('is made, replaced and deleted, with a version that counts up', async () => {
    const account = await newAccount();
    expect(await outcome(change(account, colors, 'blue', { name: 'Blue' }))).toEqual({
      status: 201,
      key: 'blue',
      version: 1,
    });
    expect(await outcome(change(account, colors, 'blue', { name: 'Navy' }))).toEqual({
      status: 200,
      key: 'blue',
      version: 2,
    });
    expect(await findEntry(store().sql, account, colors, 'blue')).toEqual({
      collection: 'colors',
      key: 'blue',
      data: { name: 'Navy' },
      version: 2,
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    });
    expect(await outcome(change(account, colors, 'blue', null))).toEqual({ status: 204 });
    expect(await findEntry(store().sql, account, colors, 'blue')).toBeNull();
    expect(await outcome(change(account, colors, 'blue', null))).toMatchObject({ code: 'entryNotFound' });
  });

  it('is of one account, and not of another', async () => {
    const [account, other] = [await newAccount(), await newAccount()];
    await change(account, colors, 'blue', { name: 'Blue' });
    expect(await findEntry(store().sql, other, colors, 'blue')).toBeNull();
    expect((await store().catalogue(other)).entry('colors', 'blue')).toBeNull();
    expect(await outcome(change(other, colors, 'blue', null))).toMatchObject({ code: 'entryNotFound' });
  });

  it('is seen in the catalogue at once by this node, and by others within a second', async () => {
    const account = await newAccount();
    const other = stores.open({ collections });
    expect((await other.catalogue(account)).entry('colors', 'blue')).toBeNull();
    await change(account, colors, 'blue', { name: 'Blue' });
    expect((await store().catalogue(account)).entry('colors', 'blue')?.data).toEqual({ name: 'Blue' });
    await expect
      .poll(async () => (await other.catalogue(account)).entry('colors', 'blue')?.version, { timeout: 1_000 })
      .toBe(1);
  });

  it('that stays as it is keeps its version', async () => {
    const account = await newAccount();
    await change(account, colors, 'blue', { name: 'Blue', hex: '#0000ff' });
    const again = change(account, colors, 'blue', { hex: '#0000ff', name: 'Blue' });
    expect(await outcome(again)).toEqual({ status: 200, key: 'blue', version: 1 });
  });

  it('that stays as it is answers a key for good', async () => {
    const account = await newAccount();
    const idempotency = { key: 'k', fingerprint: 'f' };
    await change(account, colors, 'blue', { name: 'Blue' });
    const first = await change(account, colors, 'blue', { name: 'Blue' }, { idempotency });
    await change(account, colors, 'blue', { name: 'Navy' });
    const again = await change(account, colors, 'blue', { name: 'Blue' }, { idempotency });
    expect(again).toEqual({ ...first, replayed: true });
    expect((await findEntry(store().sql, account, colors, 'blue'))?.data).toEqual({ name: 'Navy' });
  });

  it('is refused with nothing written', async () => {
    const account = await newAccount();
    const no = refuse('forbidden', 'No.');
    expect(await change(account, colors, 'blue', { name: 'x' }, { change: () => no })).toEqual(no);
    expect((await store().catalogue(account)).entries('colors')).toHaveLength(2);
  });
});

describe('what came with the product', () => {
  it('is there without being written, and comes back when the account’s own is deleted', async () => {
    const account = await newAccount();
    const black = { collection: 'colors', key: 'black', data: { name: 'Black', hex: '#000000' }, version: 0 };
    expect(await findEntry(store().sql, account, colors, 'black')).toMatchObject(black);
    expect(await outcome(change(account, colors, 'black', { name: 'Ink' }))).toMatchObject({
      status: 200,
      version: 1,
    });
    const keys = (await store().catalogue(account))
      .entries('colors')
      .map(({ key, data }) => [key, data.name]);
    expect(keys).toEqual([
      ['black', 'Ink'],
      ['red', 'Red'],
    ]);
    expect(await outcome(change(account, colors, 'black', null))).toEqual({ status: 204 });
    expect((await store().catalogue(account)).entry('colors', 'black')).toMatchObject(black);
  });

  it('cannot be deleted', async () => {
    const account = await newAccount();
    expect(await outcome(change(account, colors, 'black', null))).toMatchObject({
      code: 'entryInUse',
      message: 'The colour black came with the product: it can be changed, but not deleted.',
    });
  });

  it('has version 0 for If-Match', async () => {
    const account = await newAccount();
    const ink = { name: 'Ink' };
    expect(await outcome(change(account, colors, 'black', ink, { ifMatch: 1 }))).toMatchObject({
      code: 'versionMismatch',
    });
    expect(await outcome(change(account, colors, 'black', ink, { ifMatch: 0 }))).toMatchObject({
      version: 1,
    });
  });
});

describe('If-Match', () => {
  it('is refused where another version is present, or none', async () => {
    const account = await newAccount();
    await change(account, colors, 'blue', { name: 'Blue' });
    await change(account, colors, 'blue', { name: 'Navy' });
    for (const data of [{ name: 'x' }, null]) {
      expect(await outcome(change(account, colors, 'blue', data, { ifMatch: 1 }))).toEqual({
        ok: false,
        code: 'versionMismatch',
        message: 'The colour is at version 2, not 1.',
        data: { version: 2 },
      });
    }
    expect(await outcome(change(account, colors, 'green', { name: 'x' }, { ifMatch: 1 }))).toMatchObject({
      code: 'versionMismatch',
      message: 'There is no such colour, so it has no version 1.',
    });
  });

  it.each([
    [colors, 'blue'],
    [people, '7'],
  ] as const)('lets one of many writers of $0.name win', async (collection, key) => {
    const account = await newAccount();
    await change(account, collection, key, { name: 'first' });
    const writers = Array.from({ length: 12 }, (_, i) =>
      outcome(change(account, collection, key, { name: `n${i}` }, { ifMatch: 1 })),
    );
    const codes = (await Promise.all(writers))
      .map((result) => (result as { code?: string }).code ?? 'written')
      .sort();
    expect(codes).toEqual([...Array.from({ length: 11 }, () => 'versionMismatch'), 'written']);
  });
});

describe('many writers at once', () => {
  it.each([[shelves], [people]])('of $name lose no change of one entry', async (collection) => {
    const account = await newAccount();
    await change(account, collection, '1', { name: '' });
    const writers = Array.from({ length: 15 }, () =>
      outcome(change(account, collection, '1', (present) => ({ name: `${present?.data.name}x` }))),
    );
    for (const result of await Promise.all(writers)) expect(result).toMatchObject({ status: 200 });
    expect(await findEntry(store().sql, account, collection, '1')).toMatchObject({
      data: { name: 'x'.repeat(15) },
      version: 16,
    });
  });

  it.each([[shelves], [people]])('of $name make one entry once', async (collection) => {
    const account = await newAccount();
    const make = (present: Entry | null) => {
      if (present) return refuse('entryExists');
      return { name: 'x' };
    };
    const writers = Array.from({ length: 8 }, () =>
      outcome(change(account, collection, '9', {}, { change: make })),
    );
    const results = await Promise.all(writers);
    expect(results.filter((result) => (result as { status?: number }).status === 201)).toHaveLength(1);
    expect(results.filter((result) => (result as { code?: string }).code === 'entryExists')).toHaveLength(7);
  });

  it.each([[shelves], [people]])(
    'of $name get different numbers, and never one that was given before',
    async (collection) => {
      const account = await newAccount();
      await change(account, collection, '3', { name: 'third' });
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, i) => outcome(change(account, collection, null, { name: `n${i}` }))),
      );
      const keys = made.map((result) => (result as { key: string }).key).sort();
      expect(keys).toEqual(['4', '5', '6', '7', '8', '9']);
      await change(account, collection, '9', null);
      expect(await outcome(change(account, collection, null, { name: 'next' }))).toMatchObject({ key: '10' });
    },
  );
});

describe('the same Idempotency-Key', () => {
  const idempotency = { key: 'k', fingerprint: 'f' };

  it('gives the first answer again, though the entry has moved on', async () => {
    const account = await newAccount();
    const first = await change(account, shelves, null, { name: 'one' }, { idempotency });
    await change(account, shelves, '1', { name: 'two' });
    expect(await change(account, shelves, null, { name: 'one' }, { idempotency })).toEqual({
      ...first,
      replayed: true,
    });
    expect((await store().catalogue(account)).entries('shelves')).toHaveLength(1);
  });

  it('is refused with another request, and unused after a refusal', async () => {
    const account = await newAccount();
    const refused = change(account, shelves, null, { name: 'x', color: 'none' }, { idempotency });
    expect(await refused).toMatchObject({ code: 'invalidRequest' });
    expect(await outcome(change(account, shelves, null, { name: 'x' }, { idempotency }))).toMatchObject({
      status: 201,
    });
    const other = { key: 'k', fingerprint: 'other' };
    expect(await change(account, shelves, null, { name: 'y' }, { idempotency: other })).toMatchObject({
      code: 'idempotencyKeyReused',
    });
  });

  it('writes once on two nodes at the same moment', async () => {
    const account = await newAccount();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => change(account, people, null, { name: 'x' }, { idempotency })),
    );
    expect(new Set(answers.map((written) => written.ok && written.answer.body)).size).toBe(1);
    expect(answers.filter((written) => written.ok && !written.replayed)).toHaveLength(1);
  });
});

describe('keys of other entries', () => {
  it('must be known, each at its place', async () => {
    const account = await newAccount();
    await change(account, topics, 'a', { name: 'A', level: 1 });
    const faulty = { name: 'x', color: 'none', topics: ['a', 'b', 'a', 'c'] };
    expect(await outcome(change(account, shelves, null, faulty))).toEqual({
      ok: false,
      code: 'invalidRequest',
      message: expect.any(String),
      errors: [
        { pointer: '/color', message: 'must be the key of a colour that there is' },
        { pointer: '/topics/1', message: 'must be the key of a topic that there is' },
        { pointer: '/topics/3', message: 'must be the key of a topic that there is' },
      ],
    });
    const sound = { name: 'x', color: 'black', topics: ['a'] };
    expect(await outcome(change(account, shelves, null, sound))).toMatchObject({ status: 201 });
  });

  it('are kept from deletion while they are named', async () => {
    const account = await newAccount();
    await change(account, topics, 'a', { name: 'A', level: 1 });
    await change(account, topics, 'b', { name: 'B', level: 2, parent: 'a' });
    await change(account, shelves, '4', { name: 'x', topics: ['a'] });
    await change(account, people, '1', { name: 'Ann', shelf: 4 });
    expect(await outcome(change(account, topics, 'a', null))).toMatchObject({
      code: 'entryInUse',
      message: 'The topic a is named by shelves/4, topics/b.',
      data: { users: ['shelves/4', 'topics/b'] },
    });
    expect(await outcome(change(account, shelves, '4', null))).toMatchObject({
      code: 'entryInUse',
      data: { users: ['people/1'] },
    });
    await change(account, people, '1', null);
    expect(await outcome(change(account, shelves, '4', null))).toEqual({ status: 204 });
  });

  it('are not lost to a deletion at the same moment', async () => {
    const account = await newAccount();
    for (let round = 0; round < 10; round += 1) {
      const key = `${100 + round}`;
      await change(account, shelves, key, { name: 'x' });
      const [named, gone] = await Promise.all([
        outcome(change(account, people, key, { name: 'Ann', shelf: 100 + round })),
        outcome(change(account, shelves, key, null)),
      ]);
      const isThere = (await findEntry(store().sql, account, shelves, key)) !== null;
      const isNamed = (await findEntry(store().sql, account, people, key)) !== null;
      expect([isNamed, isThere]).toEqual([isThere, isThere]);
      expect(named).toMatchObject(isThere ? { status: 201 } : { code: 'invalidRequest' });
      expect(gone).toMatchObject(isThere ? { code: 'entryInUse' } : { status: 204 });
    }
  });
});

describe('a collection’s own rules', () => {
  it('see the entry as it will be, and what names it', async () => {
    const account = await newAccount();
    await change(account, topics, 'a', { name: 'A', level: 1 });
    expect(await outcome(change(account, topics, 'b', { name: 'B', level: 3, parent: 'a' }))).toMatchObject({
      errors: [{ pointer: '/level', message: 'must be one below its parent’s' }],
    });
    expect(await outcome(change(account, topics, 'x', { name: 'X', level: 2, parent: 'x' }))).toMatchObject({
      code: 'invalidRequest',
    });
    await change(account, topics, 'b', { name: 'B', level: 2, parent: 'a' });
    await change(account, topics, 'c', { name: 'C', level: 3, parent: 'b' });
    expect(await outcome(change(account, topics, 'b', { name: 'B', level: 1 }))).toMatchObject({
      errors: [
        { pointer: '', message: 'would break the topic c, whose level must be one below its parent’s' },
      ],
    });
  });
});

describe('a second name', () => {
  it('finds its entry, and is of one entry only', async () => {
    const account = await newAccount();
    await change(account, people, '1', { name: 'Ann', email: 'a@b.c' });
    expect(await findByAlias(store().sql, account, people, 'a@b.c')).toMatchObject({ key: '1' });
    expect(await findByAlias(store().sql, account, people, 'x@b.c')).toBeNull();
    expect(await outcome(change(account, people, '2', { name: 'Bob', email: 'a@b.c' }))).toEqual({
      ok: false,
      code: 'entryExists',
      message: 'The person 1 is called a@b.c already.',
      data: { key: '1' },
    });
    await change(account, people, '1', { name: 'Ann' });
    expect(await outcome(change(account, people, '2', { name: 'Bob', email: 'a@b.c' }))).toMatchObject({
      status: 201,
    });
  });

  it('is given to one of many writers', async () => {
    const account = await newAccount();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        outcome(change(account, people, `${i + 1}`, { name: 'x', email: 'a@b.c' })),
      ),
    );
    expect(results.filter((result) => (result as { status?: number }).status === 201)).toHaveLength(1);
    expect(results.filter((result) => (result as { code?: string }).code === 'entryExists')).toHaveLength(7);
  });
});

it('many entries are found by their keys, what came with the product among them', async () => {
  const account = await newAccount();
  await change(account, colors, 'blue', { name: 'Blue' });
  const found = await findEntries(store().sql, account, colors, ['blue', 'black', 'none', 'blue']);
  expect(found.map(({ key, version }) => [key, version])).toEqual([
    ['blue', 1],
    ['black', 0],
  ]);
  expect(await findEntries(store().sql, account, colors, [])).toEqual([]);
});
