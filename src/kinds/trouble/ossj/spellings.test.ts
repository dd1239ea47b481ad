import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { FULL_BODY, PARTIES } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

const { troubleDetectionTime, clearencePerson: _, ...BODY } = FULL_BODY;

const issuer = () => server.as({ id: 'tu', party: 'onivia' });
const create = (body: Record<string, unknown>) => issuer()('POST', '/troubleTicket', body);

it.each([
  [{ troubleDectectionTime: 'yesterday' }, ['troubleDectectionTime']],
  [{ troubleDetectionTime: 'yesterday' }, ['troubleDetectionTime']],
  [{}, ['troubleDetectionTime']],
  [{ troubleDectectionTime: null }, ['troubleDetectionTime']],
  [{ troubleDetectionTime, clearancePerson: 5 }, ['clearancePerson']],
  [{ troubleDetectionTime, clearencePerson: 5 }, ['clearencePerson']],
])('a fault in %j is told where the client wrote it', async (fields, places) => {
  const { status, body } = await create({ ...BODY, mirrorKey: 'PLACES', ...fields });
  expect(status).toBe(400);
  expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(places);
});

it('of two spellings the published one counts', async () => {
  const made = await create({
    ...BODY,
    mirrorKey: 'BOTH',
    troubleDetectionTime,
    troubleDectectionTime: '2020-01-01T00:00:00Z',
    clearencePerson: 'Ana',
    clearancePerson: 'Eva',
  });
  expect(made).toMatchObject({ status: 201, body: { troubleDetectionTime, clearencePerson: 'Ana' } });
});

it('null stands for what is left out, in any property that may be', async () => {
  const required = new Set([
    'baseTroubleTicketState',
    'mirrorKey',
    'dialog',
    'troubleType',
    'troubleDescription',
    'troubleDetectionTime',
    'preferredPriority',
    'troubledObject',
  ]);
  const body = Object.fromEntries(
    Object.entries({
      ...FULL_BODY,
      clearancePerson: null,
      troubleDectectionTime: null,
      attachments: null,
    }).map(([name, value]) => [name, required.has(name) ? value : null]),
  );
  const made = await create({ ...body, mirrorKey: 'NULLS' });
  expect(made).toMatchObject({ status: 201, body: { owner: 'default', attachments: [] } });
  expect(Object.values(made.body)).not.toContain(null);
  const refused = await create({ ...body, mirrorKey: null, dialog: null });
  expect(refused.body.errors).toEqual([
    { field: 'mirrorKey', message: 'is required' },
    { field: 'dialog', message: 'is required' },
  ]);
});

it('the document lets through what the server takes', async () => {
  const document = (await server.app.inject('/docs/trouble/openapi.json')).json();
  const schemaOf = (path: string, method: string) =>
    new Ajv2020({ strict: false, validateFormats: false }).compile(
      document.paths[path][method].requestBody.content['application/json'].schema,
    );
  const ofCreate = schemaOf('/troubleTicket', 'post');
  for (const body of [
    FULL_BODY,
    { ...BODY, troubleDectectionTime: troubleDetectionTime, clearancePerson: 'Eva', homeId: null },
  ]) {
    expect(ofCreate(body), JSON.stringify(ofCreate.errors)).toBe(true);
  }
  expect(ofCreate(BODY)).toBe(false);

  const ofUpdate = schemaOf('/troubleTicket/{ticketId}', 'put');
  const file = { name: 'a.txt', mimeType: 'text/plain', size: 2, href: '/somewhere' };
  for (const body of [
    { dialog: 'x', baseTroubleTicketState: 'CLOSED.CANCELLED', mirrorKey: null },
    { dialog: 'x', baseTroubleTicketState: 'DEFERRED.AWAITING-CANCELLATION' },
    { dialog: 'x', attachments: [file], closeOutType: '', serviceRestoredTime: 'yesterday' },
  ]) {
    expect(ofUpdate(body), JSON.stringify(ofUpdate.errors)).toBe(true);
  }
  expect(ofUpdate({ dialog: 'x', attachments: [{ name: 'a.txt' }] })).toBe(false);
});

it('the document says what a file and a write are answered with', async () => {
  const { paths } = (await server.app.inject('/docs/trouble/openapi.json')).json();
  const file = paths['/troubleTicket/{ticketId}/attachments/{attachmentId}'].get.responses['200'];
  expect(file.content).toEqual({ '*/*': { schema: { type: 'string', format: 'binary' } } });
  const made = paths['/troubleTicket'].post.responses['201'];
  expect(made.description).toBe('What was made.');
  expect(Object.keys(made.headers)).toEqual(['ETag', 'Location', 'Idempotency-Replayed']);
});
