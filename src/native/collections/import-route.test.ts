import { describe, expect, it } from 'vitest';
import { collections } from '../../../test/collections.ts';
import { useServer } from '../../../test/server.ts';
import { createNativeContract } from '../index.ts';

const server = useServer({
  kinds: [],
  collections: [...collections.values()],
  contracts: (store) => [createNativeContract({ store })],
});
const base = '/api/v1';
let accounts = 0;

/** An administrator of an account that nobody has used. */
async function newAdmin() {
  accounts += 1;
  const account = `a${accounts}`;
  await server.store.sql`insert into account (account, name) values (${account}, ${account})`;
  return server.as({ account, permissions: ['catalogue.write'] });
}

type Admin = Awaited<ReturnType<typeof newAdmin>>;

function send(admin: Admin, name: string, csv: string, query = '', headers = {}) {
  return admin('POST', `${base}/${name}/import${query}`, csv, { 'content-type': 'text/csv', ...headers });
}

async function keysOf(admin: Admin, name: string): Promise<string[]> {
  return (await admin('GET', `${base}/${name}?limit=200`)).body.items.map(({ key }: { key: string }) => key);
}

async function read(admin: Admin, path: string): Promise<Record<string, unknown>> {
  const { version, shipped, createdAt, updatedAt, ...data } = (await admin('GET', `${base}/${path}`)).body;
  return data;
}

describe('an import', () => {
  it('takes in a tree in any order, with its translations', async () => {
    const admin = await newAdmin();
    const csv = [
      'key,level,parent,name,translations.de,translations.es',
      'late,2,delivery,Late,Verspätet,',
      'delivery,1,,Delivery,Lieferung,Entrega',
      '"very ""late""",3,late,"Very late, indeed",Größte Verspätung,"Muy',
      'tarde"',
    ].join('\r\n');
    const { status, body } = await send(admin, 'topics', `\ufeff${csv}\r\n`);
    expect([status, body]).toEqual([200, { dryRun: false, rows: 3, created: 3, updated: 0, unchanged: 0 }]);
    expect(await read(admin, 'topics/late')).toEqual({
      key: 'late',
      level: 2,
      parent: 'delivery',
      name: 'Late',
      translations: { de: 'Verspätet' },
    });
    expect(await read(admin, `topics/${encodeURIComponent('very "late"')}`)).toEqual({
      key: 'very "late"',
      level: 3,
      parent: 'late',
      name: 'Very late, indeed',
      translations: { de: 'Größte Verspätung', es: 'Muy\r\ntarde' },
    });
    expect((await admin('GET', `${base}/topics?q=grosste`)).body.items).toHaveLength(1);
  });

  it('replaces what is there, leaves what is the same, and leaves what it does not name', async () => {
    const admin = await newAdmin();
    await send(admin, 'colors', 'key,name,hex\na,A,#00000a\nb,B,\nc,C,');
    const { body } = await send(admin, 'colors', 'key,name\na,A\nb,B\nd,D\nblack,Ink');
    expect(body).toEqual({ dryRun: false, rows: 4, created: 2, updated: 1, unchanged: 1 });
    expect(await keysOf(admin, 'colors')).toEqual(['a', 'b', 'black', 'c', 'd', 'red']);
    expect(await read(admin, 'colors/a')).toEqual({ key: 'a', name: 'A' });
    expect((await admin('GET', `${base}/colors/b`)).body.version).toBe(1);
    expect((await admin('GET', `${base}/colors/a`)).body.version).toBe(2);
  });

  it('numbers rows without a key, and reads numbers, booleans and lists as the schema means them', async () => {
    const admin = await newAdmin();
    await send(admin, 'topics', 'key,name,level\nx,X,1\ny,Y,1');
    const csv = 'name;key;places;locked;topics;color\n12;;3;TRUE;x|y;red\nB;5;;false;"[""y""]";\nC;;;;;';
    const { status, body } = await send(admin, 'shelves', csv, '?separator=semicolon');
    expect([status, body.created]).toEqual([200, 3]);
    expect(await read(admin, 'shelves/5')).toEqual({ key: '5', name: 'B', locked: false, topics: ['y'] });
    const made = { key: '6', name: '12', places: 3, locked: true, topics: ['x', 'y'], color: 'red' };
    expect(await read(admin, 'shelves/6')).toEqual(made);
    expect(await read(admin, 'shelves/7')).toEqual({ key: '7', name: 'C' });
    const tabs = await send(admin, 'shelves', 'name\tplaces\n"a\tb"\t4', '?separator=tab');
    expect(tabs.body.created).toBe(1);
    expect(await read(admin, 'shelves/8')).toEqual({ key: '8', name: 'a\tb', places: 4 });
  });

  it('with dryRun says what it would do, and does nothing', async () => {
    const admin = await newAdmin();
    await send(admin, 'shelves', 'key,name\n1,A');
    const headers = { 'idempotency-key': 'dry' };
    const csv = 'key,name\n1,B\n,C';
    for (let time = 0; time < 2; time += 1) {
      const { headers: answered, body } = await send(admin, 'shelves', csv, '?dryRun=true', headers);
      expect(body).toEqual({ dryRun: true, rows: 2, created: 1, updated: 1, unchanged: 0 });
      expect(answered).not.toHaveProperty('idempotency-replayed');
    }
    expect(await read(admin, 'shelves/1')).toMatchObject({ name: 'A' });
    expect(await keysOf(admin, 'shelves')).toEqual(['1']);
    const faulty = await send(admin, 'shelves', 'key,name,color\n1,B,none', '?dryRun=true');
    expect(faulty.body.errors).toEqual([
      { pointer: '/line/2/color', message: 'must be the key of a colour that there is' },
    ]);
  });

  it('replays the first answer to the same key with the same file, and to no other file', async () => {
    const admin = await newAdmin();
    const headers = { 'idempotency-key': 'k' };
    const first = await send(admin, 'shelves', 'name\nA', '', headers);
    const again = await send(admin, 'shelves', 'name\nA', '', headers);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await send(admin, 'shelves', 'name\nB', '', headers)).body.code).toBe('idempotencyKeyReused');
    expect(await keysOf(admin, 'shelves')).toEqual(['1']);
  });

  it('is of one account', async () => {
    const [admin, other] = [await newAdmin(), await newAdmin()];
    await send(admin, 'shelves', 'name\nA');
    expect(await keysOf(other, 'shelves')).toEqual([]);
  });

  it('of 5,000 rows is one write, seen whole or not at all', async () => {
    const admin = await newAdmin();
    const rows = Array.from({ length: 5_000 }, (_, i) => {
      const level = i % 10 === 0 ? 1 : 2;
      return `r${i},Reason number ${i},${level},${level === 1 ? '' : `r${i - (i % 10)}`}`;
    });
    const csv = `key,name,level,parent\n${rows.join('\n')}`;
    const others = Array.from({ length: 5 }, () => server.store.catalogue(admin.actor.account));
    const imported = send(admin, 'topics', csv);
    for (const other of others) expect([0, 5_000]).toContain((await other).entries('topics').length);
    expect((await imported).body).toMatchObject({ rows: 5_000, created: 5_000 });
    expect((await server.store.catalogue(admin.actor.account)).entries('topics')).toHaveLength(5_000);
    expect((await send(admin, 'topics', csv)).body).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 5_000,
    });
    const { body } = await send(admin, 'topics', `${csv}\nbad,Bad,7,`);
    expect(body.errors).toEqual([{ pointer: '/line/5002/level', message: 'must be an integer from 1 to 3' }]);
  });

  it('and another one at the same moment both come in', async () => {
    const admin = await newAdmin();
    const files = [1, 2, 3].map(
      (n) => `name,email\n${Array.from({ length: 50 }, (_, i) => `p${n}-${i},${n}${i}@x.y`).join('\n')}`,
    );
    const answers = await Promise.all(files.map((file) => send(admin, 'people', file)));
    for (const { body } of answers) expect(body.created).toBe(50);
    expect(new Set(await keysOf(admin, 'people')).size).toBe(150);
  });
});

describe('an import is refused whole', () => {
  it('with every fault at its line', async () => {
    const admin = await newAdmin();
    const csv = [
      'key,name,level,parent',
      'good,Good,1,',
      ',No key,1,',
      'a/b,Slash,1,',
      'good,Twice,1,',
      'x,,9,',
      'y,Too many,1,,,',
      'z,Too few',
      '',
      '"q","Two\nlines",word,',
    ].join('\n');
    const { status, body } = await send(admin, 'topics', csv);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '/line/3/key', message: 'is required' },
      {
        pointer: '/line/4/key',
        message:
          'must have 1 to 100 characters, no slash, no control character, no space at its ends, and be neither . nor ..',
      },
      { pointer: '/line/5/key', message: 'is in line 2 already' },
      { pointer: '/line/6/name', message: 'is required' },
      { pointer: '/line/6/level', message: 'must be an integer from 1 to 3' },
      { pointer: '/line/7', message: 'must have 4 values, as the first line has; it has 6' },
      { pointer: '/line/8', message: 'must have 4 values, as the first line has; it has 2' },
      { pointer: '/line/11/level', message: 'must be an integer from 1 to 3' },
    ]);
    expect(await keysOf(admin, 'topics')).toEqual([]);
  });

  it('where rows name what there is not, or break the rules of the collection', async () => {
    const admin = await newAdmin();
    const unknown = await send(admin, 'topics', 'key,name,level,parent\na,A,1,\nb,B,2,none');
    expect(unknown.body.errors).toEqual([
      { pointer: '/line/3/parent', message: 'must be the key of a topic that there is' },
      { pointer: '/line/3/level', message: 'must be one below its parent’s' },
    ]);
    const circle = await send(admin, 'topics', 'key,name,level,parent\na,A,2,b\nb,B,2,a');
    expect(circle.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/line/2/level',
      '/line/3/level',
    ]);
    await send(admin, 'topics', 'key,name,level,parent\na,A,1,\nb,B,2,a');
    const user = await send(admin, 'topics', 'key,name,level,parent\nc,C,1,\na,A,2,c');
    expect(user.body.errors).toEqual([
      { pointer: '/line/3', message: 'would break the topic b, whose level must be one below its parent’s' },
    ]);
    expect(await keysOf(admin, 'topics')).toEqual(['a', 'b']);
  });

  it('where two entries would have one second name', async () => {
    const admin = await newAdmin();
    await send(admin, 'people', 'key,name,email\n1,Ann,a@x.y');
    const { status, body } = await send(admin, 'people', 'name,email\nBob,b@x.y\nBob,b@x.y\nAnn,a@x.y');
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '/line/3', message: 'the person 2 is called b@x.y already' },
      { pointer: '/line/4', message: 'the person 1 is called a@x.y already' },
    ]);
  });

  it.each([
    ['', 'topics', [['/line/1', 'must name the columns']]],
    ['\n\n', 'topics', [['/line/1', 'must name the columns']]],
    ['name,level', 'topics', [['/line/1', 'must have a column key']]],
    [
      'key,nmae,level,level,__proto__.x,translations.__proto__',
      'topics',
      [
        ['/line/1/2', 'nmae is none of key, name, level, parent, translations'],
        ['/line/1/4', 'the column level is there twice'],
        ['/line/1/5', '__proto__.x is none of key, name, level, parent, translations'],
        ['/line/1/6', 'translations.__proto__ is none of key, name, level, parent, translations'],
      ],
    ],
    [
      'key,name,level,translations,translations.de',
      'topics',
      [['/line/1/4', 'translations and its parts cannot both be columns']],
    ],
    [
      'name,',
      'shelves',
      [['/line/1/2', 'a column without a name is none of key, name, color, topics, places, locked']],
    ],
    [
      'name;places\nA;1',
      'shelves',
      [['/line/1/1', 'name;places is none of key, name, color, topics, places, locked']],
    ],
  ])('for the columns of %j', async (csv, name, faults) => {
    const { status, body } = await send(await newAdmin(), name, csv);
    expect(status).toBe(400);
    expect(body.errors).toEqual(faults.map(([pointer, message]) => ({ pointer, message })));
  });

  it.each([
    ['key,name\na,"open', 'Line 2: a quotation mark is not closed, or stands in the middle of a value.'],
    ['key,name\na,"b"c', 'Line 2: a quotation mark is not closed, or stands in the middle of a value.'],
    [`key,name\na,${'x'.repeat(1_000_001)}`, 'Line 2: the row has more than 1000000 characters.'],
  ])('where it is no CSV: %.20j', async (csv, detail) => {
    const { status, body } = await send(await newAdmin(), 'colors', csv);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'malformedBody', detail });
  });

  it('where it is not UTF-8, or holds NUL', async () => {
    const admin = await newAdmin();
    const latin = await server.app.inject({
      method: 'POST',
      url: `${base}/colors/import`,
      headers: {
        authorization: `Bearer ${admin.actor.account}.${admin.actor.id}`,
        'content-type': 'text/csv; charset=utf-8',
      },
      payload: Buffer.from('key,name\ngr\u00fcn,Gr\u00fcn', 'latin1'),
    });
    expect(latin.statusCode).toBe(400);
    expect(latin.json()).toMatchObject({ code: 'malformedBody', detail: 'The file is not UTF-8.' });
    const { body } = await send(admin, 'colors', 'key,name\na,b\u0000c');
    expect(body.errors).toEqual([{ pointer: '/line/2/name', message: 'must not contain NUL characters' }]);
  });

  it('where it is too large', async () => {
    const admin = await newAdmin();
    const line = `k,${'x'.repeat(900_000)}\n`;
    const { status, body } = await send(admin, 'colors', `key,name\n${line.repeat(30)}`);
    expect([status, body.code]).toEqual([413, 'payloadTooLarge']);
  });

  it('where it is too large, and says so to a client that is still sending', async () => {
    const admin = await newAdmin();
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const row = Buffer.from(`k,${'x'.repeat(64 * 1024)}\n`);
    async function* rows() {
      yield Buffer.from('key,name\n');
      for (let size = 0; size < 40 * 1024 ** 2; size += row.length) yield row;
    }
    const answer = await fetch(`${address}${base}/colors/import`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${admin.actor.account}.${admin.actor.id}`,
        'content-type': 'text/csv',
      },
      body: rows(),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'payloadTooLarge' });
    expect(await keysOf(admin, 'colors')).toEqual(['black', 'red']);
  });

  it('where it is of another media type, or there is none', async () => {
    const admin = await newAdmin();
    const url = `${base}/colors/import`;
    expect((await admin('POST', url, '{}')).status).toBe(415);
    expect((await admin('POST', url, 'a', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await admin('POST', url)).status).toBe(400);
    const zipped = await send(admin, 'colors', 'key,name', '', { 'content-encoding': 'gzip' });
    expect(zipped.body).toMatchObject({ status: 415, detail: 'Compressed bodies are not read.' });
    for (const charset of ['latin1', '"ISO-8859-1"', 'utf-16']) {
      const type = { 'content-type': `text/csv;charset=${charset}` };
      const { body } = await send(admin, 'colors', 'key,name', '', type);
      expect(body).toMatchObject({ status: 415, detail: 'CSV is read in UTF-8 only.' });
    }
    for (const charset of ['UTF-8', '"utf-8"', 'utf8', 'us-ascii']) {
      const type = { 'content-type': `text/csv; header=present; charset=${charset}` };
      expect((await send(admin, 'colors', 'key,name', '', type)).status).toBe(200);
    }
    expect((await send(admin, 'colors', 'key,name', '?separator=pipe')).status).toBe(400);
    expect((await send(admin, 'unheard', 'key,name')).status).toBe(404);
  });

  it('with a hundred faults at most', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `k${i},`);
    const { body } = await send(await newAdmin(), 'colors', `key,name\n${rows.join('\n')}`);
    expect(body.errors).toHaveLength(100);
    expect(body.errors[99]).toEqual({ pointer: '/line/101/name', message: 'is required' });
  });
});
