import { describe, expect, it } from 'vitest';
import { writeSetting } from '../../../store/accounts.ts';
import { LENIENT_STATUS_SETTING } from '../workflow.ts';
import { BASES, bodyFor, party, START, TICKET, useTmf, VERSIONS } from './fixture/tmf-server.ts';

const tmf = useTmf();

it('answers 201 with the whole ticket, its place and its version, in version 4', async () => {
  const tu = tmf.tu('v4');
  const answer = await tu('POST', '/troubleTicket', bodyFor('v4', { externalId: 'ONV-1' }));
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    ...TICKET,
    id: 'RED-1',
    href: '/tmf-api/troubleTicket/v4/troubleTicket/RED-1',
    externalId: 'ONV-1',
    status: 'acknowledged',
    statusChangeDate: START,
    creationDate: START,
    lastUpdate: START,
    relatedParty: [party('v4', 'issuer', 'onivia'), party('v4', 'owner', 'redco')],
    statusChange: [{ status: 'acknowledged', changeDate: START, '@type': 'StatusChange' }],
    '@type': 'TroubleTicket',
  });
  expect(answer.headers).toMatchObject({ location: answer.body.href, etag: '"1"' });
  expect((await tu('GET', '/troubleTicket/RED-1')).body).toEqual(answer.body);
});

it('answers 201 with the whole ticket in version 5', async () => {
  const tu = tmf.tu('v5');
  const more = {
    status: 'inProgress',
    externalIdentifier: [
      { id: 'ONV-2', owner: 'Onivia', externalIdentifierType: 'ticket', '@type': 'ExternalIdentifier' },
      { id: 'CRM-9', '@type': 'ExternalIdentifier' },
    ],
    relatedEntity: [
      {
        role: 'disputedBill',
        entity: { id: '3472', name: 'March', '@type': 'EntityRef', '@referredType': 'CustomerBill' },
        '@type': 'RelatedEntity',
      },
    ],
    attachment: [
      {
        id: '34345',
        name: 'Bill',
        attachmentType: 'billCopy',
        mimeType: 'image/png',
        url: 'https://x.example/1',
        '@type': 'Attachment',
      },
      {
        id: '7',
        name: 'Another',
        url: 'https://x.example/2',
        '@type': 'AttachmentRef',
        '@referredType': 'Document',
      },
    ],
    troubleTicketSpecification: {
      id: '1',
      name: 'Dispute',
      version: '2',
      '@type': 'TroubleTicketSpecificationRef',
    },
    troubleTicketCharacteristic: [
      { id: '1', name: 'amount', value: 12.5, valueType: 'number', '@type': 'NumberCharacteristic' },
      { name: 'lines', value: ['a', 'b'], '@type': 'StringArrayCharacteristic' },
    ],
  };
  const answer = await tu('POST', '/troubleTicket', bodyFor('v5', more));
  expect(answer.status).toBe(201);
  const { id } = answer.body;
  expect(answer.body).toEqual({
    ...TICKET,
    ...more,
    id,
    href: `${BASES.v5}/troubleTicket/${id}`,
    statusChangeDate: START,
    creationDate: START,
    lastUpdate: START,
    relatedParty: [party('v5', 'issuer', 'onivia'), party('v5', 'owner', 'redco')],
    statusChangeHistory: [{ status: 'inProgress', statusChangeDate: START, '@type': 'StatusChange' }],
    '@type': 'TroubleTicket',
  });
  expect((await tu('GET', `/troubleTicket/${id}`)).body).toEqual(answer.body);
});

describe.each(VERSIONS)('creating in %s', (version) => {
  it('needs a description, a severity and a type, and names every fault', async () => {
    const answer = await tmf.tu(version)('POST', '/troubleTicket', {
      priority: 7,
      note: [{ text: 1 }],
      resolutionDate: 'soon',
      channel: {},
    });
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set([
        '/description',
        '/severity',
        '/ticketType',
        '/priority',
        '/note/0/text',
        '/resolutionDate',
        '/channel/id',
      ]),
    );
    expect(answer.body).toMatchObject({ code: 'invalidRequest', status: '400', '@type': 'Error' });
  });

  it('takes the three alone: the account resolves it, and the priority is the severity’s', async () => {
    const answer = await tmf.tu(version)('POST', '/troubleTicket', {
      description: 'No line',
      severity: 'Critical',
      ticketType: 'Line',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { severity: 'Critical', priority: 'High', status: 'acknowledged' },
    });
    const ossj = tmf.server.as({ id: 'tu', party: 'onivia' });
    expect((await ossj('GET', `/troubleTicket/${answer.body.id}`)).body).toMatchObject({
      owner: 'default',
      preferredPriority: 1,
    });
  });

  it('begins as acknowledged or in progress, and refuses every other status', async () => {
    const tu = tmf.tu(version);
    for (const status of ['resolved', 'closed', 'nanana', '']) {
      const answer = await tu('POST', '/troubleTicket', bodyFor(version, { status }));
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].pointer).toBe('/status');
    }
  });

  it('takes an unknown status as acknowledged where the account is lenient, but no later status', async () => {
    await writeSetting(tmf.server.store.sql, 'default', LENIENT_STATUS_SETTING, 'true');
    tmf.clock.advance(1000);
    const tu = tmf.tu(version);
    const answer = await tu('POST', '/troubleTicket', bodyFor(version, { status: 'nanana' }));
    expect(answer).toMatchObject({ status: 201, body: { status: 'acknowledged' } });
    expect((await tu('POST', '/troubleTicket', bodyFor(version, { status: 'resolved' }))).status).toBe(400);
    await writeSetting(tmf.server.store.sql, 'default', LENIENT_STATUS_SETTING, null);
    tmf.clock.advance(1000);
  });

  it('keeps an external identifier for one ticket of the issuer', async () => {
    const id = `${version}-TWICE`;
    const more =
      version === 'v4' ? { externalId: id } : { externalIdentifier: [{ id, '@type': 'ExternalIdentifier' }] };
    const tu = tmf.tu(version);
    const first = await tu('POST', '/troubleTicket', bodyFor(version, more));
    const second = await tu('POST', '/troubleTicket', bodyFor(version, more));
    expect(second.status).toBe(409);
    expect(second.body.message).toBe(`The ticket ${first.body.id} has this external identifier already.`);
  });

  it('refuses another issuer, an unknown owner, and one party on both sides', async () => {
    const tu = tmf.tu(version);
    const send = (...parties: unknown[]) =>
      tu('POST', '/troubleTicket', bodyFor(version, { relatedParty: parties }));
    expect((await send(party(version, 'issuer', 'redco'))).body.errors).toEqual([
      { pointer: '/relatedParty/0', message: 'the issuer of this ticket is onivia' },
    ]);
    expect((await send(party(version, 'owner', 'nobody'))).status).toBe(403);
    expect((await send(party(version, 'owner', 'onivia'))).status).toBe(400);
  });

  it('lets staff with trouble.operate act for the account’s own party, and nobody else without a party', async () => {
    const made = await tmf.staff(version)('POST', '/troubleTicket', bodyFor(version));
    expect(made.status).toBe(201);
    expect(made.body.relatedParty[0]).toEqual(party(version, 'issuer', 'default'));
    const guest = tmf.staff(version, []);
    expect((await guest('POST', '/troubleTicket', bodyFor(version))).status).toBe(403);
    expect((await guest('GET', '/troubleTicket')).status).toBe(403);
    expect((await guest('GET', `/troubleTicket/${made.body.id}`)).status).toBe(404);
  });

  it('keeps files, which are read where their url leads', async () => {
    const content = Buffer.from('Log of the line').toString('base64');
    const tu = tmf.tu(version);
    const answer = await tu(
      'POST',
      '/troubleTicket',
      bodyFor(version, {
        attachment: [
          {
            content,
            name: 'olt.log',
            mimeType: 'text/plain',
            attachmentType: 'log',
            description: 'Yesterday',
            '@type': 'Attachment',
          },
        ],
      }),
    );
    expect(answer.body.attachment).toEqual([
      {
        id: expect.any(String),
        name: 'olt.log',
        mimeType: 'text/plain',
        attachmentType: 'log',
        description: 'Yesterday',
        size: { amount: 15, units: 'bytes' },
        url: expect.any(String),
        '@type': 'Attachment',
      },
    ]);
    const ossj = tmf.server.as({ id: 'to', party: 'redco' });
    expect((await ossj('GET', answer.body.attachment[0].url)).text).toBe('Log of the line');
  });

  it('gives the first answer again under the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': `${version}-once` };
    const tu = tmf.tu(version);
    const first = await tu('POST', '/troubleTicket', bodyFor(version), headers);
    const again = await tu('POST', '/troubleTicket', bodyFor(version), headers);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await tu('POST', '/troubleTicket', bodyFor(version, { name: 'x' }), headers)).status).toBe(422);
  });
});
