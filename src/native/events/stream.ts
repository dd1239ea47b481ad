import type { FastifyReply, FastifyRequest } from 'fastify';
import { openEventStream } from '../../http/sse.ts';
import { type LogPosition, logEnd } from '../../store/log.ts';
import type { Store } from '../../store/store.ts';
import { toCloudEvent } from './cloud-event.ts';
import { toCursor } from './cursor.ts';
import { readOn } from './read-on.ts';
import type { LogWatch } from './watch-log.ts';

/** Events that are read at a time; a slow client holds up no more than these. */
const READ_AT_ONCE = 500;

export interface StreamOptions {
  readonly account: string;
  /** Only events of tickets that this party takes part in; null: all. */
  readonly party: string | null;
  /** Where the stream begins, null: with what happens from now on. */
  readonly after: LogPosition | null;
  readonly source: string;
}

/**
 * Sends the account's events as they are committed, without gap or repeat, until the client goes away or the server
 * stops. A client that comes back with the last id that it has seen misses nothing.
 */
export async function streamEvents(
  store: Store,
  watch: LogWatch,
  request: FastifyRequest,
  reply: FastifyReply,
  { account, party, after, source }: StreamOptions,
): Promise<void> {
  let position = after ?? (await logEnd(store.sql));
  const subscription = watch.subscribe(account);
  const stream = openEventStream(request, reply);
  try {
    while (!stream.closed.aborted) {
      const { events, next } = await readOn(store.sql, account, position, READ_AT_ONCE, party);
      for (const event of events) {
        if (
          !(await stream.send(toCursor(event.position), `tessera.${event.type}`, toCloudEvent(event, source)))
        ) {
          return;
        }
      }
      position = next;
      if (events.length < READ_AT_ONCE) await subscription.grown(stream.closed);
    }
  } catch (error) {
    // The client comes back by itself, with the last id that it has seen.
    store.log.warn({ err: error, account }, 'an event stream ended early');
  } finally {
    subscription.end();
    stream.end();
  }
}
