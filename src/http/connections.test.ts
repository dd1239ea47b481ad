import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, openRaw, talk } from './raw-socket.fixture.ts';
import { type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.app.close());

const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
const asAna = 'Authorization: Bearer ana';

/** Resolves when the server listens no more. */
async function deaf(app: FastifyInstance): Promise<void> {
  while (app.server.listening) await new Promise(setImmediate);
}

describe('what is not HTTP', () => {
  it('is answered in a plain sentence', async () => {
    fixture = await startFixture();
    const port = await listen(fixture.app);
    expect(await talk(port, 'HELLO\r\n\r\n')).toBe(
      [
        'HTTP/1.1 400 Bad Request',
        'Connection: close',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Length: 34',
        '',
        'This is not a valid HTTP request.\n',
      ].join('\r\n'),
    );
  });

  it('is told when its header is too large', async () => {
    fixture = await startFixture();
    const port = await listen(fixture.app);
    const answer = await talk(port, request('GET /plain/things', `X-Large: ${'x'.repeat(20_000)}`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*\r\n/);
    expect(answer).toMatch(/\r\n\r\nThe header is too large\.\n$/);
  });
});

describe('a body that is too large', () => {
  it('is refused before it is read, in the format of the contract', async () => {
    fixture = await startFixture();
    const port = await listen(fixture.app);
    const answer = await talk(
      port,
      request('POST /plain/things', asAna, 'Content-Type: application/json', 'Content-Length: 99999999'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('{"code":"plain.payloadTooLarge"');
  });

  it('is refused when it grows beyond the limit in pieces', async () => {
    fixture = await startFixture({ limits: { bodyBytes: 10 } });
    const port = await listen(fixture.app);
    const answer = await talk(
      port,
      request('POST /plain/things', asAna, 'Content-Type: application/json', 'Transfer-Encoding: chunked') +
        '14\r\n"aaaaaaaaaaaaaaaaaa"\r\n0\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe('a server that stops', () => {
  const slow = request('POST /plain/slow', asAna);

  it('finishes what it has begun, and takes no new connection', async () => {
    fixture = await startFixture();
    const { app, gate } = fixture;
    const port = await listen(app);
    const raw = await openRaw(port, slow);
    await gate.entered;
    const closed = app.close();
    await deaf(app);
    await expect(openRaw(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    gate.open();
    await Promise.all([closed, raw.ended]);
    expect(raw.received()).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw.received()).toMatch(/\r\nconnection: close\r\n/i);
    expect(raw.received()).toMatch(/\r\n\r\n\{"done":true\}$/);
  });

  it('refuses a request that was still on its way, in the format of its contract', async () => {
    fixture = await startFixture();
    const { app, gate } = fixture;
    const port = await listen(app);
    const busy = await openRaw(port, slow);
    await gate.entered;
    const [head, tail] = ['GET /api/v1/things HTTP/1.1\r\nHost: x\r\n', 'X-Request-Id: id-1\r\n\r\n'];
    const late = await openRaw(port, request('GET /healthz'), head);
    await late.until('{"ok":true}');
    const closed = app.close();
    await deaf(app);
    late.socket.write(tail);
    await late.ended;
    gate.open();
    await Promise.all([closed, busy.ended]);
    const answer = late.received().slice(late.received().indexOf('HTTP/1.1 503'));
    expect(answer).toMatch(/\r\nretry-after: 1\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
      type: '/problems/unavailable',
      title: 'The database cannot be reached at the moment; nothing was written.',
      status: 503,
      detail: 'The server is stopping.',
      code: 'unavailable',
      requestId: 'id-1',
    });
  });

  it('closes connections that do nothing at once', async () => {
    fixture = await startFixture();
    const port = await listen(fixture.app);
    const idle = await openRaw(port, request('GET /healthz'));
    await idle.until('{"ok":true}');
    await Promise.all([fixture.app.close(), idle.ended]);
  });

  it('closes connections that never brought a request at once', async () => {
    fixture = await startFixture();
    const { app } = fixture;
    const arrived = new Promise((resolve) => app.server.once('connection', resolve));
    const unused = await openRaw(await listen(app));
    await arrived;
    await Promise.all([app.close(), unused.ended]);
  });

  it('cuts off what does not end in time', async () => {
    fixture = await startFixture({ limits: { stopWithinMs: 50 } });
    const { app, gate } = fixture;
    const raw = await openRaw(await listen(app), slow);
    await gate.entered;
    await Promise.all([app.close(), raw.ended]);
    expect(raw.received()).toBe('');
    gate.open();
  });
});
