import { connect } from 'node:net';

export interface HttpConnection {
  /** Sends one request, whole. The next one may follow when its answer has come. */
  send(request: Buffer): void;
  close(): void;
}

export interface HttpConnectionOptions {
  readonly port: number;
  onOpen(): void;
  onAnswer(status: number, body: readonly Buffer[]): void;
  onError(error: Error): void;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * One keep-alive connection to 127.0.0.1 that reads no more of HTTP/1.1 than the servers here speak: answers with
 * `Content-Length`. The processor time that a complete client would take is left to the servers.
 */
export function openHttpConnection({
  port,
  onOpen,
  onAnswer,
  onError,
}: HttpConnectionOptions): HttpConnection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let head = NOTHING;
  let status = 0;
  let missing = 0;
  let body: Buffer[] = [];
  let closing = false;

  function fail(message: string): void {
    closing = true;
    socket.destroy();
    onError(new Error(message));
  }

  socket.on('connect', onOpen);
  socket.on('error', (error) => {
    if (!closing) onError(error);
  });
  socket.on('close', () => {
    if (!closing) onError(new Error(`The server on port ${port} closed a connection under load.`));
  });
  socket.on('data', (chunk: Buffer) => {
    let part = chunk;
    if (missing === 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const text = head.toString('latin1', 0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (length === undefined) return fail(`An answer came without Content-Length:\n${text}`);
      status = Number(text.slice(9, 12));
      missing = Number(length);
      part = head.subarray(end + 4);
      head = NOTHING;
      body = [];
    }
    missing -= part.length;
    body.push(part);
    if (missing < 0) return fail('An answer was longer than its Content-Length.');
    if (missing === 0) onAnswer(status, body);
  });

  return {
    send: (request) => {
      socket.write(request);
    },
    close() {
      closing = true;
      socket.destroy();
    },
  };
}

/** The text of a request as it goes over the wire. */
export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const all: Record<string, string> = {
    host: '127.0.0.1',
    ...headers,
    ...(body !== '' && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
