import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { openHttpConnection, requestText } from './http-connection.ts';

/** Talks to a server that sends its answer in these pieces, each when the one before has left. */
async function answerTo(pieces: readonly string[]): Promise<{ status: number; body: string } | string> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.once('data', async () => {
      for (const piece of pieces) {
        await new Promise((resolve) => socket.write(piece, resolve));
        await new Promise(setImmediate);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const { promise, resolve } = Promise.withResolvers<{ status: number; body: string } | string>();
  const connection = openHttpConnection({
    port: typeof address === 'object' && address ? address.port : 0,
    onOpen: () => connection.send(Buffer.from(requestText('GET', '/', {}))),
    onAnswer: (status, body) => resolve({ status, body: Buffer.concat(body).toString() }),
    onError: (error) => resolve(error.message),
  });
  const answer = await promise;
  connection.close();
  server.close();
  await once(server, 'close');
  return answer;
}

it('puts an answer together whose head and body come in pieces', async () => {
  const pieces = ['HTTP/1.1 201 Created\r\nContent-', 'Length: 5\r\n', '\r\nhe', 'llo'];
  expect(await answerTo(pieces)).toEqual({ status: 201, body: 'hello' });
});

it('takes an answer without a body', async () => {
  expect(await answerTo(['HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'])).toEqual({
    status: 404,
    body: '',
  });
});

it('fails on an answer that does not say its length', async () => {
  expect(await answerTo(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'])).toContain(
    'without Content-Length',
  );
});

it('writes the length of a body in bytes', () => {
  expect(requestText('POST', '/a', { x: 'y' }, 'é')).toBe(
    'POST /a HTTP/1.1\r\nhost: 127.0.0.1\r\nx: y\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\né',
  );
});
