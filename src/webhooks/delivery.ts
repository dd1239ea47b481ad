import type { LogPosition } from '../store/log.ts';

export type DeliveryStatus = 'waiting' | 'delivered' | 'failed' | 'dropped';

/** One payload for one target: its attempts, and what came of them. */
export interface Delivery {
  readonly account: string;
  readonly id: string;
  /** The target. */
  readonly webhook: string;
  readonly ticket: string;
  readonly ticketKey: string;
  readonly position: LogPosition;
  readonly payload: string;
  /** `failed`: given up after the last attempt. `dropped`: there was nothing to be told any more. */
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly firstAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date | null;
  /** What the last attempt came to. */
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
  readonly durationMs: number | null;
  readonly error: string | null;
}

/**
 * The same each time a payload is sent, so that a receiver can tell a repeat: the event's id, and which payload of it. Without
 * full stops, which stand between the parts of what is signed.
 */
export function messageIdOf({
  position: { xid, seq },
  payload,
}: Pick<Delivery, 'position' | 'payload'>): string {
  return `msg_${xid}-${seq}_${payload.replace(/[^A-Za-z0-9_-]/g, '-')}`;
}
