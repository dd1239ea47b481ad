import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** A request as it came. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any;
}

/** What is answered. */
export interface ReceiverAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Receiver {
  /** `http://127.0.0.1:…`, valid from `beforeAll` on. */
  readonly url: string;
  readonly port: number;
  /** What came so far, the oldest first. */
  readonly requests: ReceivedRequest[];
  /** Answers each request; 200 where it gives nothing. */
  answer: (request: ReceivedRequest) => ReceiverAnswer | undefined | Promise<ReceiverAnswer | undefined>;
}

/** An HTTP server that keeps what it is sent. Call it once, at the top of the file. */
export function useReceiver(): Receiver {
  const requests: ReceivedRequest[] = [];
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const received: ReceivedRequest = {
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body,
      json: body === '' ? null : JSON.parse(body),
    };
    requests.push(received);
    const { status = 200, headers = {}, body: text = '' } = (await receiver.answer(received)) ?? {};
    response.writeHead(status, headers).end(text);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const receiver: Receiver = {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    get url() {
      return `http://127.0.0.1:${this.port}`;
    },
    requests,
    answer: () => undefined,
  };
  return receiver;
}
