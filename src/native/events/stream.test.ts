import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../test/until.ts';
import { useNative } from '../fixture/errand.ts';

const server = useNative();
const acme = server.as({ id: 'ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const desk = server.as({ id: 'dee', party: 'default' });
const staff = server.as({ id: 'stu', permissions: ['tickets.read'] });

let address = '';
beforeAll(async () => {
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
});

interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: { id: string; subject: string; data: { data: { body?: string } } };
}

interface OpenStream {
  readonly received: Received[];
  isOpen: boolean;
  close(): void;
}

const streams: OpenStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function open(
  client: typeof acme,
  headers: Record<string, string> = {},
  query = '',
): Promise<OpenStream> {
  const closing = new AbortController();
  const { account, id } = client.actor;
  const answer = await fetch(`${address}/api/v1/events${query}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${account}.${id}`, ...headers },
    signal: closing.signal,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const stream: OpenStream = { received: [], isOpen: true, close: () => closing.abort() };
  streams.push(stream);
  void receive(answer, stream).catch(() => {
    stream.isOpen = false;
  });
  return stream;
}

async function receive({ body }: Response, stream: OpenStream): Promise<void> {
  if (!body) throw new Error('The stream has no body');
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const data = lines.get('data');
      if (data !== undefined) {
        stream.received.push({
          id: lines.get('id') ?? '',
          event: lines.get('event') ?? '',
          data: JSON.parse(data),
        });
      }
    }
  }
  stream.isOpen = false;
}

async function errand(client = acme): Promise<{ id: string; key: string }> {
  return (await client('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand' })).body;
}

/** Waits until the log tells all that was written: what is written from then on comes after its end. */
async function allTold(): Promise<void> {
  await until(async () => {
    const [row] = await server.store.sql<[{ n: number }]>`
      select count(*) as n from event where account = 'default'`;
    const { body } = await staff('GET', '/api/v1/events?limit=1000');
    return body.events.length === row.n;
  }, forTheLog);
}
beforeEach(allTold, 90_000);

const subjects = ({ received }: OpenStream) => received.map(({ data }) => data.subject);

describe('GET /api/v1/events as a stream', { timeout: 90_000 }, () => {
  it('begins with the next event, and sends each as it happens', async () => {
    await errand();
    await allTold();
    const stream = await open(staff);
    const { key } = await errand();
    await desk('POST', `/api/v1/tickets/${key}/transitions`, { name: 'accept' });
    await until(() => stream.received.length >= 2, forTheLog);
    expect(subjects(stream)).toEqual([key, key]);
    expect(stream.received.map(({ event }) => event)).toEqual([
      'tessera.ticket.created',
      'tessera.ticket.transitioned',
    ]);
    for (const { id, data } of stream.received) expect(id).toBe(data.id);
  });

  it('begins where `after` says, and where Last-Event-ID says before that', async () => {
    const { next } = (await staff('GET', '/api/v1/events?limit=1000')).body;
    const keys = [await errand(), await errand(), await errand()].map(({ key }) => key);
    const fromAfter = await open(staff, {}, `?after=${next}`);
    await until(() => fromAfter.received.length >= 3, forTheLog);
    expect(subjects(fromAfter)).toEqual(keys);
    const first = fromAfter.received[0]?.id ?? '';
    const resumed = await open(staff, { 'last-event-id': first }, `?after=${next}`);
    await until(() => resumed.received.length >= 2, forTheLog);
    expect(subjects(resumed)).toEqual(keys.slice(1));
  });

  it('has no gap and no repeat over many breaks under load', async () => {
    const { next } = (await staff('GET', '/api/v1/events?limit=1000')).body;
    const total = 300;
    const writing = (async () => {
      for (let i = 0; i < total / 10; i += 1) await Promise.all(Array.from({ length: 10 }, () => errand()));
    })();
    const seen: string[] = [];
    let lastId: string = next;
    while (seen.length < total) {
      const stream = await open(staff, { 'last-event-id': lastId });
      const most = 1 + (seen.length % 37);
      await until(() => stream.received.length >= Math.min(most, total - seen.length), forTheLog);
      stream.close();
      await until(() => !stream.isOpen, forTheLog);
      for (const { id } of stream.received) seen.push(id);
      lastId = seen.at(-1) ?? lastId;
    }
    await writing;
    const all: string[] = [];
    let after: string = next;
    while (all.length < total) {
      const { body } = await staff('GET', `/api/v1/events?limit=1000&after=${after}`);
      all.push(...body.events.map(({ id }: { id: string }) => id));
      after = body.next;
    }
    expect(seen).toEqual(all);
  }, 30_000);

  it('serves many streams at once, each with what its caller may see', async () => {
    const own = await open(acme);
    const others = await open(blue);
    const all = [await open(staff), await open(staff)];
    const mine = await errand(acme);
    await desk('POST', `/api/v1/tickets/${mine.key}/comments`, { body: 'secret', visibility: 'internal' });
    const theirs = await errand(blue);
    await until(
      () =>
        all.every(({ received }) => received.length >= 3) &&
        [own, others].every(({ received }) => received.length >= 1),
      forTheLog,
    );
    expect(subjects(own)).toEqual([mine.key]);
    expect(subjects(others)).toEqual([theirs.key]);
    for (const stream of all) expect(subjects(stream)).toEqual([mine.key, mine.key, theirs.key]);
  });

  it('hears of what another node writes, which tells this one nothing', async () => {
    const stream = await open(staff);
    const { id, key } = await errand();
    await until(() => stream.received.length >= 1, forTheLog);
    await server.store.sql`
      insert into event (account, ticket, kind, type, version, actor, contract, data, at)
      values ('default', ${id}, 'errand', 'ticket.edited', 2, '{}', 'native', '{}', now())`;
    await until(() => stream.received.length >= 2, forTheLog);
    expect(subjects(stream)).toEqual([key, key]);
  });

  it('is refused like any other request', async () => {
    const answer = await fetch(`${address}/api/v1/events`, { headers: { accept: 'text/event-stream' } });
    expect(answer.status).toBe(401);
    await answer.body?.cancel();
  });
});
