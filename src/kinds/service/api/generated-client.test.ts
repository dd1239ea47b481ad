import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GeneratedClient, generateClient } from '../../../../test/generated-client.ts';
import { keyOf, useService } from './fixture/service-server.ts';

const service = useService();

/** Every field that it sends or reads is checked by the compiler against the published document. */
const JOURNEY = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function journey(baseUrl: string, headers: Record<string, string>) {
  const client = createClient<paths>({ baseUrl, headers });
  const told: unknown[] = [];

  const operators = await client.GET('/v2/operators', { params: { query: { is_operator: true } } });
  const operator_id: string = operators.data!.result[0]!.id;
  told.push(operators.data!.total, operators.data!.result[0]!.name);

  const made = await client.POST('/v2/tickets/prepared-tickets', {
    body: {
      customer_id: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
      vin: 'JH4KA7630PC007649',
      vehicle_model_id: 0,
      connection_id: null,
      customer_reference: 'W-17',
    },
  });
  const ticketId: string = made.data!.id;
  told.push(made.response.status, made.data!.customer_reference);
  const path = { ticketId };

  const submitted = await client.PATCH('/v2/tickets/prepared-tickets/{ticketId}', {
    params: { path },
    body: { transition: { type: 'submit' } },
  });
  told.push(submitted.response.redirected);

  const line = await client.GET('/v2/tickets/pending-tickets', { params: { query: { limit: 5, offset: 0 } } });
  told.push(line.data!.total, line.data!.query.limit, line.data!.result[0]!.connection_id);

  const wrong = await client.PATCH('/v2/tickets/pending-tickets/{ticketId}', {
    params: { path },
    body: { transition: { type: 'start-service', operator_id: ticketId } },
  });
  told.push(wrong.error!.title, wrong.error!.violations!.map((violation) => violation.path));

  await client.PATCH('/v2/tickets/pending-tickets/{ticketId}', {
    params: { path },
    body: { transition: { type: 'start-service', operator_id } },
  });
  const begun = await client.GET('/v2/tickets/in-progress-tickets/{ticketId}', { params: { path } });
  told.push(begun.data!.operator_id === operator_id, begun.data!.outsourced);

  await client.PATCH('/v2/tickets/in-progress-tickets/{ticketId}', {
    params: { path },
    body: { transition: { type: 'outsource', provider_id: 'remote-24' } },
  });
  const out = await client.GET('/v2/tickets/outsourced-tickets/{ticketId}', { params: { path } });
  told.push(out.data!.reclaimable);
  await client.PATCH('/v2/tickets/outsourced-tickets/{ticketId}', {
    params: { path },
    body: { transition: { type: 'stop-service', vehicle_battery_voltage: '24v' } },
  });
  const closed = await client.GET('/v2/tickets/closed-tickets/{ticketId}', { params: { path } });
  told.push(closed.data!.externally_processed, closed.data!.vehicle_battery_voltage);

  const all = await client.GET('/v2/tickets/tickets', {
    params: { query: { state: 'closed', externally_processed: true } },
  });
  told.push(all.data!.result.map((ticket) => [ticket.state, ticket.cancel_reason_id]));

  const events = await client.GET('/v2/system/events', { params: { query: { limit: 1000 } } });
  told.push(events.response.status, Array.isArray(events.data!.result));

  const missing = await client.GET('/v2/tickets/pending-tickets/{ticketId}', { params: { path } });
  told.push(missing.error!.status, missing.error!.type);
  return told;
}
`;

/** Each of the last lines is wrong, and the compiler has to say so. */
const MISTAKES = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
const client = createClient<paths>({ baseUrl: '' });
const path = { ticketId: 'x' };
client.GET('/v2/tickets/new-tickets');
client.PATCH('/v2/tickets/pending-tickets/{ticketId}', { params: { path }, body: { transition: { type: 'start-service' } } });
client.PATCH('/v2/tickets/prepared-tickets/{ticketId}', { params: { path }, body: { transition: { type: 'reclaim' } } });
client.POST('/v2/tickets/prepared-tickets', { body: { vin: 'JH4KA7630PC007649' } });
client.GET('/v2/tickets/tickets', { params: { query: { state: 'inProgress' } } });
client.PATCH('/v2/tickets/closed-tickets/{ticketId}', { params: { path } });
`;

let client: GeneratedClient;
let document: { security: unknown; paths: Record<string, Record<string, { responses: object }>> };
beforeAll(async () => {
  await service.operator('Olga');
  document = (await service.server.app.inject('/docs/service/openapi.json')).json();
  client = await generateClient(document, { 'journey.ts': JOURNEY, 'mistakes.ts': MISTAKES });
});
afterAll(() => client.remove());

it('a client made from the published document does the main journey', async () => {
  expect(client.complaints('journey.ts')).toEqual([]);
  const url = await service.server.app.listen({ port: 0, host: '127.0.0.1' });
  const { id, account } = service.client().actor;
  const { journey } = await client.load('journey.ts');
  const headers = { authorization: `Bearer ${account}.${id}`, ...keyOf(service.server) };
  expect(await journey(url, headers)).toEqual([
    1,
    'Olga',
    201,
    'W-17',
    true,
    1,
    5,
    null,
    'Bad request',
    ['/transition/operator_id'],
    true,
    false,
    true,
    true,
    '24v',
    [['closed', undefined]],
    200,
    true,
    404,
    '/problems/not-found',
  ]);
}, 60_000);

it('its types know what the contract takes', () => {
  const lines = client.complaints('mistakes.ts').map((complaint) => Number(complaint.split(':')[0]));
  expect(new Set(lines)).toEqual(new Set([5, 6, 7, 8, 9, 10]));
}, 60_000);

it('the document asks for both credentials, and tells where a 303 leads', () => {
  expect(document.security).toEqual([{ OAuth2: [], ApiKey: [] }]);
  const { patch } = document.paths['/v2/tickets/pending-tickets/{ticketId}'] ?? {};
  expect(patch?.responses).toMatchObject({
    303: { headers: { Location: { schema: { type: 'string', format: 'uri-reference' } } } },
  });
  expect(Object.keys(document.paths).filter((path) => path.includes('collection'))).toEqual([]);
});
