import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asJson, inTransaction, openDatabase, type Sql } from './database.ts';

const database = useDatabase();
let opened: Sql | null = null;
function sql(): Sql {
  opened ??= openDatabase({ url: database.url, connections: 3 });
  return opened;
}
afterAll(() => opened?.end());

/** Any text that can be stored. */
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'));

describe('a value comes back from the database as it went in', () => {
  it('as an array of texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (items) => {
        const [row] = await sql()<[{ items: string[] }]>`select ${items}::text[] as items`;
        expect(row.items).toEqual(items);
      }),
    );
    const odd = ['', 'NULL', 'null', '{', '}', ',', '"', '\\', ' a ', '\n', '🦙', "'"];
    const [row] = await sql()<[{ items: string[] }]>`select ${odd}::text[] as items`;
    expect(row.items).toEqual(odd);
  });

  it('as arrays of UUIDs and numbers', async () => {
    const ids = ['019ab000-0000-7000-8000-000000000001', '019ab000-0000-7000-8000-000000000002'];
    const [row] = await sql()<[{ ids: string[]; has: boolean }]>`
      select ${ids}::uuid[] as ids, 7::bigint = any(${[6, 7]}::bigint[]) as has`;
    expect(row).toEqual({ ids, has: true });
  });

  it('as JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'grapheme' }), async (value) => {
        fc.pre(!JSON.stringify(value).includes('\\u0000'));
        const [row] = await sql()<[{ value: unknown }]>`select ${asJson({ value })}::text::jsonb as value`;
        expect(row.value).toEqual(JSON.parse(JSON.stringify({ value })));
      }),
    );
  });

  it('as a moment, a big number and bytes', async () => {
    const at = new Date('2026-11-21T10:00:00.123Z');
    const [row] =
      await sql()`select ${at} as at, 9007199254740991 as big, ${Buffer.from([0, 255])}::bytea as bytes`;
    expect(row).toEqual({ at, big: Number.MAX_SAFE_INTEGER, bytes: Buffer.from([0, 255]) });
  });
});

describe('a transaction', () => {
  it('is rolled back when its work throws', async () => {
    const work = inTransaction(sql(), async (tx) => {
      await tx`insert into account (account, name) values ('gone', 'Gone')`;
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await sql()`select from account where account = 'gone'`).toHaveLength(0);
  });

  it('gives back what its work gives', async () => {
    expect(await inTransaction(sql(), async (tx) => [...(await tx`select 1 as one`)])).toEqual([{ one: 1 }]);
  });
});
