import type { FastifyReply, FastifyRequest } from 'fastify';

/** Shorter than the idle limits of common proxies (nginx: 60 s). */
const KEEP_ALIVE_MS = 15_000;

/** An open `text/event-stream`. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  /**
   * Writes one event; `data` is sent as JSON. Resolves when the client can take more: await it, or a slow client
   * fills the memory. Resolves to false, and writes nothing, once the stream is closed.
   */
  send(id: string, event: string, data: unknown): Promise<boolean>;
  /** Aborted when the client goes away, the server stops, or `end` is called. */
  readonly closed: AbortSignal;
  end(): void;
}

/** The streams that a server holds open, so that it can end them when it stops. */
export interface EventStreams {
  add(stream: EventStream): void;
  delete(stream: EventStream): void;
  endAll(): void;
}

export function createEventStreams(): EventStreams {
  const open = new Set<EventStream>();
  return {
    add: (stream) => open.add(stream),
    delete: (stream) => open.delete(stream),
    endAll: () => {
      for (const stream of open) stream.end();
    },
  };
}

/** Turns the reply into an event stream; the handler owns it from here on and returns the reply. */
export function openEventStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  const { raw } = reply;
  const streams = request.server.eventStreams;
  const closing = new AbortController();

  // The fields that hooks have set so far travel with the stream.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  reply.hijack();
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(': open\n\n');

  const keepAlive = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(':\n\n');
  }, KEEP_ALIVE_MS);
  keepAlive.unref();

  const stream: EventStream = {
    closed: closing.signal,
    async send(id, event, data) {
      if (closing.signal.aborted) return false;
      const lines = `id: ${oneLine(id)}\nevent: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
      if (!raw.write(lines)) await drained(raw, closing.signal);
      return !closing.signal.aborted;
    },
    end() {
      if (closing.signal.aborted) return;
      closing.abort();
      clearInterval(keepAlive);
      streams.delete(stream);
      raw.end();
    },
  };
  streams.add(stream);
  raw.once('close', stream.end);
  // A write to a connection that is going down fails as an event, before `close` is heard.
  raw.on('error', stream.end);
  if (raw.destroyed || request.method === 'HEAD') stream.end();
  return stream;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}

function drained(raw: FastifyReply['raw'], closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done);
      closed.removeEventListener('abort', done);
      resolve();
    };
    raw.on('drain', done);
    closed.addEventListener('abort', done);
  });
}
