import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A connection to a server that listens, for what an HTTP client would not send. */
export interface RawSocket {
  readonly socket: Socket;
  /** All that has come so far. */
  received(): string;
  /** Resolves when what has come contains the text. */
  until(text: string): Promise<void>;
  /** Resolves when the other side has closed. */
  readonly ended: Promise<void>;
}

export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

export async function openRaw(port: number, ...send: string[]): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
    socket.emit('seen');
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  for (const part of send) socket.write(part);
  return {
    socket,
    received: () => text,
    ended,
    async until(wanted) {
      while (!text.includes(wanted)) await once(socket, 'seen');
    },
  };
}

/** Sends the text and gives everything that came back until the server closed the connection. */
export async function talk(port: number, text: string): Promise<string> {
  const raw = await openRaw(port, text);
  await raw.ended;
  return raw.received();
}
