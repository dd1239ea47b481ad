import type { HeardEvent } from '../store/heard-events.ts';
import type { Target } from './target.ts';

/** What is sent. */
export interface Payload {
  /** Such as `application/json`. */
  readonly contentType: string;
  readonly body: string;
}

/**
 * How events become payloads, for one sort of target. The delivery knows nothing of their shape; a format knows nothing of
 * attempts, order, signatures or addresses.
 */
export interface PayloadFormat<Filter = unknown> {
  /** Such as `native` or `tmf621-v4`. It names the format in the database: never change it. */
  readonly name: string;
  /**
   * The names of the payloads that an event has for a target, in the order in which they are sent; none where the target
   * does not want to hear of it. Asked once for each event, in a transaction: it must be quick, and it must not throw.
   * Only events that the target's party may hear are asked about.
   */
  payloads(event: HeardEvent, target: Target<Filter>): readonly string[];
  /**
   * Makes one of these payloads, anew at each attempt; null where there is nothing to be told any more. The event is there
   * still: what was erased is not asked for.
   */
  make(name: string, event: HeardEvent, target: Target<Filter>): Promise<Payload | null>;
  /** What a test sends, which no event stands behind. */
  makeTest(target: Target<Filter>, now: Date): Payload;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of formats has filters of every shape, each known to its own format
export type AnyPayloadFormat = PayloadFormat<any>;
