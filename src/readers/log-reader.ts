import type { Decision } from '../core/decision.ts';

/** A reader of the log that a wing brings along; the workers of a node follow every account's log with it. */
export interface LogReader {
  /** Its position is kept under this name: no two readers of a server have the same. */
  readonly name: string;
  /** Takes the account's next events with their effects in one transaction; 0 when the reader has caught up. */
  readonly step: (account: string) => Promise<number>;
  /** Whether what this node has just committed concerns it, so that it need not wait for its next look; absent: never. */
  readonly concerns?: (decision: Decision) => boolean;
}
