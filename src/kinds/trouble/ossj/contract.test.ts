import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { type TestAnswer, useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { CLOSE_OUT, FULL_BODY, openTicket, PARTIES, transact } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const clock = createTestClock(NOW);
const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  clock,
  parties: PARTIES,
});

const clients = () => ({
  tu: server.as({ id: 'tu', name: 'Onivia desk', party: 'onivia' }),
  to: server.as({ id: 'to', name: 'Redco field', party: 'redco' }),
});

describe('creating', () => {
  it('answers 201 with the whole ticket, its place and its version', async () => {
    const { tu } = clients();
    const answer = await tu('POST', '/troubleTicket', FULL_BODY);
    const { owner, ...fields } = FULL_BODY;
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      ...fields,
      ticketId: 'RED-1',
      troubleDectectionTime: FULL_BODY.troubleDetectionTime,
      attachments: [],
      issuer: 'onivia',
      owner,
      role: 'TU',
      allowedTransactions: ['TU03', 'TU09', 'TU10'],
      createdAt: NOW,
      updatedAt: NOW,
      version: 1,
    });
    expect(answer.headers).toMatchObject({ location: '/troubleTicket/RED-1', etag: '"1"' });
    expect((await tu('GET', '/troubleTicket/RED-1')).body).toEqual(answer.body);
  });

  it('serves the same under /v1', async () => {
    const { tu } = clients();
    const answer = await tu('POST', '/v1/troubleTicket', { ...FULL_BODY, mirrorKey: 'V1' });
    expect(answer.headers.location).toBe(`/v1/troubleTicket/${answer.body.ticketId}`);
    expect((await tu('GET', `/v1/troubleTicket/${answer.body.ticketId}`)).body).toEqual(answer.body);
  });

  it('takes the other spellings of names, a count of clients in digits, and only the required fields', async () => {
    const { tu } = clients();
    const { troubleDetectionTime, clearencePerson: _, ...body } = FULL_BODY;
    const answer = await tu('POST', '/troubleTicket', {
      ...body,
      mirrorKey: 'SPELT',
      troubleDectectionTime: troubleDetectionTime,
      clearancePerson: 'Eva',
      customer: '12',
    });
    expect(answer.body).toMatchObject({ troubleDetectionTime, clearencePerson: 'Eva', customer: 12 });

    const least = await tu('POST', '/troubleTicket', {
      baseTroubleTicketState: 'OPENACTIVE',
      mirrorKey: 'LEAST',
      dialog: 'd',
      troubleType: 't',
      troubleDescription: 'x',
      troubleDetectionTime,
      preferredPriority: 1,
      troubledObject: 'o',
    });
    expect(least.status).toBe(201);
    expect(least.body).toMatchObject({ issuer: 'onivia', owner: 'default' });
    expect(least.body).not.toHaveProperty('customer');
  });

  it('names every fault of the body with its field', async () => {
    const { tu } = clients();
    const answer = await tu('POST', '/troubleTicket', {
      baseTroubleTicketState: 'CLEARED',
      mirrorKey: '',
      dialog: 'x'.repeat(4001),
      troubleType: 7,
      troubleDetectionTime: 'yesterday',
      preferredPriority: 4,
      customer: 'many',
      attachments: [{ content: '%%%', name: 'a.txt' }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('illegalArgument');
    const fields = answer.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(
      new Set([
        'baseTroubleTicketState',
        'mirrorKey',
        'dialog',
        'troubleType',
        'troubleDescription',
        'troubleDetectionTime',
        'preferredPriority',
        'troubledObject',
        'customer',
        'attachments.0.content',
        'attachments.0.mimeType',
      ]),
    );
  });

  it('refuses a mirror key that the issuer used before, and names the ticket that has it', async () => {
    const { tu } = clients();
    const id = await openTicket(tu, { mirrorKey: 'TWICE' });
    const answer = await tu('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'TWICE' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'duplicateMirrorKey', ticketId: id, errors: [] });
    const other = server.as({ party: 'stranger' });
    expect((await other('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'TWICE' })).status).toBe(201);
  });

  it('refuses an owner that the account does not know, and one party on both sides', async () => {
    const { tu } = clients();
    const unknownOwner = await tu('POST', '/troubleTicket', {
      ...FULL_BODY,
      mirrorKey: 'U',
      owner: 'nobody',
    });
    expect(unknownOwner).toMatchObject({ status: 403, body: { code: 'notAllowed' } });
    const both = await tu('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'U', owner: 'onivia' });
    expect(both).toMatchObject({ status: 400, body: { errors: [{ field: 'owner' }] } });
  });
});

describe('a transaction', () => {
  it('needs the three close-out fields for TO07 and ignores them elsewhere', async () => {
    const { tu, to } = clients();
    const id = await openTicket(tu);
    const path = `/troubleTicket/${id}`;
    const bare = await to('PUT', path, { dialog: 'Done', baseTroubleTicketState: 'CLEARED' });
    expect(bare.status).toBe(400);
    expect(bare.body.errors.map(({ field }: { field: string }) => field)).toEqual(Object.keys(CLOSE_OUT));
    const note = await tu('PATCH', path, { dialog: 'Any news?', ...CLOSE_OUT });
    expect(note.body).not.toHaveProperty('closeOutType');
    const done = await to('PUT', path, { dialog: 'Done', baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT });
    expect(done.body).toMatchObject({
      baseTroubleTicketState: 'CLEARED',
      dialog: 'Done',
      ...CLOSE_OUT,
      role: 'TO',
    });
    expect(done.body.allowedTransactions).toEqual(['TO11']);
  });

  it('always needs a dialog, and an id and mirror key that are the ticket’s own where they are given', async () => {
    const { tu } = clients();
    const id = await openTicket(tu, { mirrorKey: 'OWN' });
    const path = `/troubleTicket/${id}`;
    expect(await tu('PUT', path, {})).toMatchObject({ status: 400, body: { errors: [{ field: 'dialog' }] } });
    const wrongId = await tu('PUT', path, { dialog: 'x', ticketId: 'RED-0' });
    expect(wrongId).toMatchObject({ status: 400, body: { errors: [{ field: 'ticketId' }] } });
    const wrongKey = await tu('PUT', path, { dialog: 'x', mirrorKey: 'OTHER' });
    expect(wrongKey).toMatchObject({ status: 409, body: { code: 'mirrorKeyMismatch' } });
    expect((await tu('PUT', path, { dialog: 'x', ticketId: id, mirrorKey: 'OWN' })).status).toBe(200);
  });

  it('takes states with a double L', async () => {
    const { tu, to } = clients();
    const id = await openTicket(tu);
    await transact(to, id, { baseTroubleTicketState: 'DEFERRED.AWAITING-CANCELLATION' });
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED.CANCELLED' });
    expect((await tu('GET', `/troubleTicket/${id}`)).body.baseTroubleTicketState).toBe('CLOSED.CANCELED');
    const listed = await tu('GET', '/troubleTicket?baseTroubleTicketState=CLOSED.CANCELLED');
    expect(listed.body.troubleTickets.map(({ ticketId }: { ticketId: string }) => ticketId)).toContain(id);
  });

  it('that is not possible names the present state and what is allowed now', async () => {
    const { tu } = clients();
    const id = await openTicket(tu);
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED' });
    const answer = await tu('PUT', `/troubleTicket/${id}`, {
      dialog: 'x',
      baseTroubleTicketState: 'OPENACTIVE',
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'invalidTransition', baseTroubleTicketState: 'CLOSED', allowedTransactions: [] },
    });
  });

  it('on a ticket of others, or of another account, finds nothing', async () => {
    const { tu } = clients();
    const id = await openTicket(tu);
    for (const outsider of [
      server.as({ party: 'stranger' }),
      server.as({ account: 'other', party: 'onivia' }),
      server.as({ account: 'other', permissions: ['admin'] }),
    ]) {
      expect((await outsider('GET', `/troubleTicket/${id}`)).status).toBe(404);
      expect((await outsider('GET', `/troubleTicket/${id}/history`)).status).toBe(404);
      expect((await outsider('PUT', `/troubleTicket/${id}`, { dialog: 'x' })).status).toBe(404);
    }
  });

  it('with a stale If-Match gets 412, with the present one goes through', async () => {
    const { tu, to } = clients();
    const id = await openTicket(tu);
    await transact(to, id, {});
    const stale = await tu('PUT', `/troubleTicket/${id}`, { dialog: 'x' }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'versionMismatch' } });
    const fresh = await tu('PUT', `/troubleTicket/${id}`, { dialog: 'x' }, { 'if-match': '"2"' });
    expect(fresh).toMatchObject({ status: 200, headers: { etag: '"3"' } });
  });

  it('under an Idempotency-Key is done once, also when the ticket has moved on since', async () => {
    const { tu, to } = clients();
    const id = await openTicket(tu);
    const key = { 'idempotency-key': `"clear-${id}"` };
    const body = { dialog: 'Done', baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT };
    const first = await to('PUT', `/troubleTicket/${id}`, body, key);
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED' });
    const again = await to('PUT', `/troubleTicket/${id}`, body, key);
    expect(again.text).toBe(first.text);
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true', etag: '"2"' } });
    expect((await to('PUT', `/troubleTicket/${id}`, { ...body, dialog: 'Else' }, key)).status).toBe(422);
  });
});

describe('history', () => {
  it('tells who did what, oldest first', async () => {
    const { tu, to } = clients();
    const id = await openTicket(tu);
    await transact(to, id, { baseTroubleTicketState: 'DEFERRED.AWAITING-INFORMATION', dialog: 'Which ONT?' });
    await transact(tu, id, { baseTroubleTicketState: 'OPENACTIVE', dialog: 'The grey one.' });
    const answer = await to('GET', `/troubleTicket/${id}/history`);
    const at = NOW;
    expect(answer.body).toEqual({
      ticketId: id,
      history: [
        {
          code: 'TU01',
          role: 'TU',
          party: 'onivia',
          actor: 'Onivia desk',
          from: null,
          to: 'OPENACTIVE',
          dialog: FULL_BODY.dialog,
          at,
        },
        {
          code: 'TO05',
          role: 'TO',
          party: 'redco',
          actor: 'Redco field',
          from: 'OPENACTIVE',
          to: 'DEFERRED.AWAITING-INFORMATION',
          dialog: 'Which ONT?',
          at,
        },
        {
          code: 'TU06',
          role: 'TU',
          party: 'onivia',
          actor: 'Onivia desk',
          from: 'DEFERRED.AWAITING-INFORMATION',
          to: 'OPENACTIVE',
          dialog: 'The grey one.',
          at,
        },
      ],
    });
  });
});

describe('the list', () => {
  it('gives the caller’s tickets newest first, page by page, and filters them', async () => {
    const issuer = server.as({ account: 'other', party: 'onivia' });
    const resolver = server.as({ account: 'other', party: 'redco' });
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      ids.unshift(
        await openTicket(issuer, { preferredPriority: (n % 3) + 1, troubleType: n < 2 ? 'RARE' : 'USUAL' }),
      );
      clock.advance(1000);
    }
    const idsOf = (answer: { body: { troubleTickets: { ticketId: string }[] } }) =>
      answer.body.troubleTickets.map(({ ticketId }) => ticketId);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: TestAnswer = await issuer('GET', `/troubleTicket?limit=3${cursor && `&cursor=${cursor}`}`);
      if (page.status !== 200) throw new Error(page.text);
      seen.push(...idsOf(page));
      cursor = page.body.next;
    }
    expect(seen).toEqual(ids);
    expect(idsOf(await resolver('GET', '/troubleTicket'))).toEqual(ids);
    expect(idsOf(await resolver('GET', '/troubleTicket?role=TU'))).toEqual([]);
    expect(idsOf(await issuer('GET', '/troubleTicket?role=TU&troubleType=RARE'))).toEqual(ids.slice(5));
    expect(idsOf(await issuer('GET', '/troubleTicket?preferredPriority=1'))).toEqual([
      ids[0],
      ids[3],
      ids[6],
    ]);
    await transact(issuer, ids[6] ?? '', { baseTroubleTicketState: 'CLOSED' });
    expect(idsOf(await issuer('GET', '/troubleTicket?baseTroubleTicketState=CLOSED'))).toEqual([ids[6]]);
    const since = clock.now().toISOString();
    expect(idsOf(await issuer('GET', `/troubleTicket?updatedSince=${since}`))).toEqual([ids[6]]);
    const { mirrorKey } = (await issuer('GET', `/troubleTicket/${ids[2]}`)).body;
    expect(idsOf(await issuer('GET', `/troubleTicket?mirrorKey=${mirrorKey}`))).toEqual([ids[2]]);
    expect(idsOf(await server.as({ account: 'other', party: 'stranger' })('GET', '/troubleTicket'))).toEqual(
      [],
    );
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=abc',
    'baseTroubleTicketState=OPEN',
    'role=XX',
    'preferredPriority=9',
    'updatedSince=now',
  ])('refuses %s and names it', async (query) => {
    const answer = await clients().tu('GET', `/troubleTicket?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(query.split('=')[0]);
  });
});

describe('attachments', () => {
  it('come back byte by byte from their href, to those who see the ticket', async () => {
    const { tu, to } = clients();
    const content = Buffer.from('Log of the line\n\u0000\u00ff', 'latin1');
    const id = await openTicket(tu, {
      attachments: [{ content: content.toString('base64'), mimeType: 'text/plain', name: 'línea "1".txt' }],
    });
    const shown = (await to('GET', `/troubleTicket/${id}`)).body.attachments;
    expect(shown).toEqual([
      { name: 'línea "1".txt', mimeType: 'text/plain', size: content.length, href: expect.any(String) },
    ]);
    const file = await to('GET', shown[0].href);
    expect(file.status).toBe(200);
    expect(file.text).toBe(content.toString('utf8'));
    expect(file.headers['content-disposition']).toBe("attachment; filename*=UTF-8''l%C3%ADnea%20%221%22.txt");
    expect((await server.as({ party: 'stranger' })('GET', shown[0].href)).status).toBe(404);
    await transact(to, id, { attachments: [{ content: 'aGk', mimeType: 'text/plain', name: 'b.txt' }] });
    expect((await tu('GET', `/troubleTicket/${id}`)).body.attachments).toHaveLength(2);
  });

  it('may make a body larger than 1 MB; without them it may not', async () => {
    const { tu } = clients();
    const content = Buffer.alloc(2 * 1024 ** 2, 7).toString('base64');
    const id = await openTicket(tu, { attachments: [{ content, mimeType: 'image/png', name: 'a.png' }] });
    expect((await tu('GET', `/troubleTicket/${id}`)).body.attachments[0].size).toBe(2 * 1024 ** 2);
    const large = await tu('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey: 'L', filler: content });
    expect(large).toMatchObject({ status: 413, body: { code: 'payloadTooLarge' } });
    const inChunks = await server.app.inject({
      method: 'POST',
      url: '/troubleTicket',
      headers: {
        authorization: `Bearer default.${tu.actor.id}`,
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      },
      payload: Readable.from([JSON.stringify({ ...FULL_BODY, mirrorKey: 'L', filler: content })]),
    });
    expect([inChunks.statusCode, inChunks.json().code]).toEqual([413, 'payloadTooLarge']);
  });
});
