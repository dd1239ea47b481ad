import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GeneratedClient, generateClient } from '../../../../test/generated-client.ts';
import { useTmf } from './fixture/tmf-server.ts';

const tmf = useTmf();

/** Every field that they send or read is checked by the compiler against the published documents. */
const PROGRAMS = {
  v4: `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function journey(baseUrl: string, tu: string, to: string) {
  const client = createClient<paths>({ baseUrl });
  const LIST = '/tmf-api/troubleTicket/v4/troubleTicket';
  const ITEM = '/tmf-api/troubleTicket/v4/troubleTicket/{id}';
  const as = (authorization: string) => ({ headers: { authorization } });
  const made = await client.POST(LIST, {
    ...as(tu),
    body: {
      description: 'No line', severity: 'Major', ticketType: 'Line', externalId: 'G-4',
      relatedParty: [{ id: 'redco', role: 'owner' }],
    },
  });
  const id: string = made.data!.id!;
  const told: unknown[] = [made.data!.status, made.data!.statusChange![0]!.status];
  const begun = await client.PATCH(ITEM, { ...as(to), params: { path: { id } }, body: { status: 'inProgress' } });
  told.push(begun.data!.status);
  const found = await client.GET(LIST, { ...as(tu), params: { query: { severity: 'Major', fields: 'externalId' } } });
  told.push(found.data!.map((ticket) => ticket.externalId), found.response.headers.get('x-total-count'));
  const refused = await client.PATCH(ITEM, { ...as(to), params: { path: { id } }, body: { status: 'closed' } });
  told.push(refused.error!.code, refused.error!['@type']);
  const missing = await client.GET(ITEM, { ...as(tu), params: { path: { id: 'RED-0' } } });
  told.push(missing.error!.status);
  return told;
}
`,
  v5: `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function journey(baseUrl: string, tu: string, to: string) {
  const client = createClient<paths>({ baseUrl });
  const LIST = '/tmf-api/troubleTicket/v5/troubleTicket';
  const ITEM = '/tmf-api/troubleTicket/v5/troubleTicket/{id}';
  const as = (authorization: string) => ({ headers: { authorization } });
  const made = await client.POST(LIST, {
    ...as(tu),
    body: {
      description: 'No line', severity: 'Major', ticketType: 'Line', status: 'inProgress',
      relatedParty: [{ role: 'owner', partyOrPartyRole: { id: 'redco', '@type': 'PartyRef' } }],
    },
  });
  const { id, href } = made.data!;
  const told: unknown[] = [made.data!.status, href.endsWith(id)];
  const path = { id };
  const done = await client.PATCH(ITEM, {
    ...as(to), params: { path, query: { fields: 'status' } }, body: { status: 'resolved', statusChangeReason: 'Set anew' },
  });
  told.push(Object.keys(done.data!).sort());
  const one = await client.GET(ITEM, { ...as(tu), params: { path } });
  told.push(one.data!.statusChangeHistory!.map((change) => change.statusChangeReason ?? null));
  const list = await client.GET(LIST, { ...as(tu), params: { query: { sort: '-lastUpdate', limit: 1 } } });
  told.push(list.data!.length);
  const specifications = await client.GET('/tmf-api/troubleTicket/v5/troubleTicketSpecification', as(tu));
  told.push(specifications.data!.map((specification) => specification.name));
  return told;
}
`,
};

/** Each of the last lines is wrong, and the compiler has to say so. */
const MISTAKES = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
const client = createClient<paths>({ baseUrl: '' });
const params = { path: { id: 'x' } };
client.GET('/tmf-api/troubleTicket/v5/tickets');
client.POST('/tmf-api/troubleTicket/v5/troubleTicket', { body: { description: 'x' } });
client.PATCH('/tmf-api/troubleTicket/v5/troubleTicket/{id}', { params, body: { status: 'done' } });
client.GET('/tmf-api/troubleTicket/v5/troubleTicket', { params: { query: { limit: 'all' } } });
`;

const clients = new Map<string, GeneratedClient>();
beforeAll(async () => {
  for (const [version, program] of Object.entries(PROGRAMS)) {
    const document = (await tmf.server.app.inject(`/docs/tmf621-${version}/openapi.json`)).json();
    clients.set(version, await generateClient(document, { 'journey.ts': program, 'mistakes.ts': MISTAKES }));
  }
}, 60_000);
afterAll(async () => {
  for (const client of clients.values()) await client.remove();
});

it.each([
  ['v4', ['acknowledged', 'acknowledged', 'inProgress', ['G-4'], '1', 'invalidTransition', 'Error', '404']],
  ['v5', ['inProgress', true, ['@type', 'href', 'id', 'status'], [null, 'Set anew'], 1, []]],
])(
  'a client made from the document of %s does the main journey',
  async (version, told) => {
    const client = clients.get(version) as GeneratedClient;
    expect(client.complaints('journey.ts')).toEqual([]);
    const url = tmf.server.app.server.listening
      ? `http://127.0.0.1:${(tmf.server.app.server.address() as { port: number }).port}`
      : await tmf.server.app.listen({ port: 0, host: '127.0.0.1' });
    const token = (id: string, party: string) => {
      const { actor } = tmf.server.as({ id, party });
      return `Bearer ${actor.account}.${actor.id}`;
    };
    const { journey } = await client.load('journey.ts');
    expect(await journey(url, token('tu', 'onivia'), token('to', 'redco'))).toEqual(told);
  },
  60_000,
);

it('its types know what the contract takes', () => {
  const complaints = (clients.get('v5') as GeneratedClient).complaints('mistakes.ts');
  const lines = complaints.map((complaint) => Number(complaint.split(':')[0]));
  expect(new Set(lines)).toEqual(new Set([5, 6, 7, 8]));
}, 60_000);
