import { beforeAll, describe, expect, it } from 'vitest';
import { addPerson } from '../../../../test/people.ts';
import { move, refused, ticketIn, useService, violations } from './fixture/service-server.ts';

const service = useService();
const client = service.client();
let ids: Record<'olga' | 'norbert' | 'gone' | 'partner' | 'other', string>;

beforeAll(async () => {
  const { store } = service.server;
  ids = {
    olga: await service.operator('Olga'),
    norbert: await addPerson(store, { name: 'Norbert', isOperator: false }),
    gone: await addPerson(store, { name: 'Gone', isOperator: true, isDisabled: true }),
    partner: await addPerson(store, { name: 'Partner', isOperator: true, party: 'acme' }),
    other: await service.operator('Otto', 'other'),
  };
});

const olga = () => ({ id: ids.olga, name: 'Olga', is_operator: true });
const norbert = () => ({ id: ids.norbert, name: 'Norbert', is_operator: false });

describe('GET /v2/operators', () => {
  it('lists the account’s employees, and who of them is an operator', async () => {
    const answer = await client('GET', '/v2/operators');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      query: { limit: 25, offset: 0 },
      result: [olga(), norbert()],
      total: 2,
    });
  });

  it.each<[string, () => object[], number]>([
    ['?is_operator=true', () => [olga()], 1],
    ['?is_operator=false', () => [norbert()], 1],
    ['?limit=0', () => [], 2],
    ['?limit=1&offset=1', () => [norbert()], 2],
    ['?offset=7', () => [], 2],
  ])('%s', async (query, result, total) => {
    const { body } = await client('GET', `/v2/operators${query}`);
    expect(body).toMatchObject({ result: result(), total });
  });

  it('refuses what is no page', async () => {
    const { body } = await client('GET', '/v2/operators?limit=1001&is_operator=x');
    expect(body).toEqual(
      violations(
        ['/query/limit', 'must be an integer from 0 to 1000', 'maximum'],
        ['/query/is_operator', 'must be true or false', 'type'],
      ),
    );
  });
});

describe('GET /v2/operators/{id}', () => {
  it('gives one employee', async () => {
    expect((await client('GET', `/v2/operators/${ids.norbert}`)).body).toEqual(norbert());
  });

  it.each(['gone', 'partner', 'other'] as const)('does not know the one who is %s', async (who) => {
    const answer = await client('GET', `/v2/operators/${ids[who]}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(refused(404, 'not-found', 'Not found', 'There is no such employee.'));
  });
});

describe('start-service', () => {
  it.each(['norbert', 'gone', 'partner', 'other'] as const)(
    'gives no ticket to %s, who is no operator of the account',
    async (who) => {
      const id = await ticketIn(client, 'pending', ids.olga);
      const answer = await move(client, 'pending', id, { type: 'start-service', operator_id: ids[who] });
      const message = 'must be the id of an employee who is an operator';
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(violations(['/transition/operator_id', message, 'operator']));
      expect((await client('GET', `/v2/tickets/pending-tickets/${id}`)).headers.etag).toBe('"2"');
    },
  );

  it('knows an operator however the id is written', async () => {
    const id = await ticketIn(client, 'pending', ids.olga);
    const operator_id = ids.olga.toUpperCase();
    expect((await move(client, 'pending', id, { type: 'start-service', operator_id })).status).toBe(303);
    expect((await client('GET', `/v2/tickets/in-progress-tickets/${id}`)).body.operator_id).toBe(ids.olga);
  });
});
