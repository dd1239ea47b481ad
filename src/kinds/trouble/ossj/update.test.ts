import { expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { CLOSE_OUT, openTicket, PARTIES, transact } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

const CLEARED = { baseTroubleTicketState: 'CLEARED' };
/** Close-out fields that no transaction could use. */
const USELESS = { closeOutType: '', closeOutNarr: null, serviceRestoredTime: 'yesterday' };

async function open() {
  const tu = server.as({ id: 'tu', party: 'onivia' });
  const to = server.as({ id: 'to', party: 'redco' });
  const id = await openTicket(tu);
  return { tu, to, id, path: `/troubleTicket/${id}` };
}

const placesOf = (body: { errors: { field: string }[] }) => body.errors.map(({ field }) => field).sort();

it.each([{}, { baseTroubleTicketState: 'OPENACTIVE' }])(
  'close-out fields are ignored, whatever they are, where no other state is asked for (%j)',
  async (state) => {
    const { tu, path } = await open();
    const { status, body } = await tu('PUT', path, { ...state, dialog: 'Any news?', ...USELESS });
    expect(status).toBe(200);
    for (const field of Object.keys(USELESS)) expect(body).not.toHaveProperty(field);
  },
);

it('close-out fields are ignored on a ticket that is cleared already, and stay what they are', async () => {
  const { tu, to, path, id } = await open();
  await transact(to, id, { ...CLEARED, ...CLOSE_OUT });
  for (const client of [tu, to]) {
    for (const closeOut of [{ serviceRestoredTime: 'yesterday' }, USELESS]) {
      const answer = await client('PUT', path, { ...CLEARED, dialog: 'x', ...closeOut });
      expect(answer).toMatchObject({ status: 200, body: CLOSE_OUT });
    }
  }
});

it('close-out fields are ignored where the other side alone may clear', async () => {
  const { tu, path } = await open();
  expect(await tu('PUT', path, { ...CLEARED, dialog: 'x', ...USELESS })).toMatchObject({
    status: 403,
    body: { code: 'notAllowed', errors: [] },
  });
});

it.each([
  [{ ...CLEARED }, ['closeOutNarr', 'closeOutType', 'dialog', 'serviceRestoredTime']],
  [{ ...CLEARED, dialog: 'x', closeOutNarr: 5 }, ['closeOutNarr', 'closeOutType', 'serviceRestoredTime']],
  [
    { ...CLEARED, ...CLOSE_OUT, closeOutType: '', dialog: 'x', ticketId: 'RED-0' },
    ['closeOutType', 'ticketId'],
  ],
  [{ ...CLEARED, dialog: 7, customer: 'many', ...CLOSE_OUT }, ['customer', 'dialog']],
  [{ ticketId: 'X' }, ['dialog', 'ticketId']],
  [{ ...USELESS, baseTroubleTicketState: 'OPEN' }, ['baseTroubleTicketState', 'dialog']],
  [{ baseTroubleTicketState: {}, ticketId: 5 }, ['baseTroubleTicketState', 'dialog', 'ticketId']],
])('the owner of an open ticket that sends %j is told every fault at once', async (body, places) => {
  const { to, tu, path, id } = await open();
  const answer = await to('PUT', path, body);
  expect([answer.status, answer.body.code]).toEqual([400, 'illegalArgument']);
  expect(placesOf(answer.body)).toEqual(places);
  expect((await tu('GET', `/troubleTicket/${id}/history`)).body.history).toHaveLength(1);
});

it('a faulty body for a ticket of others, or for a version that is gone, is answered as any other', async () => {
  const { tu, path } = await open();
  const stranger = server.as({ party: 'stranger' });
  expect((await stranger('PUT', path, {})).status).toBe(404);
  expect((await tu('PUT', path, {}, { 'if-match': '"7"' })).status).toBe(412);
});

it('a mirror key of any length that is not the ticket’s gets 409', async () => {
  const { tu, path } = await open();
  for (const mirrorKey of ['', 'OTHER', 'x'.repeat(256), 'x'.repeat(5000)]) {
    const answer = await tu('PUT', path, { dialog: 'x', mirrorKey });
    expect([answer.status, answer.body.code]).toEqual([409, 'mirrorKeyMismatch']);
  }
});

it('an update may be what was read, files and all, and adds the files that have a content', async () => {
  const { tu, path, id } = await open();
  const file = { content: 'aGk=', mimeType: 'text/plain', name: 'a.txt' };
  await transact(tu, id, { attachments: [file] });
  const read = (await tu('GET', path)).body;
  const again = await tu('PUT', path, read);
  expect(again.status).toBe(200);
  expect(again.body.attachments).toEqual(read.attachments);
  const more = await tu('PUT', path, {
    ...read,
    attachments: [...read.attachments, { ...file, name: 'b.txt' }],
  });
  expect(more.body.attachments.map(({ name }: { name: string }) => name)).toEqual(['a.txt', 'b.txt']);
  const content = { href: read.attachments[0].href, content: null };
  expect((await tu('PUT', path, { dialog: 'x', attachments: [content] })).status).toBe(200);
});

it('an item without a content that is none of the ticket’s files is a fault, in its own place', async () => {
  const { tu, path, id } = await open();
  await transact(tu, id, { attachments: [{ content: 'aGk=', mimeType: 'text/plain', name: 'a.txt' }] });
  const { attachments } = (await tu('GET', path)).body;
  const answer = await tu('PUT', path, {
    dialog: 'x',
    attachments: [attachments[0], { name: 'b.txt', content: '%' }, 'c'],
  });
  expect(placesOf(answer.body)).toEqual(['attachments.1.content', 'attachments.1.mimeType', 'attachments.2']);
});

it('null stands for what is left out, in any property of an update', async () => {
  const { tu, path } = await open();
  const read = (await tu('GET', path)).body;
  const names = ['baseTroubleTicketState', 'ticketId', 'mirrorKey', 'customer', 'attachments'];
  const nulls = Object.fromEntries([...names, ...Object.keys(CLOSE_OUT)].map((name) => [name, null]));
  const answer = await tu('PUT', path, { dialog: 'x', ...nulls });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...read,
    dialog: 'x',
    version: 2,
    updatedAt: expect.any(String),
  });
  expect(placesOf((await tu('PUT', path, { dialog: null })).body)).toEqual(['dialog']);
});
