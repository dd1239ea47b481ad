import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GeneratedClient, generateClient } from '../../../../test/generated-client.ts';
import { useDeskServer } from './fixture/desk-server.ts';

const server = useDeskServer();

/**
 * A program that knows nothing but the published document. Every field that it sends or reads is checked by the compiler
 * against the types that were made from that document.
 */
const JOURNEY = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function journey(baseUrl: string, authorization: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization } });
  const told: unknown[] = [];

  const made = await client.POST('/api/v2/ticket', {
    body: { brandID: 1, direction: 'inbound', from: 'ana@example.com', title: 'Where is it?' },
  });
  const ticketID: number = made.data!.id;
  told.push(made.data!.item.brand_name);

  const updated = await client.PUT('/api/v2/ticket/{ticketID}', {
    params: { path: { ticketID } },
    body: { externalPrimaryID: 'CRM-77' },
  });
  told.push(updated.data!.item.customer_id);

  const set = await client.POST('/api/v2/ticket/setStatus', { body: { status: 'pending', ticketIDs: [ticketID] } });
  told.push(set.data!.results.map(({ result }) => result));

  await client.POST('/api/v2/ticket/batch', {
    body: { ticketIDs: [ticketID], actions: [{ actionType: 'addTag', value: 'vip' }] },
  });

  const one = await client.GET('/api/v2/ticket/{ticketID}', {
    params: { path: { ticketID }, query: { getTicketHistory: true } },
  });
  const { status, tags, timeline = [] } = one.data!.item;
  told.push(status, tags, timeline.map((entry) => entry.type));

  const list = await client.GET('/api/v2/ticket', { params: { query: { query: 'tag:vip', itemLimit: 5 } } });
  told.push(list.data!.total, list.data!.items[0]!.priority);

  const gone = await client.DELETE('/api/v2/ticket/{ticketID}', { params: { path: { ticketID } } });
  told.push(gone.data!.message);

  const missing = await client.GET('/api/v2/ticket/{ticketID}', { params: { path: { ticketID } } });
  told.push(missing.response.status, missing.error!.message);
  return told;
}
`;

/** Each of these lines is wrong, and the compiler has to say so. */
const MISTAKES = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
const client = createClient<paths>({ baseUrl: '' });
client.GET('/api/v2/tickets');
client.POST('/api/v2/ticket/setStatus', { body: { status: 'done', ticketIDs: [1] } });
client.POST('/api/v2/ticket/batch', { body: { ticketIDs: [1] } });
client.GET('/api/v2/ticket/{ticketID}', { params: { path: { ticketID: 'x' } } });
`;

let client: GeneratedClient;
beforeAll(async () => {
  const document = (await server.app.inject('/docs/desk/openapi.json')).json();
  client = await generateClient(document, { 'journey.ts': JOURNEY, 'mistakes.ts': MISTAKES });
});
afterAll(() => client.remove());

it('a client made from the published document does the main journey', async () => {
  expect(client.complaints('journey.ts')).toEqual([]);
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { id, account } = server.agent().actor;
  const { journey } = await client.load('journey.ts');
  expect(await journey(url, `Bearer ${account}.${id}`)).toEqual([
    'Northwind',
    7,
    ['done'],
    'pending',
    ['vip'],
    ['event', 'event', 'event', 'event'],
    1,
    'medium',
    'The ticket was deleted.',
    404,
    'The ticket does not exist, or the caller cannot see it.',
  ]);
}, 60_000);

it('its types know what the contract takes', () => {
  const lines = client.complaints('mistakes.ts').map((complaint) => Number(complaint.split(':')[0]));
  expect(new Set(lines)).toEqual(new Set([4, 5, 6, 7]));
}, 60_000);
