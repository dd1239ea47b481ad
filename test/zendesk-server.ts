import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const EMAIL = 'agent@example.org';
export const TOKEN = 'not-a-real-token';

/** A ticket of the stand-in, as Zendesk's API shows it. */
export interface StandInTicket {
  readonly id: number;
  readonly subject: string;
  readonly external_id: string | null;
  readonly priority: string | null;
  readonly tags: readonly string[];
  status: string;
  /** Oldest first; the first one is the description. */
  readonly comments: { readonly body: string; readonly public: boolean }[];
}

export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What goes wrong with one request. `afterWork`: the request has its effect before that. */
export type Trouble =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly afterWork?: true;
    }
  /** No answer ever comes. */
  | { readonly hangs: true; readonly afterWork?: true }
  /** The connection is cut. */
  | { readonly cuts: true; readonly afterWork?: true }
  | null;

export interface ZendeskServer {
  readonly url: string;
  readonly tickets: StandInTicket[];
  readonly requests: StandInRequest[];
  /** Decides for each request what goes wrong with it; from then on. */
  trouble(decide: (request: StandInRequest, index: number) => Trouble): void;
  /** Zendesk's keys last some hours. */
  forgetKeys(): void;
  stop(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/**
 * A stand-in for Zendesk's ticket API that behaves as its documentation says.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
 * https://developer.zendesk.com/api-reference/ticketing/introduction/#idempotency
 */
export async function startZendesk(port = 0): Promise<ZendeskServer> {
  const tickets: StandInTicket[] = [];
  const requests: StandInRequest[] = [];
  const keys = new Map<string, { readonly payload: string; readonly reply: Reply }>();
  let decide: (request: StandInRequest, index: number) => Trouble = () => null;

  const server = createServer((incoming, response) => {
    void serveOne(incoming, response);
  });

  async function serveOne(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: text === '' ? null : JSON.parse(text) };
    const trouble = decide(request, requests.length);
    requests.push(request);
    const reply = trouble && !trouble.afterWork ? null : work(request, text);
    if (trouble && 'hangs' in trouble) return;
    if (trouble && 'cuts' in trouble) {
      response.destroy();
      return;
    }
    const { status, headers: more = {}, body = {} } = (trouble ?? reply) as Reply;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...more });
    response.end(JSON.stringify(body));
  }

  function work({ method, path, headers, body }: StandInRequest, text: string): Reply {
    const expected = `Basic ${Buffer.from(`${EMAIL}/token:${TOKEN}`).toString('base64')}`;
    if (headers.authorization !== expected) {
      return { status: 401, body: { error: "Couldn't authenticate you" } };
    }
    const { pathname, searchParams } = new URL(path, 'http://zendesk');
    if (pathname === '/api/v2/tickets' && method === 'POST') return create(headers, body, text);
    if (pathname === '/api/v2/tickets' && method === 'GET') {
      const found = tickets.filter(({ external_id }) => external_id === searchParams.get('external_id'));
      return { status: 200, body: { tickets: found, next_page: null, count: found.length } };
    }
    const id = Number(/^\/api\/v2\/tickets\/(\d+)$/.exec(pathname)?.[1]);
    const ticket = tickets.find((one) => one.id === id);
    if (!ticket) return { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } };
    return method === 'PUT' ? update(ticket, body) : { status: 200, body: { ticket } };
  }

  function create(headers: IncomingMessage['headers'], body: unknown, payload: string): Reply {
    const key = headers['idempotency-key'];
    const known = typeof key === 'string' ? keys.get(key) : undefined;
    if (known && known.payload !== payload) {
      return { status: 400, body: { error: 'IdempotentRequestError' } };
    }
    if (known) return { ...known.reply, headers: { ...known.reply.headers, 'x-idempotency-lookup': 'hit' } };
    const { ticket: given } = body as { ticket: Partial<StandInTicket> & { comment?: { body?: string } } };
    const { subject = '', comment, external_id = null, priority = null, tags = [] } = given;
    const words = comment?.body;
    if (!words) {
      const details = { base: [{ description: 'Description: cannot be blank', error: 'BlankValue' }] };
      return {
        status: 422,
        body: { error: 'RecordInvalid', description: 'Record validation errors', details },
      };
    }
    const id = 12_345 + tickets.length;
    const ticket = { id, subject, external_id, priority, tags, status: 'new' };
    const made = { ...ticket, comments: [{ body: words, public: true }] };
    tickets.push(made);
    const reply = { status: 201, headers: { location: `/api/v2/tickets/${id}` }, body: { ticket: made } };
    if (typeof key === 'string') keys.set(key, { payload, reply });
    return { ...reply, headers: { ...reply.headers, 'x-idempotency-lookup': 'miss' } };
  }

  function update(ticket: StandInTicket, body: unknown): Reply {
    if (ticket.status === 'closed') {
      const details = { status: [{ description: 'Status: closed prevents ticket update' }] };
      return {
        status: 422,
        body: { error: 'RecordInvalid', description: 'Record validation errors', details },
      };
    }
    const { ticket: given } = body as {
      ticket: { status?: string; comment?: { body: string; public?: boolean } };
    };
    if (given.status) ticket.status = given.status;
    if (given.comment) ticket.comments.push({ public: true, ...given.comment });
    return { status: 200, body: { ticket } };
  }

  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tickets,
    requests,
    trouble: (next) => {
      decide = next;
    },
    forgetKeys: () => keys.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
