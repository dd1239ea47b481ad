import { afterEach, describe, expect, it } from 'vitest';
import { listen, openRaw } from './raw-socket.fixture.ts';
import { ana, type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.app.close());

const put = (headers: Record<string, string>) =>
  fixture.app.inject({ method: 'PUT', url: '/plain/things/1', headers: { ...ana, ...headers } });

describe('If-Match', () => {
  it('reaches the handler as a version, and the answer carries its ETag', async () => {
    fixture = await startFixture();
    const answer = await put({ 'if-match': 'W/"5"' });
    expect(answer.json()).toEqual({ ifMatch: 5 });
    expect(answer.headers.etag).toBe('"6"');
    expect((await put({})).json()).toEqual({ ifMatch: null });
    expect((await put({ 'if-match': '*' })).json()).toEqual({ ifMatch: null });
  });

  it('is refused where it is none', async () => {
    fixture = await startFixture();
    expect((await put({ 'if-match': 'five' })).json()).toEqual({
      code: 'plain.invalidRequest',
      message: 'The request breaks one or more rules; every fault is listed with its place.',
      errors: [
        {
          field: '/header/if-match',
          message: 'must be the ETag of the version that is meant, such as "5", or *',
        },
      ],
    });
  });
});

describe('Idempotency-Key', () => {
  const make = (key: string, title = 'a', headers: Record<string, string> = ana) =>
    fixture.app.inject({
      method: 'POST',
      url: '/plain/things',
      headers: { ...headers, 'idempotency-key': key },
      payload: { title, priority: 1, state: 'OPEN' },
    });

  it('reaches the handler with a fingerprint of the request', async () => {
    fixture = await startFixture();
    const idempotencyOf = async (...args: Parameters<typeof make>) =>
      (await make(...args)).json().idempotency;
    const first = await idempotencyOf('k1');
    expect(first).toEqual({ key: 'k1', fingerprint: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await idempotencyOf('"k1"')).toEqual(first);
    expect((await idempotencyOf('k1', 'b')).fingerprint).not.toBe(first.fingerprint);
  });

  it('is refused where it is none', async () => {
    fixture = await startFixture();
    const answer = await make('k'.repeat(256));
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([
      {
        field: '/header/idempotency-key',
        message: 'must have 1 to 255 printable ASCII characters, quoted or bare',
      },
    ]);
  });

  it('is nothing to a read', async () => {
    fixture = await startFixture();
    const headers = { ...ana, 'idempotency-key': '', 'if-match': 'x' };
    expect((await fixture.app.inject({ url: '/plain/things', headers })).statusCode).toBe(200);
  });

  it('marks a replay', async () => {
    fixture = await startFixture();
    expect((await put({ 'idempotency-key': 'again' })).headers['idempotency-replayed']).toBe('true');
    expect((await put({ 'idempotency-key': 'fresh' })).headers).not.toHaveProperty('idempotency-replayed');
  });

  const slow = (key: string, headers: Record<string, string> = ana) =>
    fixture.app.inject({
      method: 'POST',
      url: '/plain/slow',
      headers: { ...headers, 'idempotency-key': key },
    });

  it('lets one request at a time run, for each caller and key', async () => {
    fixture = await startFixture();
    const first = slow('k1').then((answer) => answer.json());
    await fixture.gate.entered;
    const second = await slow('k1');
    expect(second.statusCode).toBe(409);
    expect(second.json()).toEqual({
      code: 'plain.idempotencyInFlight',
      message: 'The first request with this Idempotency-Key is still running.',
      errors: [],
    });
    const others = [slow('k2'), slow('k1', { authorization: 'Bearer boss' })];
    fixture.gate.open();
    expect(await first).toEqual({ done: true });
    for (const other of others) expect((await other).statusCode).toBe(200);
    expect((await slow('k1')).statusCode).toBe(200);
  });

  it('is held while the work of a client that has gone away still runs, and no longer', async () => {
    fixture = await startFixture();
    const { app, gate } = fixture;
    const port = await listen(app);
    const raw = await openRaw(
      port,
      'POST /plain/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ana\r\nIdempotency-Key: k1\r\n\r\n',
    );
    await gate.entered;
    raw.socket.destroy();
    await raw.ended;
    expect((await slow('k1')).statusCode).toBe(409);
    gate.open();
    await gate.opened;
    await new Promise(setImmediate);
    expect((await slow('k1')).statusCode).toBe(200);
  });

  it('is given back when the handler throws', async () => {
    fixture = await startFixture();
    const boom = () =>
      fixture.app.inject({
        method: 'POST',
        url: '/plain/boom',
        headers: { ...ana, 'idempotency-key': 'k1' },
      });
    expect((await boom()).statusCode).toBe(500);
    expect((await boom()).statusCode).toBe(500);
  });
});
