import type { AnyJobQueue } from '../jobs/queue.ts';
import { newId } from '../kernel/id.ts';
import type { Store } from '../store/store.ts';
import { attempt, isTaken } from './attempt.ts';
import { deliveryQueue } from './deliver.ts';
import type { AnyPayloadFormat } from './format.ts';
import { createPoster, type Sent } from './post.ts';
import type { Target } from './target.ts';

/** What a test came to. */
export interface TestResult extends Sent {
  /** Whether the receiver took it: the answer was 2xx. */
  readonly taken: boolean;
}

/** Makes payloads and sends them. */
export interface Courier {
  readonly formats: ReadonlyMap<string, AnyPayloadFormat>;
  /** The queue whose jobs make deliveries. */
  readonly queue: AnyJobQueue;
  /** Sends a target something that no event stands behind, now and once. */
  test(target: Target): Promise<TestResult>;
  /** Closes the connections that are kept. */
  close(): void;
}

type CourierParts = Pick<Store, 'sql' | 'clock' | 'directory' | 'log'>;

/** @throws where two formats have one name */
export function createCourier(parts: CourierParts, formats: readonly AnyPayloadFormat[]): Courier {
  const { sql, clock, directory, log } = parts;
  const poster = createPoster();
  const known = new Map(formats.map((format) => [format.name, format]));
  if (known.size < formats.length) throw new Error('Two payload formats have the same name');
  return {
    formats: known,
    queue: deliveryQueue({ sql, clock, directory, log, poster, formats: known }),
    async test(target) {
      const format = known.get(target.format);
      if (!format) throw new Error(`There is no payload format ${target.format}`);
      const now = clock.now();
      const payload = format.makeTest(target, now);
      const { signal } = new AbortController();
      const sent = await attempt(
        { clock, directory, poster },
        target,
        `msg_test_${newId(now)}`,
        payload,
        signal,
      );
      return { ...sent, taken: isTaken(sent) };
    },
    close: () => poster.close(),
  };
}
