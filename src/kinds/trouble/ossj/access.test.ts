import { describe, expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { ensureParty } from '../../../store/accounts.ts';
import { troubleKind } from '../kind.ts';
import { FULL_BODY, openTicket, PARTIES } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

/** What a caller may ask for, with the ticket's key in place of `:id`. */
const OPERATIONS: [method: string, url: string, body?: unknown][] = [
  ['POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'NEW' }],
  ['POST', '/troubleTicket', {}],
  ['POST', '/troubleTicket', '{'],
  ['GET', '/troubleTicket'],
  ['GET', '/troubleTicket?limit=0'],
  ['GET', '/v1/troubleTicket'],
  ['GET', '/troubleTicket/transactions'],
  ['GET', '/troubleTicket/:id'],
  ['GET', '/troubleTicket/:id/history'],
  ['GET', '/troubleTicket/:id/attachments/0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a'],
  ['PUT', '/troubleTicket/:id', { dialog: 'x' }],
  ['PATCH', '/troubleTicket/:id', {}],
];

describe('a party that the account does not know', () => {
  it.each(OPERATIONS)('gets 403 for %s %s', async (method, url, body) => {
    const id = await openTicket(server.as({ id: 'tu', party: 'onivia' }));
    const ghost = server.as({ id: 'ghost', party: 'ghost' });
    const answer = await ghost(method, url.replace(':id', id), body);
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'notAllowed', message: 'The party ghost is not known to this account.', errors: [] },
    });
  });

  it('is let in as soon as the account knows it', async () => {
    const late = server.as({ party: 'latecomer' });
    expect((await late('GET', '/troubleTicket')).status).toBe(403);
    await ensureParty(server.store.sql, 'default', { key: 'latecomer', name: 'Latecomer' });
    expect((await late('GET', '/troubleTicket')).status).toBe(200);
  });
});

describe('the account’s own staff', () => {
  it('acts for the account’s own party with trouble.operate, and for none without', async () => {
    const staff = server.as({ permissions: ['trouble.operate'] });
    const made = await staff('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'STAFF' });
    expect(made).toMatchObject({ status: 201, body: { issuer: 'default', owner: 'redco', role: 'TU' } });
    const guest = server.as({});
    expect((await guest('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'G' })).status).toBe(403);
    expect((await guest('GET', '/troubleTicket')).status).toBe(403);
    expect((await guest('GET', `/troubleTicket/${made.body.ticketId}`)).status).toBe(404);
  });

  it.each([{}, { ...FULL_BODY, dialog: '' }, '{', ''])(
    'without the permission is refused before its body is looked at (%j)',
    async (body) => {
      expect(await server.as({})('POST', '/troubleTicket', body)).toMatchObject({
        status: 403,
        body: { code: 'notAllowed', errors: [] },
      });
    },
  );
});
