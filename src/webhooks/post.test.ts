import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useReceiver } from '../../test/receiver.ts';
import { createPoster, readRetryAfter } from './post.ts';

const receiver = useReceiver();
const quick = createPoster(200);
const patient = createPoster();
afterAll(() => {
  quick.close();
  patient.close();
});

const now = new Date('2026-03-02T09:00:00Z');
const post = (url: string, allowsPrivate: boolean, poster = patient, signal = new AbortController().signal) =>
  poster.post({
    url,
    headers: { 'content-type': 'application/json' },
    body: '{}',
    allowsPrivate,
    now,
    signal,
  });

describe('a request', () => {
  beforeAll(() => {
    receiver.answer = ({ path }) =>
      path === '/silent' ? new Promise(() => {}) : { status: 201, body: 'made' };
  });

  it('goes out with its headers, and comes back with the answer', async () => {
    const sent = await post(`${receiver.url}/made`, true);
    expect(sent).toEqual({
      status: 201,
      body: 'made',
      retryAfter: null,
      durationMs: expect.any(Number),
      error: null,
    });
    expect(receiver.requests.at(-1)).toMatchObject({
      path: '/made',
      body: '{}',
      headers: { 'content-length': '2' },
    });
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::1]', '::1'],
    ['localhost', null],
  ])('to %s leaves this machine alone, whatever leads there', async (host, address) => {
    const before = receiver.requests.length;
    const { error, status } = await post(`http://${host}:${receiver.port}/private`, false);
    expect(status).toBeNull();
    if (address) expect(error).toBe(`The address ${address} is not one of the public Internet.`);
    else expect(error).toMatch(/^The address (127\.0\.0\.1|::1) is not one of the public Internet\.$/);
    expect(receiver.requests).toHaveLength(before);
  });

  it('does not use a connection that somebody else was allowed to make', async () => {
    const url = `http://localhost:${receiver.port}/`;
    expect((await post(url, true)).status).toBe(201);
    expect((await post(url, false)).status).toBeNull();
  });

  it('does not wait for an answer for ever', async () => {
    expect(await post(`${receiver.url}/silent`, true, quick)).toMatchObject({
      status: null,
      error: 'No answer came within 0.2 s.',
    });
  });

  it('can be cut short', async () => {
    const sent = await post(`${receiver.url}/silent`, true, patient, AbortSignal.timeout(50));
    expect(sent).toMatchObject({ status: null, error: 'The attempt was cut short.' });
  });
});

it.each([
  ['120', '2026-03-02T09:02:00.000Z'],
  ['Mon, 02 Mar 2026 10:00:00 GMT', '2026-03-02T10:00:00.000Z'],
  ['soon', null],
  ['-5', null],
  [undefined, null],
])('Retry-After: %s means %s', (value, meant) => {
  expect(readRetryAfter(value, now)?.toISOString() ?? null).toBe(meant);
});
