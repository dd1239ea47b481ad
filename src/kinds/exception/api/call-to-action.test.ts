import { describe, expect, it } from 'vitest';
import { BASE, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const URL = `${BASE}/callToActions`;
const send = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
  exceptions.partner()(method, url, body, headers);

let made = 0;
const action = (more: Record<string, unknown> = {}) => {
  made += 1;
  return {
    exceptionTypeIdentifier: `TYPE_${made}`,
    templateForDayside: 'Please provide ETA within 2 hours',
    templateForAfterHours: 'Please provide ETA by {{ now | date: "%H:%M" }}',
    templateForWestpark: 'Westpark: work item {{ authorizationNumber }}',
    tbsWorkItemRequestType: 1,
    priority: 10,
    ...more,
  };
};
async function make(more: Record<string, unknown> = {}) {
  const answer = await send('POST', URL, action(more));
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('a call to action', () => {
  it('is made, of a type that nobody knows, and is found where its Location says', async () => {
    const body = action({ exceptionTypeIdentifier: 'NEW_EXCEPTION_TYPE' });
    const answer = await send('POST', URL, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: expect.any(Number), ...body });
    expect(answer.headers.location).toBe(`${URL}/${answer.body.id}`);
    const found = await send('GET', String(answer.headers.location));
    expect([found.status, found.body]).toEqual([200, answer.body]);
  });

  it('is listed with all others', async () => {
    const one = await make();
    const two = await make();
    const { body } = await send('GET', URL);
    expect(Object.keys(body)).toEqual(['callToActions']);
    expect(body.callToActions).toEqual(expect.arrayContaining([one, two]));
    expect((await send('GET', `${URL}/callToActions`)).body).toEqual(body);
    expect((await exceptions.partner('other')('GET', URL)).body).toEqual({ callToActions: [] });
  });

  it('is changed by what is given; identifier and request type never change', async () => {
    const before = await make();
    const change = {
      templateForDayside: 'Updated template',
      priority: 8,
      templateForWestpark: null,
      exceptionTypeIdentifier: 'OTHER',
      tbsWorkItemRequestType: 99,
      id: 12345,
    };
    const answer = await send('PATCH', `${URL}/${before.id}`, change);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await send('GET', `${URL}/${before.id}`)).body).toEqual({
      ...before,
      templateForDayside: 'Updated template',
      priority: 8,
    });
    expect((await send('PATCH', `${URL}/${before.id}`, {})).status).toBe(204);
  });

  it('is one for each identifier and request type', async () => {
    const first = await make();
    const { exceptionTypeIdentifier } = first;
    const again = await send('POST', URL, action({ exceptionTypeIdentifier, priority: 1 }));
    const message = `has a call to action for ${exceptionTypeIdentifier} with the request type 1 already`;
    expect(again.status).toBe(400);
    expect(again.body).toEqual(
      refused('ValidationFailed', expect.any(String), {
        exceptionTypeIdentifier: [message],
        tbsWorkItemRequestType: [message],
      }),
    );
    await make({ exceptionTypeIdentifier, tbsWorkItemRequestType: 2 });
    await make({ exceptionTypeIdentifier, tbsWorkItemRequestType: null });
    const third = await send('POST', URL, action({ exceptionTypeIdentifier, tbsWorkItemRequestType: null }));
    expect(third.status).toBe(400);
  });

  it('made many times at once is made once', async () => {
    const body = action();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('POST', URL, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400, 400]);
  });

  it('is made once for an Idempotency-Key', async () => {
    const body = action();
    const first = await send('POST', URL, body, { 'idempotency-key': 'make-1' });
    const second = await send('POST', URL, body, { 'idempotency-key': 'make-1' });
    expect([second.status, second.body, second.headers.location]).toEqual([
      201,
      first.body,
      first.headers.location,
    ]);
  });

  it('is changed only in the version that the caller has seen, where it says so', async () => {
    const { id } = await make();
    const { headers } = await send('GET', `${URL}/${id}`);
    const seen = { 'if-match': String(headers.etag) };
    expect((await send('PATCH', `${URL}/${id}`, { priority: 1 }, seen)).status).toBe(204);
    const late = await send('PATCH', `${URL}/${id}`, { priority: 2 }, seen);
    expect([late.status, late.body]).toEqual([412, refused('ValidationFailed')]);
  });
});

describe('a call to action is refused', () => {
  it.each([
    'exceptionTypeIdentifier',
    'templateForDayside',
    'templateForAfterHours',
    'templateForWestpark',
    'tbsWorkItemRequestType',
    'priority',
  ])('without %s', async (field) => {
    const answer = await send('POST', URL, action({ [field]: undefined }));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { [field]: [expect.any(String)] }),
    );
  });

  it.each([
    ['exceptionTypeIdentifier', ''],
    ['exceptionTypeIdentifier', 5],
    ['templateForDayside', 5],
    ['templateForDayside', 'x'.repeat(10_001)],
    ['tbsWorkItemRequestType', '1'],
    ['tbsWorkItemRequestType', -1],
    ['priority', 1.5],
    ['priority', 2 ** 53],
  ])('with a wrong %s', async (field, value) => {
    const answer = await send('POST', URL, action({ [field]: value }));
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.errors)).toEqual([field]);
  });

  it('for a type without a letter', async () => {
    const answer = await send('POST', URL, action({ exceptionTypeIdentifier: ' ' }));
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, ['exceptionTypeIdentifier']]);
  });

  it('with a template that is broken or names what there is not, with its line and column', async () => {
    const templates = {
      templateForDayside: 'Dear {{ serviceProviderName }},\n{{ nickname }}',
      templateForAfterHours: 'ETA by {{ now',
      templateForWestpark: '{% include "/etc/passwd" %}',
    };
    const expected = refused('ValidationFailed', expect.any(String), {
      templateForDayside: [expect.stringMatching(/^line 2, column 4: there is no variable nickname/)],
      templateForAfterHours: [expect.stringMatching(/^line 1, column 8: output "{{ now" not closed/)],
      templateForWestpark: [expect.stringMatching(/^line 1, column 1: tag "include" not found/)],
    });
    const before = (await send('GET', URL)).body;
    const answer = await send('POST', URL, action(templates));
    expect([answer.status, answer.body]).toEqual([400, expected]);
    expect((await send('GET', URL)).body).toEqual(before);
    const there = await make();
    const patched = await send('PATCH', `${URL}/${there.id}`, templates);
    expect([patched.status, patched.body]).toEqual([400, expected]);
    expect((await send('GET', `${URL}/${there.id}`)).body).toEqual(there);
  });
});
