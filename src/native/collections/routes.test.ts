import { describe, expect, it } from 'vitest';
import { collections } from '../../../test/collections.ts';
import { useServer } from '../../../test/server.ts';
import { createNativeContract } from '../index.ts';

const server = useServer({
  kinds: [],
  collections: [...collections.values()],
  contracts: (store) => [createNativeContract({ store })],
});
const admin = server.as({ id: 'adm', permissions: ['catalogue.write'] });
const reader = server.as({ id: 'rea', permissions: ['catalogue.read'] });
const other = server.as({ account: 'other', permissions: ['admin'] });
const base = '/api/v1';
const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

let last = 0;
function newKey(): string {
  last += 1;
  return `c${last}`;
}

async function color(data: object = { name: 'Blue' }): Promise<string> {
  const key = newKey();
  expect((await admin('POST', `${base}/colors`, { key, ...data })).status).toBe(201);
  return `${base}/colors/${key}`;
}

describe('POST /api/v1/{collection}', () => {
  it('makes an entry and says where it is', async () => {
    const key = `${newKey()} é`;
    const body = { key, name: 'Blue', hex: '#0000ff', unheard: 1 };
    const { status, headers, body: made } = await admin('POST', `${base}/colors`, body);
    expect(status).toBe(201);
    expect(headers).toMatchObject({ etag: '"1"', location: `${base}/colors/${encodeURIComponent(key)}` });
    const entry = {
      key,
      name: 'Blue',
      hex: '#0000ff',
      version: 1,
      shipped: false,
      createdAt: moment,
      updatedAt: moment,
    };
    expect(made).toEqual(entry);
    expect((await reader('GET', headers.location as string)).body).toEqual(made);
  });

  it('numbers the entries of a collection with number keys', async () => {
    const first = await admin('POST', `${base}/shelves`, { name: 'A' });
    const second = await admin('POST', `${base}/shelves`, { name: 'B', key: 7 });
    const third = await admin('POST', `${base}/shelves`, { name: 'C' });
    expect([first, second, third].map(({ body }) => body.key)).toEqual(['1', '7', '8']);
    expect(third.headers.location).toBe(`${base}/shelves/8`);
    expect((await admin('POST', `${base}/shelves`, { name: 'D', key: '7' })).body).toMatchObject({
      status: 409,
      code: 'entryExists',
      detail: 'There is a shelf 7 already.',
      key: '7',
    });
  });

  it.each([
    ['colors', {}, ['/key', '/name']],
    ['colors', { key: 'a/b', name: 'x' }, ['/key']],
    ['colors', { key: ' a', name: 'x' }, ['/key']],
    ['colors', { key: '', name: 'x' }, ['/key']],
    ['colors', { key: 'a'.repeat(101), name: 'x' }, ['/key']],
    ['colors', { key: 'a', name: '', hex: 'blue' }, ['/name', '/hex']],
    ['shelves', { key: 0, name: 'x' }, ['/key']],
    ['shelves', { key: 'x', name: 'x' }, ['/key']],
    ['shelves', { name: 'x', places: 1.5, locked: 'no' }, ['/places', '/locked']],
    ['shelves', { name: 'x', color: 'none', topics: ['none'] }, ['/color', '/topics/0']],
    ['topics', { key: 'x', name: 'x', level: 2 }, ['/parent']],
  ])('refuses for %s: %j', async (name, body, pointers) => {
    const answer = await admin('POST', `${base}/${name}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('invalidRequest');
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
      [...pointers].sort(),
    );
  });

  it('refuses bodies that are none', async () => {
    expect((await admin('POST', `${base}/colors`, '[]')).status).toBe(400);
    expect((await admin('POST', `${base}/colors`, '{')).body.code).toBe('malformedBody');
    expect((await admin('POST', `${base}/colors`, 'a,b', { 'content-type': 'text/csv' })).status).toBe(415);
  });

  it('refuses a key that is there, also one that came with the product', async () => {
    const path = await color();
    const key = path.slice(path.lastIndexOf('/') + 1);
    expect((await admin('POST', `${base}/colors`, { key, name: 'x' })).status).toBe(409);
    expect((await admin('POST', `${base}/colors`, { key: 'black', name: 'x' })).body.code).toBe(
      'entryExists',
    );
  });

  it('replays the first answer to the same key', async () => {
    const headers = { 'idempotency-key': newKey() };
    const first = await admin('POST', `${base}/people`, { name: 'Ann' }, headers);
    const again = await admin('POST', `${base}/people`, { name: 'Ann' }, headers);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location });
    expect((await admin('POST', `${base}/people`, { name: 'Bob' }, headers)).status).toBe(422);
  });
});

describe('GET /api/v1/{collection}/{key}', () => {
  it('shows what came with the product', async () => {
    const { headers, body } = await reader('GET', `${base}/colors/black`);
    expect(headers.etag).toBe('"0"');
    const black = {
      key: 'black',
      name: 'Black',
      hex: '#000000',
      version: 0,
      shipped: true,
      createdAt: null,
      updatedAt: null,
    };
    expect(body).toEqual(black);
  });

  it('knows no entry of another account, and none that never was', async () => {
    const path = await color();
    for (const [client, url] of [
      [other, path],
      [reader, `${base}/colors/none`],
      [reader, `${base}/shelves/x`],
    ] as const) {
      const { status, body } = await client('GET', url);
      expect(status).toBe(404);
      expect(body.code).toBe('entryNotFound');
    }
    expect((await reader('GET', `${base}/unheard/1`)).body.code).toBe('notFound');
    expect((await reader('GET', `${base}/colors/a%00b`)).status).toBe(400);
  });
});

describe('PUT /api/v1/{collection}/{key}', () => {
  it('makes, then replaces', async () => {
    const path = `${base}/colors/${newKey()}`;
    const made = await admin('PUT', path, { name: 'Blue', hex: '#0000ff' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(path);
    const { status, headers, body } = await admin('PUT', path, {
      ...made.body,
      name: 'Navy',
      hex: undefined,
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ etag: '"2"' });
    expect(headers.location).toBeUndefined();
    expect(body).toEqual({ ...made.body, name: 'Navy', hex: undefined, version: 2, updatedAt: moment });
  });

  it('refuses keys and bodies that are none', async () => {
    expect((await admin('PUT', `${base}/shelves/abc`, { name: 'x' })).body.errors[0].pointer).toBe(
      '/path/key',
    );
    expect((await admin('PUT', `${base}/shelves/0`, { name: 'x' })).status).toBe(400);
    expect((await admin('PUT', `${base}/colors/a%2Fb`, { name: 'x' })).status).toBe(400);
    expect((await admin('PUT', `${base}/colors/ok`, {})).body.errors).toEqual([
      { pointer: '/name', message: 'is required' },
    ]);
  });

  it('obeys If-Match', async () => {
    const path = await color();
    expect((await admin('PUT', path, { name: 'x' }, { 'if-match': '"1"' })).status).toBe(200);
    const { status, body } = await admin('PUT', path, { name: 'y' }, { 'if-match': '"1"' });
    expect(status).toBe(412);
    expect(body).toMatchObject({ code: 'versionMismatch', version: 2 });
    expect(
      (await admin('PUT', `${base}/colors/${newKey()}`, { name: 'y' }, { 'if-match': '"1"' })).status,
    ).toBe(412);
    expect((await admin('PUT', path, { name: 'y' }, { 'if-match': 'soon' })).status).toBe(400);
  });
});

describe('PATCH /api/v1/{collection}/{key}', () => {
  it.each([['application/json'], ['application/merge-patch+json']])(
    'merges a patch sent as %s',
    async (type) => {
      await admin('PUT', `${base}/topics/root`, {
        name: 'Root',
        level: 1,
        translations: { de: 'Wurzel', es: 'Raíz' },
      });
      const patch = { name: 'Origin', translations: { es: null, fr: 'Racine' }, version: 9, key: 'no' };
      const { status, body } = await admin('PATCH', `${base}/topics/root`, patch, { 'content-type': type });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        key: 'root',
        name: 'Origin',
        translations: { de: 'Wurzel', fr: 'Racine' },
      });
      expect(body.translations).not.toHaveProperty('es');
    },
  );

  it('changes what came with the product', async () => {
    const { body } = await admin('PATCH', `${base}/colors/red`, { hex: '#ff0000' });
    expect(body).toMatchObject({ key: 'red', name: 'Red', hex: '#ff0000', version: 1, shipped: true });
    expect((await admin('DELETE', `${base}/colors/red`)).status).toBe(204);
    expect((await reader('GET', `${base}/colors/red`)).body).toMatchObject({ version: 0 });
  });

  it('leaves the version where nothing changes', async () => {
    const path = await color();
    for (const patch of [{}, { name: 'Blue' }, { unheard: 1 }]) {
      expect((await admin('PATCH', path, patch)).headers.etag).toBe('"1"');
    }
  });

  it('refuses what would not fit', async () => {
    const path = await color();
    expect((await admin('PATCH', path, { name: null })).body.errors).toEqual([
      { pointer: '/name', message: 'is required' },
    ]);
    expect((await admin('PATCH', path, { hex: 1 })).status).toBe(400);
    expect((await admin('PATCH', path, '[]')).status).toBe(400);
    expect((await admin('PATCH', path, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await admin('PATCH', `${base}/colors/none`, { name: 'x' })).body.code).toBe('entryNotFound');
    expect((await other('PATCH', path, { name: 'x' })).status).toBe(404);
    expect((await admin('PATCH', path, { name: 'x' }, { 'if-match': '"9"' })).status).toBe(412);
  });

  it('loses none of two edits of different properties at once', async () => {
    const path = await color();
    const edits = [admin('PATCH', path, { name: 'Navy' }), admin('PATCH', path, { hex: '#000080' })];
    for (const { status } of await Promise.all(edits)) expect(status).toBe(200);
    expect((await reader('GET', path)).body).toMatchObject({ name: 'Navy', hex: '#000080', version: 3 });
  });
});

describe('DELETE /api/v1/{collection}/{key}', () => {
  it('deletes, and replays that to the same key', async () => {
    const path = await color();
    const headers = { 'idempotency-key': newKey(), 'if-match': '"1"' };
    expect(await admin('DELETE', path, undefined, headers)).toMatchObject({ status: 204, text: '' });
    expect((await reader('GET', path)).status).toBe(404);
    const again = await admin('DELETE', path, undefined, headers);
    expect(again).toMatchObject({ status: 204, text: '', headers: { 'idempotency-replayed': 'true' } });
    expect((await admin('DELETE', path)).body.code).toBe('entryNotFound');
  });

  it('is refused at another version, in another account, and while other entries name it', async () => {
    const path = await color();
    expect((await admin('DELETE', path, undefined, { 'if-match': '"2"' })).status).toBe(412);
    expect((await other('DELETE', path)).status).toBe(404);
    await admin('PUT', `${base}/shelves/50`, { name: 'x', color: path.slice(path.lastIndexOf('/') + 1) });
    const { status, body } = await admin('DELETE', path);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'entryInUse', users: ['shelves/50'] });
    expect((await admin('DELETE', `${base}/colors/black`)).body.code).toBe('entryInUse');
  });
});

describe('GET /api/v1/{collection}', () => {
  it('goes through all entries in the order of their keys, page by page', async () => {
    for (const key of ['b', 'ä', 'a', 'blue']) await other('PUT', `${base}/colors/${key}`, { name: key });
    for (const key of [10, 9, 100]) await other('PUT', `${base}/shelves/${key}`, { name: 'x' });
    await other('PUT', `${base}/colors/red`, { name: 'Own' });
    const colorKeys = ['a', 'b', 'black', 'blue', 'red', 'ä'];
    for (const [name, keys] of [
      ['colors', colorKeys],
      ['shelves', ['9', '10', '100']],
    ] as const) {
      for (const limit of [1, 2, 5, 200]) {
        const found: string[] = [];
        let next: string | null = '';
        while (next !== null) {
          const query: string = next === '' ? '' : `&cursor=${next}`;
          const { body } = await other('GET', `${base}/${name}?limit=${limit}${query}`);
          found.push(...body.items.map(({ key }: { key: string }) => key));
          expect(body.items.length).toBeLessThanOrEqual(limit);
          next = body.next;
        }
        expect(found).toEqual(keys);
      }
    }
  });

  it('shows of each entry what reading it shows', async () => {
    const { items, next } = (await other('GET', `${base}/colors`)).body;
    expect(next).toBeNull();
    for (const item of items) expect((await other('GET', `${base}/colors/${item.key}`)).body).toEqual(item);
  });

  it('refuses a cursor of another list, and limits that are none', async () => {
    const { next } = (await reader('GET', `${base}/colors?limit=1`)).body;
    expect((await reader('GET', `${base}/shelves?cursor=${next}`)).body.errors[0].pointer).toBe(
      '/query/cursor',
    );
    expect((await reader('GET', `${base}/colors?cursor=x`)).status).toBe(400);
    expect((await reader('GET', `${base}/colors?limit=0`)).status).toBe(400);
    expect((await reader('GET', `${base}/colors?limit=201`)).status).toBe(400);
  });

  it('finds by words, their beginnings and with a typing error', async () => {
    const tree = {
      key: 'late',
      name: 'Late delivery',
      level: 1,
      translations: { de: 'Verspätete Zustellung' },
    };
    await admin('POST', `${base}/topics`, tree);
    await admin('POST', `${base}/people`, { name: 'Zoë Quintero', email: 'zoe@example.com' });
    for (const q of ['late', 'deliv', 'LATE DELIVERY', 'delivrey', 'verspatete', 'zustelung']) {
      const { body } = await reader('GET', `${base}/topics?q=${encodeURIComponent(q)}`);
      expect(body.items.map(({ key }: { key: string }) => key)).toEqual(['late']);
      expect(body.next).toBeNull();
    }
    for (const q of ['zoe', 'quint', 'qiuntero', 'quintera zoe']) {
      const { body } = await reader('GET', `${base}/people?q=${encodeURIComponent(q)}`);
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Zoë Quintero']);
    }
    for (const q of ['nothing', '!!', 'late nothing']) {
      expect((await reader('GET', `${base}/topics?q=${encodeURIComponent(q)}`)).body.items).toEqual([]);
    }
    expect((await other('GET', `${base}/people?q=zoe`)).body.items).toEqual([]);
    expect((await reader('GET', `${base}/topics?q=`)).status).toBe(400);
  });
});

describe('who may', () => {
  const url = `${base}/colors`;

  it('read: own staff who read or write the catalogue or work on tickets', async () => {
    for (const permission of ['catalogue.read', 'catalogue.write', 'tickets.write', 'admin']) {
      const client = server.as({ permissions: [permission] });
      expect((await client('GET', url)).status).toBe(200);
      expect((await client('GET', `${url}/black`)).status).toBe(200);
    }
    for (const client of [server.as({}), server.as({ permissions: ['tickets.read'] })]) {
      expect((await client('GET', url)).body).toMatchObject({ status: 403, code: 'forbidden' });
      expect((await client('GET', `${url}/none`)).status).toBe(403);
    }
  });

  it('write: own staff with catalogue.write', async () => {
    for (const permission of ['catalogue.read', 'tickets.write']) {
      const client = server.as({ permissions: [permission] });
      for (const [method, path] of [
        ['POST', ''],
        ['PUT', '/x'],
        ['PATCH', '/black'],
        ['DELETE', '/x'],
        ['POST', '/import'],
      ]) {
        const { status, body } = await client(method as string, `${url}${path}`, {});
        expect([status, body.code]).toEqual([403, 'forbidden']);
      }
    }
  });

  it('not another party, whatever its credential holds', async () => {
    const guest = server.as({ party: 'acme', permissions: ['admin'] });
    for (const method of ['GET', 'POST'])
      expect((await guest(method, url, method === 'GET' ? undefined : {})).status).toBe(403);
  });

  it('not without a credential', async () => {
    expect((await server.app.inject({ url })).statusCode).toBe(401);
    expect((await server.app.inject({ method: 'POST', url: `${url}/import` })).statusCode).toBe(401);
  });
});

describe('GET /api/v1/collections', () => {
  it('tells every caller what there is', async () => {
    const { status, body } = await server.as({ party: 'acme' })('GET', `${base}/collections`);
    expect(status).toBe(200);
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'colors',
      'shelves',
      'topics',
      'people',
    ]);
    expect(body.items[1]).toEqual({
      name: 'shelves',
      label: 'Shelves',
      one: 'shelf',
      kind: 'errand',
      keys: 'number',
      size: 'small',
      searchable: false,
      references: { color: 'colors', topics: 'topics' },
      schema: expect.objectContaining({ type: 'object', required: ['name'] }),
    });
  });
});

it('is described, each collection with its own shapes', async () => {
  const { paths } = (await server.app.inject({ url: '/docs/native/openapi.json' })).json();
  expect(Object.keys(paths).filter((path) => /colors|collections/.test(path))).toEqual([
    `${base}/collections`,
    `${base}/colors`,
    `${base}/colors/{key}`,
    `${base}/colors/import`,
  ]);
  const made = paths[`${base}/colors`].post;
  expect(made.requestBody.content['application/json'].schema.required).toEqual(['key', 'name']);
  expect(made.description).toContain('`catalogue.write`');
  expect(Object.keys(made.responses).sort()).toEqual(
    expect.arrayContaining(['201', '400', '403', '409', '412']),
  );
  expect(paths[`${base}/colors/import`].post.requestBody.content).toHaveProperty(['text/csv']);
  expect(paths[`${base}/topics`].get.parameters.map(({ name }: { name: string }) => name)).toContain('q');
});
