import { beforeAll, describe, expect, it } from 'vitest';
import { manyReasons, reasonData } from '../fixture/reasons.ts';
import { bare, openTicket, putAll, useCare } from './fixture/care-server.ts';

const care = useCare();
const get = (path: string, headers: Record<string, string> = {}) =>
  care.server.as({ id: 'reader', permissions: ['care.read'] })('GET', path, undefined, headers);

describe('GET /v2/escalation/departments', () => {
  it('gives the shipped departments as a bare list, and those that the account has made', async () => {
    const shipped = [
      { id: 'corporate', label: 'Corporate' },
      { id: 'partner-service', label: 'Partner Service' },
    ];
    expect((await get('/v2/escalation/departments')).body).toEqual(shipped);
    await care.put('departments', 'legal', { label: 'Legal', handOff: { kind: 'errand' } });
    await care.put('departments', 'corporate', { label: 'Headquarters' });
    expect((await get('/ticket-detail/v2/escalation/departments')).body).toEqual([
      { id: 'corporate', label: 'Headquarters' },
      { id: 'legal', label: 'Legal' },
      shipped[1],
    ]);
  });
});

describe('GET /v1/resolution-statuses', () => {
  it('lists how a ticket can be resolved', async () => {
    expect((await get('/v1/resolution-statuses')).body).toEqual({
      list: ['NO_ACTION', 'REFUNDED', 'CUSTOMER_LEFT_CHAT'],
    });
  });
});

describe('GET /v1/tickets/{ticketID}/transfer/queues', () => {
  const queues = [
    { id: 'a', name: 'chat-th', language: 'thai' },
    { id: 'b', name: 'chat-en', language: 'english' },
    { id: 'c', name: 'mail-en', language: 'en-GB' },
  ] as const;
  beforeAll(async () => {
    for (const { id, ...data } of queues) await care.put('queues', id, data);
  });

  it('lists first those that speak the ticket’s language, however that is written', async () => {
    const id = await openTicket(care.agent(), { metadata: { language: 'en' } });
    expect((await get(`/v1/tickets/${id}/transfer/queues`)).body).toEqual({
      list: [queues[1], queues[2], queues[0]],
    });
    const thai = await openTicket(care.agent(), { metadata: { language: 'tha' } });
    expect((await get(`/v2/tickets/${thai}/transfer/queues`)).body.list[0]).toEqual(queues[0]);
    const unknown = await openTicket(care.agent(), { metadata: {} });
    expect((await get(`/v1/tickets/${unknown}/transfer/queues`)).body.list).toEqual(queues);
  });

  it('knows no queue of a ticket that there is not', async () => {
    const answer = await get('/v1/tickets/nowhere/transfer/queues');
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(bare(404, 'not found'));
  });
});

describe('contact reasons', () => {
  beforeAll(() => care.putReasons());

  it('come as a whole tree, each code with its names and what stands below it', async () => {
    const answer = await get('/v1/ccr');
    const names = (en: string, es: string) => [
      { language: 'en', translation: en },
      { language: 'es', translation: es },
    ];
    expect(answer.body).toEqual({
      status_code: 200,
      data: {
        '1': {
          translations: names('Delivery', 'Entrega'),
          child: {
            '1A': {
              translations: names('Rider', 'Repartidor'),
              child: {
                '1A.1': { translations: names('Delivery canceled', 'Entrega cancelada') },
                '1A.2': { translations: names('Wrong address', 'Dirección equivocada') },
                '1A.10': { translations: names('Rider was rude', 'Repartidor grosero') },
              },
            },
          },
        },
        '2': {
          translations: names('Payment', 'Pago'),
          child: {
            '2A': {
              translations: names('Refund', 'Reembolso'),
              child: {
                '2A.1': { translations: names('Refund is missing', 'Falta el reembolso') },
                '2A.2': { translations: [{ language: 'en', translation: 'Charged twice' }] },
              },
            },
          },
        },
      },
    });
  });

  it('are none in an account that has made none', async () => {
    const other = care.server.as({ account: 'other', permissions: ['care.read'] });
    expect((await other('GET', '/v1/ccr')).body).toEqual({ status_code: 200, data: {} });
  });

  const spanish = {
    data: { translation: 'Dirección equivocada', language: 'es', code: '1A.2', level: 3 },
    parents: [
      { translation: 'Entrega', language: 'es', code: '1', level: 1 },
      { translation: 'Repartidor', language: 'es', code: '1A', level: 2 },
    ],
  };
  const english = {
    data: { translation: 'Wrong address', language: 'en', code: '1A.2', level: 3 },
    parents: [
      { translation: 'Delivery', language: 'en', code: '1', level: 1 },
      { translation: 'Rider', language: 'en', code: '1A', level: 2 },
    ],
  };

  it.each([
    ['query=1A.2&language=es', [spanish]],
    ['query=1a.2', [english]],
    ['query=Wrong%20address&language=eng', [english]],
    ['query=wron&language=english', [english]],
    ['query=direccion+equi', [spanish]],
    ['query=adress', [english]],
    ['query=wrong&language=es', []],
    ['query=wrong&language=', [english]],
    ['query=', []],
  ])('search?%s finds %j', async (query, list) => {
    for (const base of ['/v1', '/v2', '/ticket-detail/v1']) {
      expect((await get(`${base}/ccr/search?${query}`)).body).toEqual({ list });
    }
  });

  it('found by their code are shown in the agent’s language', async () => {
    expect((await get('/v1/ccr/search?query=1A.2', { 'accept-language': 'es' })).body.list).toEqual([
      spanish,
    ]);
  });

  it('are not searched without a query', async () => {
    const answer = await get('/v1/ccr/search?language=en');
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ source: { pointer: '/query/query' } }]);
  });
});

describe('a search among 5,000 contact reasons', () => {
  it('finds the one that is meant, and gives fifty at most', async () => {
    await putAll(
      care.server.store,
      'contact-reasons',
      manyReasons().map((row) => ({ key: row[0], data: reasonData(row) })),
      'other',
    );
    const client = care.server.as({ account: 'other', permissions: ['care.read'] });
    const search = async (query: string) =>
      (await client('GET', `/v1/ccr/search?query=${encodeURIComponent(query)}&language=en`)).body.list;
    const name = { language: 'en', level: 3, code: '3-3.10', translation: 'address courier case1a4 enword' };
    expect(await search('adderss case1a4')).toEqual([
      {
        data: name,
        parents: [
          { language: 'en', level: 1, code: '3', translation: 'Area 3 enword' },
          { language: 'en', level: 2, code: '3-3', translation: 'Theme 3 voucher enword' },
        ],
      },
    ]);
    expect(await search('voucher cas')).toHaveLength(50);
    expect(await search('zzzzzzz')).toEqual([]);
  });
});
