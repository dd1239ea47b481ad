import { describe, expect, it } from 'vitest';
import { readTimeline } from '../../../store/log.ts';
import { bodyFor, checked, open, useTmf, VERSIONS } from './fixture/tmf-server.ts';

const tmf = useTmf();

describe.each(VERSIONS)('in %s', (version) => {
  const operations: [string, string, unknown?][] = [
    ['GET', '/troubleTicket'],
    ['POST', '/troubleTicket', {}],
    ['GET', '/troubleTicket/RED-1'],
    ['PATCH', '/troubleTicket/RED-1', {}],
    ['DELETE', '/troubleTicket/RED-1'],
    ['POST', '/hub', {}],
    ['DELETE', '/hub/0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a'],
    ...(version === 'v5'
      ? ([
          ['GET', '/hub/0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a'],
          ['GET', '/troubleTicketSpecification'],
          ['POST', '/troubleTicketSpecification', {}],
          ['GET', '/troubleTicketSpecification/1'],
          ['PATCH', '/troubleTicketSpecification/1', {}],
          ['DELETE', '/troubleTicketSpecification/1'],
        ] as [string, string, unknown?][])
      : []),
  ];

  it.each(operations)('%s %s asks for a credential', async (method, path, body) => {
    const nobody = checked(version, tmf.server.as({ id: 'nobody', party: 'onivia' }));
    const answer = await nobody(method, path, body, { authorization: 'Bearer wrong' });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.body).toEqual({
      code: 'unauthenticated',
      reason: 'The credential is missing, expired or not valid.',
      message: 'The credential is missing, expired or not valid.',
      status: '401',
      referenceError: 'urn:tessera:error:unauthenticated',
      '@type': 'Error',
    });
  });

  it('what is not served, or cannot be read, is said in this contract’s words', async () => {
    const tu = tmf.tu(version);
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['PUT', '/troubleTicket/RED-1'],
      ['DELETE', '/troubleTicket'],
      ['POST', '/listener/troubleTicketCreateEvent'],
    ] as const) {
      expect((await tu(method, path)).body).toMatchObject({ code: 'notFound', status: '404' });
    }
    expect((await tu('POST', '/troubleTicket', '{"a":')).body).toMatchObject({ code: 'malformedBody' });
    expect((await tu('POST', '/troubleTicket', 'a=1', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await tu('GET', '/troubleTicket/%ff')).status).toBe(400);
  });

  it('another account’s tickets and other parties’ are not there', async () => {
    const id = await open(tmf.tu(version), version);
    const elsewhere = checked(version, tmf.server.as({ account: 'other', party: 'onivia' }));
    const stranger = checked(version, tmf.server.as({ party: 'stranger' }));
    for (const client of [elsewhere, stranger]) {
      expect((await client('GET', `/troubleTicket/${id}`)).status).toBe(404);
      expect((await client('PATCH', `/troubleTicket/${id}`, { name: 'x' })).status).toBe(404);
      expect((await client('GET', `/troubleTicket?id=${id}`)).body).toEqual([]);
    }
  });

  it('a party that the account does not know is let into nothing', async () => {
    const unknown = checked(version, tmf.server.as({ party: 'unheard-of' }));
    for (const [method, path, body] of [
      ['GET', '/troubleTicket', undefined],
      ['GET', '/troubleTicket/RED-1', undefined],
      ['POST', '/troubleTicket', '{"a":'],
      ['POST', '/hub', { callback: 'https://example.com/' }],
    ] as const) {
      const answer = await unknown(method, path, body);
      expect(answer).toMatchObject({ status: 403, body: { code: 'unknownParty' } });
    }
  });

  it('erases a ticket for the account’s own staff, with all that it held', async () => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const path = `/troubleTicket/${id}`;
    const ticket = await tmf.server.store.load('default', { key: id });
    expect((await tu('DELETE', path)).status).toBe(403);
    const partner = checked(version, tmf.server.as({ party: 'onivia', permissions: ['tickets.delete'] }));
    expect((await partner('DELETE', path)).status).toBe(403);
    const staff = tmf.staff(version, ['tickets.read', 'tickets.delete']);
    expect((await staff('DELETE', path, undefined, { 'if-match': '"7"' })).status).toBe(412);
    expect(await staff('DELETE', path)).toMatchObject({ status: 204, text: '' });
    expect((await staff('DELETE', path)).status).toBe(404);
    expect((await tu('GET', path)).status).toBe(404);
    expect(await readTimeline(tmf.server.store.sql, 'default', ticket?.id ?? '', 0, 10)).toEqual([]);
  });

  const deep = '['.repeat(300) + ']'.repeat(300);
  it.each([
    ['NUL', JSON.stringify(bodyFor(version, { name: 'a\u0000b' })), '/name'],
    ['a lone surrogate', JSON.stringify(bodyFor(version)).replace('Complaint', '\\ud800'), '/name'],
    ['deep nesting', `{"note":${deep}}`, ''],
    ['a list for an object', '[]', ''],
    ['null', 'null', ''],
    [
      'a number that no double holds',
      '{"attachment":[{"size":{"amount":1e999}}]}',
      '/attachment/0/size/amount',
    ],
    ['a wrong file', '{"attachment":[{"content":"%%%"}]}', '/attachment/0/content'],
    [
      'a wrong media type',
      '{"attachment":[{"content":"aGk=","mimeType":"a\\nb"}]}',
      '/attachment/0/mimeType',
    ],
    [
      'a detail that OSS/J would not take',
      JSON.stringify(
        bodyFor(version, {
          relatedEntity:
            version === 'v4'
              ? [{ role: 'customer', id: 'many', '@referredType': 'x' }]
              : [
                  {
                    role: 'customer',
                    entity: { id: 'many', '@type': 'EntityRef' },
                    '@type': 'RelatedEntity',
                  },
                ],
        }),
      ),
      '/relatedEntity/0',
    ],
  ])('refuses %s in a body and writes nothing', async (_, body, pointer) => {
    const tu = tmf.tu(version);
    const before = (await tu('GET', '/troubleTicket')).headers['x-total-count'];
    const answer = await tu('POST', '/troubleTicket', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
    expect((await tu('GET', '/troubleTicket')).headers['x-total-count']).toBe(before);
  });

  it('keeps files larger than 1 MB, and nothing else of that size', async () => {
    const tu = tmf.tu(version);
    const content = Buffer.alloc(2 * 1024 ** 2, 7).toString('base64');
    const file = { content, name: 'a.png', mimeType: 'image/png', '@type': 'Attachment' };
    const made = await tu('POST', '/troubleTicket', bodyFor(version, { attachment: [file] }));
    expect(made).toMatchObject({ status: 201, body: { attachment: [{ size: { amount: 2 * 1024 ** 2 } }] } });
    const note = Array.from({ length: 200 }, () => ({ text: 'x'.repeat(10_000), '@type': 'Note' }));
    const bulky = await tu('POST', '/troubleTicket', bodyFor(version, { note }));
    expect(bulky).toMatchObject({ status: 400, body: { errors: [{ pointer: '' }] } });
  });

  it('takes names that are properties of every object for nothing', async () => {
    const tu = tmf.tu(version);
    const body = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(bodyFor(version)).slice(1)}`;
    const made = await tu('POST', '/troubleTicket', body);
    expect(made.status).toBe(201);
    const path = `/troubleTicket/${made.body.id}`;
    const patch = await tu('PATCH', path, '{"__proto__":{"polluted":1},"constructor":null,"toString":1}');
    expect(patch).toMatchObject({ status: 200, body: made.body });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await tu('GET', `${path}?fields=__proto__,constructor`)).status).toBe(200);
  });
});
