import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture } from '../two-contracts.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.app.close());

async function send(url: string, type: string, payload: string | Buffer, headers = {}) {
  const answer = await fixture.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: 'Bearer ana', 'content-type': type, ...headers },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const URLENCODED = 'application/x-www-form-urlencoded';
const multipart = (boundary: string, value: string) => ({
  type: `multipart/form-data; boundary=${boundary}`,
  payload: `--${boundary}\r\nContent-Disposition: form-data; name="tags[]"\r\n\r\n${value}\r\n--${boundary}--\r\n`,
});

describe('a contract that reads forms', () => {
  it('gives its handler one object, whichever way it came', async () => {
    const { type, payload } = multipart('XX', 'a b');
    for (const [contentType, body] of [
      ['application/json', '{"tags":["a b"]}'],
      [URLENCODED, 'tags%5B%5D=a+b'],
      [`${URLENCODED}; charset=utf-8`, 'tags[]=a%20b'],
      [type, payload],
    ] as const) {
      expect(await send('/plain/form', contentType, body)).toMatchObject({
        status: 200,
        body: { body: { tags: ['a b'] } },
      });
    }
  });

  it('says in its own words what is wrong with a form', async () => {
    for (const [type, payload] of [
      [URLENCODED, 'a=%zz'],
      ['multipart/form-data', 'a'],
      ['multipart/form-data; boundary=XX', '--XX\r\n'],
    ] as const) {
      const answer = await send('/plain/form', type, payload);
      expect(answer).toMatchObject({ status: 400, body: { code: 'plain.malformedBody' } });
    }
    expect(await send('/plain/form', URLENCODED, 'a=%00')).toMatchObject({
      status: 422,
      body: { code: 'plain.invalidRequest', errors: [{ field: '/a' }] },
    });
    const bulk = `a=${'x'.repeat(2 * 1024 ** 2)}`;
    expect(await send('/plain/form', URLENCODED, bulk)).toMatchObject({
      status: 413,
      body: { code: 'plain.payloadTooLarge' },
    });
  });

  it('knows a repeated multipart request by its fields, not by its boundary', async () => {
    const marks = [];
    for (const [boundary, value] of [
      ['XX', '1'],
      ['YY', '1'],
      ['XX', '2'],
    ] as const) {
      const { type, payload } = multipart(boundary, value);
      const answer = await send('/plain/form', type, payload, { 'idempotency-key': 'k' });
      marks.push(answer.body.idempotency.fingerprint);
    }
    expect(marks[1]).toBe(marks[0]);
    expect(marks[2]).not.toBe(marks[0]);
  });
});

it('a contract that does not read forms refuses them', async () => {
  expect((await send('/api/v1/form', URLENCODED, 'a=1')).status).toBe(415);
});
