import { describe, expect, it } from 'vitest';
import { useServer } from '../../../test/server.ts';
import { createNativeContract } from '../../native/index.ts';
import { createCareContract } from './api/routes.ts';
import { careCollections } from './collections.ts';
import { REASON_ROWS } from './fixture/reasons.ts';
import { receivers, receivingErrand } from './fixture/receiving-errand.ts';
import { careKind } from './kind.ts';

const server = useServer({
  kinds: [careKind, receivingErrand],
  collections: careCollections(receivers),
  parties: ['field'],
  contracts: (store) => [createNativeContract({ store }), createCareContract(store)],
});
const keeper = server.as({ id: 'keeper', permissions: ['care.configure'] });
const agent = server.as({ id: 'agent', permissions: ['care.work'] });

/** The tree as a spreadsheet gives it. */
const CSV = [
  'key,level,parent,translations.en,translations.es',
  ...REASON_ROWS.map(([code, level, parent, names]) =>
    [code, level, parent ?? '', names.en ?? '', names.es ?? ''].map((cell) => `"${cell}"`).join(','),
  ),
].join('\n');

const importReasons = (csv: string, client = keeper) =>
  client('POST', '/api/v1/contact-reasons/import', csv, { 'content-type': 'text/csv' });

describe('who configures customer care', () => {
  it('brings the contact reasons in from CSV, and agents find them at once', async () => {
    const answer = await importReasons(CSV);
    expect(answer).toMatchObject({ status: 200, body: { rows: 9, created: 9 } });
    const found = await agent('GET', '/v1/ccr/search?query=adress');
    expect(found.body.list[0].data).toEqual({
      translation: 'Wrong address',
      language: 'en',
      code: '1A.2',
      level: 3,
    });
  });

  it('hears of a tree that does not hold together, and nothing of it is kept', async () => {
    const answer = await importReasons(
      'key,level,parent,translations.en\n7,1,,Seven\n7A.1,3,7,Seven one\n7B,2,nowhere,Seven two',
    );
    expect(answer.status).toBe(400);
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/line/4/parent']));
    expect((await agent('GET', '/v1/ccr/search?query=seven')).body.list).toEqual([]);
  });

  it('keeps queues, departments and vendors', async () => {
    const make = (path: string, body: object) => keeper('POST', `/api/v1/${path}`, body);
    expect((await make('queues', { key: 'q', name: 'chat', language: 'en' })).status).toBe(201);
    expect((await make('vendors', { key: 'v', name: 'Shop', vertical: 'shop' })).status).toBe(201);
    const handOff = { kind: 'errand', party: 'field' };
    expect((await make('departments', { key: 'f', label: 'Field', handOff })).status).toBe(201);
    expect((await agent('GET', '/v2/escalation/departments')).body).toContainEqual({
      id: 'f',
      label: 'Field',
    });
  });

  it('cannot hand tickets over to a kind that is not there or takes none', async () => {
    for (const kind of ['nothing', 'care']) {
      const answer = await keeper('PUT', '/api/v1/departments/g', { label: 'G', handOff: { kind } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/handOff/kind' }] } });
    }
  });

  it('cannot hand tickets over in a way that never makes one', async () => {
    const save = (handOff: object) =>
      keeper('PUT', '/api/v1/departments/g', { label: 'G', handOff: { kind: 'errand', ...handOff } });
    expect(await save({ party: 'nobody' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/handOff/party', message: 'must be the key of a party that there is' }] },
    });
    expect(await save({ input: { fault: 'never' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/handOff/input/fault', message: 'never' }] },
    });
    expect((await keeper('GET', '/api/v1/departments/g')).status).toBe(404);
  });

  it('gives no two queues the same name', async () => {
    const put = (key: string, name: string) =>
      keeper('PUT', `/api/v1/queues/${key}`, { name, language: 'en' });
    expect((await put('one', 'mail')).status).toBe(201);
    expect((await put('one', 'mail')).status).toBe(200);
    expect(await put('two', 'mail')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/name', message: 'is the name of the queue one already' }] },
    });
    expect((await put('two', 'post')).status).toBe(201);
    expect((await put('two', 'mail')).status).toBe(400);
  });

  it('is not the agent, nor who works on other tickets', async () => {
    const desk = server.as({ permissions: ['tickets.write'] });
    for (const client of [agent, desk]) {
      expect((await importReasons(CSV, client)).status).toBe(403);
      expect((await client('PUT', '/api/v1/queues/q', { name: 'x', language: 'en' })).status).toBe(403);
    }
  });
});
