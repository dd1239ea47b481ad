import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, edited, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import type { Ticket } from '../core/ticket.ts';
import { commit } from './commit.ts';
import { inTransaction } from './database.ts';
import { listTickets } from './list.ts';
import { holdPosition } from './reader.ts';
import { toSearchQuery } from './search.ts';
import { learnWords } from './words.ts';
import { wordsOf } from './words-of.ts';

const database = useDatabase();
const stores = useStores(database);
const account = 'home';

const titles = [
  'Avería de fibra óptica en Córdoba',
  'FTTH_PROVISION_RANGED_NO_NAVEGA',
  'Router "Ñandú-3000" sends smoke',
  'МОСКВА не отвечает',
  'cafe\u0301 au lait, größe XL',
  'Zugangsdaten vergessen',
  'Kabel ist ab; Straße 12a/3, ONV-1024',
];

async function write(...decisions: ReturnType<typeof asked>[]): Promise<void> {
  await commit(
    stores.shared.sql,
    account,
    decisions.map((decision) => ({ decision, idempotency: null })),
  );
}

async function search(text: string, limit = 50): Promise<Ticket[]> {
  const query = await toSearchQuery(stores.shared.sql, account, text);
  if (query === null) return [];
  const filter = { party: null, search: query };
  const { tickets } = await listTickets(
    stores.shared.sql,
    account,
    filter,
    { column: 'created', descending: false },
    limit,
    null,
  );
  return tickets;
}

async function found(text: string): Promise<string[]> {
  return (await search(text)).map(({ title }) => title);
}

/** Lets the reader of words catch up with what is committed now. */
async function learn(): Promise<void> {
  const { sql } = stores.shared;
  const [row] = await sql<[{ n: number }]>`select count(*) as n from event where account = ${account}`;
  await until(async () => {
    while ((await learnWords(sql, account)) > 0);
    const [read] = await sql<[{ n: number }]>`
      select count(*) as n from event e join reader_position p on p.account = e.account and p.reader = 'words'
      where e.account = ${account} and (e.xid, e.seq) <= (p.xid, p.seq)`;
    return read.n >= row.n;
  });
}

beforeAll(async () => {
  await stores.account(account);
  await write(...titles.map((title, index) => asked(account, { title }, new Date(index))));
  await learn();
});

describe('a search', () => {
  it.each([
    ['averia', titles[0]],
    ['AVERÍA', titles[0]],
    ['optica cordoba', titles[0]],
    ['córd fib', titles[0]],
    ['ftth provision', titles[1]],
    ['FTTH_PROVISION_RANGED_NO_NAVEGA', titles[1]],
    ['nandu', titles[2]],
    ['ñandú-3000', titles[2]],
    ['москва', titles[3]],
    ['Отвеч', titles[3]],
    ['café', titles[4]],
    ['CAFE\u0301', titles[4]],
    ['grosse', titles[4]],
    ['strasse 12a', titles[6]],
    ['onv-1024', titles[6]],
    ['ONV 10', titles[6]],
  ])('for %s finds %j', async (text, title) => {
    expect(await found(text)).toEqual([title]);
  });

  it.each([
    ['a letter that is missing', 'zugangsdatn', titles[5]],
    ['a letter too much', 'zugangssdaten', titles[5]],
    ['letters that changed places', 'zugnagsdaten', titles[5]],
    ['a wrong letter beside a right word', 'fibra cordobo', titles[0]],
    ['letters that changed places in a short word', 'kable', titles[6]],
    ['letters that changed places in a shorter one', 'cfae', titles[4]],
    ['a wrong letter in a short word', 'smske', titles[2]],
    ['a letter that is missing from a short word', 'fbra', titles[0]],
    ['a letter too much in a short word', 'rouster', titles[2]],
    ['letters of any alphabet that changed places', 'мосвка', titles[3]],
  ])('forgives %s', async (_, text, title) => {
    expect(await found(text)).toEqual([title]);
  });

  it.each(['3000x', 'zzzzzz', 'ist0', 'bi', 'iat', 'fibra москва', 'provision1'])(
    'for %s finds nothing',
    async (text) => {
      expect(await found(text)).toEqual([]);
    },
  );

  it.each(['', '   ', '--- & | ! ( ) : * <->', "''", '\\', '🦙'])(
    'for %j has no words to look for',
    async (text) => {
      expect(await toSearchQuery(stores.shared.sql, account, text)).toBeNull();
    },
  );

  it.each([
    "averia' | 'x",
    'averia & ! fibra',
    "averia'); drop table ticket; --",
    'averia:*',
    'averia <-> fibra',
    '"averia\\',
    'averia\u0000',
    "av%ria_' or '1'='1",
  ])('with the signs of a query language, %j, is a search for its words', async (text) => {
    const query = (await toSearchQuery(stores.shared.sql, account, text)) ?? '';
    expect(query.match(/ & /g)?.length ?? 0).toBe(wordsOf(text).length - 1);
    expect(await search(text)).toBeInstanceOf(Array);
  });

  it('finds a ticket by each word of any text, and by the beginning of each', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const title = given.replaceAll('\u0000', ' ').toWellFormed();
        const decision = asked(account, { title });
        await write(decision);
        for (const word of wordsOf(title)) {
          const beginning = [...word].slice(0, -1).join('');
          for (const asked of wordsOf(beginning).length === 1 ? [word, beginning] : [word]) {
            const ids = (await search(asked, 100_000)).map(({ id }) => id);
            expect(ids).toContain(decision.ticket.id);
          }
        }
        await stores.shared.sql`delete from ticket where account = ${account} and id = ${decision.ticket.id}`;
      }),
      { numRuns: 100 },
    );
  });

  it('finds a ticket by what was said since, and by its key', async () => {
    const created = asked(account, { title: 'Growing' });
    await write(created);
    const noted = moved(created.ticket, 'note', { text: 'Quetzalcoatl' });
    await write(noted);
    await write(edited(noted.ticket, { title: 'Popocatepetl' }));
    for (const text of ['growing', 'quetzal', 'popocatepetl', created.ticket.key]) {
      expect((await search(text)).map(({ id }) => id)).toEqual([created.ticket.id]);
    }
  });

  it('looks at ten words, and takes a text of any length', async () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `averia${index}`);
    expect(await toSearchQuery(stores.shared.sql, account, words.join(' '))).toBe(
      words
        .slice(0, 10)
        .map((word) => `('${word}':*)`)
        .join(' & '),
    );
    const one = 'x'.repeat(100_000);
    await write(asked(account, { title: one }));
    expect(await search(one)).toHaveLength(1);
  });

  it('stays within the account', async () => {
    await stores.account('elsewhere');
    expect(await toSearchQuery(stores.shared.sql, 'elsewhere', 'zugangsdatn')).toBe("('zugangsdatn':*)");
  });
});

describe('the table of words', () => {
  it('holds each word once, without those that have digits', async () => {
    const rows = await stores.shared.sql<{ word: string }[]>`
      select word from word where account = ${account} and word = any(${['fibra', 'ab', '12a', '1024', 'onv']}::text[])
      order by word`;
    expect(rows.map(({ word }) => word)).toEqual(['fibra', 'onv']);
  });

  it('is kept by one node at a time', async () => {
    await write(asked(account, { title: 'Tlaloc' }));
    const { sql } = stores.shared;
    await inTransaction(stores.open().sql, async (tx) => {
      expect(await holdPosition(tx, account, 'words')).not.toBeNull();
      expect(await learnWords(sql, account)).toBe(0);
    });
    await learn();
    expect(await sql`select from word where account = ${account} and word = 'tlaloc'`).toHaveLength(1);
  });
});
