import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GeneratedClient, generateClient } from '../../../../test/generated-client.ts';
import { useCare } from './fixture/care-server.ts';

const care = useCare();

/** Every field that it sends or reads is checked by the compiler against the published document. */
const JOURNEY = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function journey(baseUrl: string, authorization: string) {
  const client = createClient<paths>({
    baseUrl,
    headers: { authorization, 'X-Agent-User-ID': 'agent@example.com' },
  });
  const told: unknown[] = [];

  const made = await client.POST('/v1/tickets', {
    body: {
      Assignee: 'agent',
      channel: 'chat',
      priority: 1,
      customer: { id: 'c-7', firstName: 'hugo', lastName: 'dan' },
      vendor: { id: 'bgaj', vertical: 'restaurants' },
      metadata: { language: 'es', orderId: 'abc-1', entityId: 'FP_ES' },
    },
  });
  const ticketID: string = made.data!.id;
  told.push(made.data!.status, made.data!.customer!.name);

  const found = await client.GET('/v1/ccr/search', { params: { query: { query: 'adress', language: 'eng' } } });
  const { data, parents } = found.data!.list[0]!;
  told.push(data.code, parents.map((parent) => parent.translation));
  const tree = await client.GET('/v1/ccr');
  told.push(Object.keys(tree.data!.data['1']!.child!));

  const path = { ticketID };
  const updated = await client.PATCH('/v1/tickets/{ticketID}', {
    params: { path },
    body: { type: 'UPDATE_CCR', ccr: data.code },
  });
  told.push(updated.data!.metadata.ccr);

  const queues = await client.GET('/v1/tickets/{ticketID}/transfer/queues', { params: { path } });
  const queue = queues.data!.list[0]!;
  const transferred = await client.POST('/v1/tickets/{ticketID}/transfer', {
    params: { path },
    body: { queueId: queue.id },
  });
  told.push(queue.language, transferred.data!.queue, transferred.data!.Assignee);

  const departments = await client.GET('/v2/escalation/departments');
  const escalated = await client.POST('/v2/tickets/{ticketID}/escalate', {
    params: { path },
    body: { statusReason: 'too hard', department: departments.data![1]!.id },
  });
  const link = escalated.data!.metadata.childrenLinks[0]!;
  told.push(escalated.data!.status, link.ticketCategory, link.creator);

  const again = await client.POST('/v2/tickets/{ticketID}/escalate', { params: { path } });
  told.push(again.response.status, again.error!.errors[0]!.title);

  const back = await client.POST('/v1/tickets/{ticketID}/reassign', {
    params: { path },
    body: { assignee: 'otheragent', reason: 'agent overtime' },
  });
  told.push(back.data!.status, back.data!.Assignee);

  const resolutions = await client.GET('/v1/resolution-statuses');
  const closed = await client.POST('/v1/tickets/{ticketID}/close', {
    params: { path },
    body: { resolutionStatus: resolutions.data!.list[1]!, statusReason: 'paid back' },
  });
  told.push(closed.data!.status, closed.data!.UpdatedAt >= closed.data!.createdAt);

  const history = await client.GET('/v1/customers/{customerId}/tickets', {
    params: { path: { customerId: 'c-7' }, query: { page: 1, pageSize: 5 } },
  });
  told.push(history.data!.list.map((ticket) => ticket.statusReason), history.data!.pageSize);

  const missing = await client.GET('/v1/tickets/{ticketID}', { params: { path: { ticketID: 'nowhere' } } });
  told.push(missing.error!.errors);
  return told;
}
`;

/** Each of the last lines is wrong, and the compiler has to say so. */
const MISTAKES = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
const client = createClient<paths>({ baseUrl: '' });
const path = { ticketID: 'x' };
client.GET('/v3/tickets');
client.PATCH('/v1/tickets/{ticketID}', { params: { path }, body: { type: 'UPDATE' } });
client.POST('/v1/tickets/{ticketID}/reassign', { params: { path }, body: {} });
client.POST('/v1/tickets', { body: { vendor: { vertical: 'Restaurants' } } });
client.GET('/v1/tickets', { params: { query: { status: 'assigned' } } });
`;

let client: GeneratedClient;
beforeAll(async () => {
  await care.putReasons();
  await care.put('queues', 'q-en', { name: 'chat-en', language: 'english' });
  await care.put('queues', 'q-es', { name: 'chat-es', language: 'spanish' });
  const document = (await care.server.app.inject('/docs/care/openapi.json')).json();
  client = await generateClient(document, { 'journey.ts': JOURNEY, 'mistakes.ts': MISTAKES });
});
afterAll(() => client.remove());

it('a client made from the published document does the main journey', async () => {
  expect(client.complaints('journey.ts')).toEqual([]);
  const url = await care.server.app.listen({ port: 0, host: '127.0.0.1' });
  const { id, account } = care.agent().actor;
  const { journey } = await client.load('journey.ts');
  expect(await journey(url, `Bearer ${account}.${id}`)).toEqual([
    'ASSIGNED',
    'hugo dan',
    '1A.2',
    ['Delivery', 'Rider'],
    ['1A'],
    'Delivery - Rider - Wrong address',
    'spanish',
    'chat-es',
    undefined,
    'ESCALATED',
    'ESCALATED',
    'agent@example.com',
    400,
    'bad request',
    'ASSIGNED',
    'otheragent',
    'CLOSED',
    true,
    ['paid back'],
    5,
    [{ status: '404', title: 'not found' }],
  ]);
}, 60_000);

it('its types know what the contract takes', () => {
  const lines = client.complaints('mistakes.ts').map((complaint) => Number(complaint.split(':')[0]));
  expect(new Set(lines)).toEqual(new Set([5, 6, 7, 8, 9]));
}, 60_000);
