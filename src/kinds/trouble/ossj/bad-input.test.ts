import { describe, expect, it } from 'vitest';
import { useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { FULL_BODY, openTicket, PARTIES } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  parties: PARTIES,
});

const issuer = () => server.as({ id: 'tu', party: 'onivia' });

const withText = (dialog: string) => JSON.stringify({ ...FULL_BODY, mirrorKey: 'BAD', dialog });
const withRaw = (name: string, raw: string) =>
  JSON.stringify({ ...FULL_BODY, mirrorKey: 'BAD' }).replace(/}$/, `,"${name}":${raw}}`);

/** What is sent, the status, and the field that is named. */
const BROKEN: Record<string, [body: string, status: number, field: string | null]> = {
  'malformed JSON': ['{"dialog": "x"', 400, null],
  'an empty body': ['', 400, ''],
  'a list instead of an object': ['[]', 400, ''],
  null: ['null', 400, ''],
  'a NUL character': [withText('a\u0000b'), 400, 'dialog'],
  'a lone surrogate': [withRaw('dialog', '"\\ud800"'), 400, 'dialog'],
  'a NUL character where nobody looks': [withRaw('unknown', '"\\u0000"'), 400, 'unknown'],
  'a number beyond 2^53': [withRaw('customer', '9007199254740993'), 400, 'customer'],
  'a number beyond all': [withRaw('customer', '1e999'), 400, 'customer'],
  'a fraction': [withRaw('preferredPriority', '1.5'), 400, 'preferredPriority'],
  'a text where a number belongs': [withRaw('preferredPriority', '"2"'), 400, 'preferredPriority'],
  'an object where a text belongs': [withRaw('dialog', '{}'), 400, 'dialog'],
  'a text that is too long': [withText('x'.repeat(4001)), 400, 'dialog'],
  'a moment that is none': [
    withRaw('troubleDetectionTime', '"2026-02-30T00:00:00Z"'),
    400,
    'troubleDetectionTime',
  ],
  'a file whose content is a million spaces and no base64': [
    withRaw('attachments', `[{"name":"a","mimeType":"text/plain","content":"${' '.repeat(1_000_000)}!"}]`),
    400,
    'attachments.0.content',
  ],
  'a file with a type that no header can carry': [
    withRaw('attachments', '[{"name":"a","mimeType":"text/plain; name=\u{1f4ce}","content":"YQ=="}]'),
    400,
    'attachments.0.mimeType',
  ],
  'nesting 10,000 levels deep': [withRaw('deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`), 400, ''],
};

/** An update ignores what only a create body has. */
function methodsFor(field: string | null): string[] {
  const onlyCreates = ['preferredPriority', 'troubleDetectionTime'].includes(field ?? '');
  return onlyCreates ? ['POST'] : ['POST', 'PUT', 'PATCH'];
}

describe.each(Object.entries(BROKEN))('a body with %s', (_name, [body, status, field]) => {
  it.each(methodsFor(field))(
    'is refused by %s in the contract’s format, and nothing is written',
    async (method) => {
      const tu = issuer();
      const id = await openTicket(tu);
      const before = await tu('GET', '/troubleTicket?limit=100');
      const answer = await tu(method, method === 'POST' ? '/troubleTicket' : `/troubleTicket/${id}`, body);
      // A PUT ignores what only a create body has.
      const ignored =
        method !== 'POST' && ['preferredPriority', 'troubleDetectionTime'].includes(field ?? '');
      if (ignored) return;
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({
        code: 'illegalArgument',
        message: expect.any(String),
        errors: expect.any(Array),
      });
      if (field !== null) {
        expect(answer.body.errors.map((fault: { field: string }) => fault.field)).toContain(field);
      }
      expect((await tu('GET', '/troubleTicket?limit=100')).text).toBe(before.text);
    },
  );
});

it.each([
  ['text/plain', 415],
  ['application/xml', 415],
  ['multipart/form-data', 415],
  ['application/json; charset=utf-8', 201],
])('a body of type %s gets %i', async (type, status) => {
  const body = JSON.stringify({ ...FULL_BODY, mirrorKey: `TYPE-${type}` });
  expect((await issuer()('POST', '/troubleTicket', body, { 'content-type': type })).status).toBe(status);
});

it.each([
  ['GET', '/troubleTicket/RED-99999', 404],
  ['GET', '/troubleTicket/../etc/passwd', 404],
  ['GET', '/troubleTicket/%00', 400],
  ['GET', '/troubleTicket/%ZZ', 400],
  ['GET', `/troubleTicket/${'x'.repeat(500)}`, 404],
  ['GET', `/troubleTicket/RED-${'1'.repeat(57)}/history`, 404],
  ['GET', '/troubleTicket/', 404],
  ['GET', "/troubleTicket/RED-1'--", 404],
  ['GET', '/troubleTicket/RED-99999999999999999999', 404],
  ['DELETE', '/troubleTicket/RED-1', 404],
  ['POST', '/troubleTicket/RED-1', 404],
  ['GET', '/troubleTicket/RED-1/nothing', 404],
  ['GET', '/troubleTicket/RED-1/attachments/x', 400],
])('%s %s answers %i in the contract’s format', async (method, url, status) => {
  const answer = await issuer()(method, url);
  expect(answer.status).toBe(status);
  if (url.includes('..')) return;
  expect(answer.body).toMatchObject({
    code: expect.any(String),
    message: expect.any(String),
    errors: expect.any(Array),
  });
});

it('updatedSince may be the first moment of all', async () => {
  const tu = issuer();
  const id = await openTicket(tu);
  const answer = await tu('GET', '/troubleTicket?limit=1&updatedSince=0001-01-01T00:00:00Z');
  expect([answer.status, answer.body.troubleTickets[0].ticketId]).toEqual([200, id]);
});

const fileOf = (content: string) => [{ name: 'a.txt', mimeType: 'text/plain', content }];

it.each([
  'A',
  'aGVsb',
  '=',
  '==',
  '===',
  'A=',
  'A==',
  'aGVsbG8==',
  'aGVsbA=',
  'aGVs=',
  'aGVs==',
  'aG=Vs',
  'aGVs\n=',
])('a file whose content is %j has lost bytes or is no base64', async (content) => {
  const tu = issuer();
  const path = `/troubleTicket/${await openTicket(tu)}`;
  for (const [method, url] of [
    ['POST', '/troubleTicket'],
    ['PUT', path],
  ] as const) {
    const body = { ...FULL_BODY, mirrorKey: 'B64', attachments: fileOf(content) };
    const answer = await tu(
      method,
      url,
      method === 'POST' ? body : { dialog: 'x', attachments: fileOf(content) },
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'attachments.0.content',
    ]);
  }
});

it.each([
  ['', 0],
  ['aA==', 1],
  ['aA', 1],
  ['aGk=', 2],
  ['aGVs', 3],
  ['aGVs\r\nbG8=\r\n', 5],
  [' a G V s b G 8 ', 5],
])('a file whose content is %j has %i bytes', async (content, size) => {
  const tu = issuer();
  const id = await openTicket(tu, { attachments: fileOf(content) });
  expect((await tu('GET', `/troubleTicket/${id}`)).body.attachments).toMatchObject([{ size }]);
});

it('a file of many megabytes is checked in the time of its length', async () => {
  const tu = issuer();
  const lines = `${'QUJD'.repeat(19)}\r\n`.repeat(200_000);
  const whole = await tu('POST', '/troubleTicket', {
    ...FULL_BODY,
    mirrorKey: 'LONG',
    attachments: fileOf(lines),
  });
  expect(whole.body.attachments).toMatchObject([{ size: 200_000 * 57 }]);
  const odd = await tu('POST', '/troubleTicket', {
    ...FULL_BODY,
    mirrorKey: 'ODD',
    attachments: fileOf(`${lines}A`),
  });
  expect(odd.status).toBe(400);
}, 20_000);

it('a missing credential and a wrong one get 401 with the way to authenticate', async () => {
  for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
    const answer = await server.app.inject({ method: 'POST', url: '/troubleTicket', headers, payload: '{' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.json()).toEqual({ code: 'unauthorized', message: expect.any(String), errors: [] });
  }
});

it('what looks like a prototype does no harm and is not stored', async () => {
  const body = withRaw('__proto__', '{"polluted":true}').replace('"BAD"', '"PROTO"');
  const answer = await issuer()('POST', '/troubleTicket', body);
  expect(answer.status).toBe(201);
  expect(answer.body).not.toHaveProperty('polluted');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
