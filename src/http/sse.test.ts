import { afterEach, describe, expect, it } from 'vitest';
import { listen, openRaw } from './raw-socket.fixture.ts';
import { type EventStream, openEventStream } from './sse.ts';
import { ana, type Fixture, startFixture } from './two-contracts.fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.app.close());

const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ana\r\n\r\n`;

/** A server whose `/stream` hands its streams over. */
async function startStreaming(): Promise<{ port: number; nextStream: Promise<EventStream> }> {
  const { promise: nextStream, resolve } = Promise.withResolvers<EventStream>();
  fixture = await startFixture({
    plugins: [
      {
        name: 'streams',
        register: (app) => {
          app.get('/stream', async (request, reply) => {
            resolve(openEventStream(request, reply));
            return reply;
          });
        },
      },
    ],
  });
  return { port: await listen(fixture.app), nextStream };
}

describe('an event stream', () => {
  it('sends events as they come', async () => {
    const { port, nextStream } = await startStreaming();
    const raw = await openRaw(port, ask('/stream'));
    const stream = await nextStream;
    expect(await stream.send('7', 'ticket.created', { text: 'two\nlines' })).toBe(true);
    await raw.until('lines');
    expect(raw.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(raw.received()).toMatch(/\r\ncontent-type: text\/event-stream\r\n/);
    expect(raw.received()).toMatch(/\r\nx-request-id: /);
    expect(raw.received()).toContain('id: 7\nevent: ticket.created\ndata: {"text":"two\\nlines"}\n\n');
    raw.socket.destroy();
    await raw.ended;
  });

  it('ends when the client goes away', async () => {
    const { port, nextStream } = await startStreaming();
    const raw = await openRaw(port, ask('/stream'));
    const stream = await nextStream;
    const gone = new Promise((resolve) => stream.closed.addEventListener('abort', resolve));
    raw.socket.destroy();
    await gone;
    expect(await stream.send('8', 'x', {})).toBe(false);
  });

  it('makes the sender wait for a client that reads slowly', async () => {
    const { port, nextStream } = await startStreaming();
    const raw = await openRaw(port, ask('/stream'));
    const stream = await nextStream;
    raw.socket.pause();
    let sent = 0;
    const sending = (async () => {
      while (await stream.send(String(sent), 'x', 'y'.repeat(100_000))) sent += 1;
    })();
    // A writer that never waits would get through this many turns of the loop with as many events.
    for (let turn = 0; turn < 1000; turn += 1) await new Promise(setImmediate);
    const before = sent;
    expect(before).toBeLessThan(900);
    raw.socket.resume();
    await raw.until(`id: ${before + 5}\n`);
    stream.end();
    raw.socket.destroy();
    await Promise.all([sending, raw.ended]);
  });

  it('is only a header to HEAD', async () => {
    await startStreaming();
    const answer = await fixture.app.inject({ method: 'HEAD', url: '/stream' });
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.body).toBe('');
  });

  it('ends at once when the server stops', async () => {
    const { port, nextStream } = await startStreaming();
    const raw = await openRaw(port, ask('/stream'));
    const stream = await nextStream;
    await Promise.all([fixture.app.close(), raw.ended]);
    expect(stream.closed.aborted).toBe(true);
    // The last chunk: the stream was ended, not cut.
    expect(raw.received()).toMatch(/0\r\n\r\n$/);
  });

  it('belongs to its contract and is no slow request', async () => {
    fixture = await startFixture({ limits: { slowMs: 0 } });
    const raw = await openRaw(await listen(fixture.app), ask('/plain/stream'));
    await raw.until('"number":1');
    raw.socket.destroy();
    await fixture.gate.opened;
    expect(fixture.lines.filter(({ msg }) => msg === 'slow request')).toEqual([]);
    const { body } = await fixture.app.inject({ url: '/metrics', headers: ana });
    expect(body).not.toContain('route="/plain/stream"');
  });
});
