import type { Input } from './kind.ts';
import type { OtherEnd } from './link.ts';

/**
 * What a ticket hears of one that was to be made from it by a hand-off:
 * - `made`, or `refused`, with the reason;
 * - `ended`: what was asked for is done (see `Receiver.done`); `reopened`: it is not done after all; `moved`: another state
 *   that changes nothing about that;
 * - `settled`: it ended because this ticket, or one above it, said so.
 */
export interface ChildNews {
  readonly type: 'made' | 'refused' | 'moved' | 'ended' | 'reopened' | 'settled';
  /** The child's kind. */
  readonly kind: string;
  /** Null where none was made. */
  readonly child: OtherEnd | null;
  /** The child's state, null where none was made. */
  readonly state: string | null;
  readonly reason: string | null;
}

/** A transition that the system does in one of the roles that the kind's workflow names. */
export interface SystemStep {
  readonly transition: string;
  readonly as: string;
  readonly input: Input;
}
