/** A write that was answered as done. */
export interface DoneWrite {
  readonly status: number;
  readonly text: string;
  readonly ticketId: string;
  readonly version: number;
}

/** What the clients of a drill saw, to be held against the database. */
export interface Journal {
  /** By idempotency key. */
  readonly done: Map<string, DoneWrite>;
  /** By idempotency key: the status and the code of the refusal. */
  readonly refused: Map<string, string>;
  /** Begun, and without an answer yet. */
  readonly open: Set<string>;
  readonly faults: string[];
  replayed: number;
  connectionsLost: number;
  cutShort: number;
  unavailable: number;
  slowestMs: number;
  /** When the newest write that was done had been sent (performance.now). */
  lastDoneSentAt: number;
}

export function createJournal(): Journal {
  return {
    done: new Map(),
    refused: new Map(),
    open: new Set(),
    faults: [],
    replayed: 0,
    connectionsLost: 0,
    cutShort: 0,
    unavailable: 0,
    slowestMs: 0,
    lastDoneSentAt: 0,
  };
}

/** The figures that every drill shows. */
export function figuresOf(journal: Journal): Record<string, number> {
  return {
    'writes done': journal.done.size,
    'of these replayed': journal.replayed,
    'writes refused': journal.refused.size,
    'connections lost': journal.connectionsLost,
    'answers 503': journal.unavailable,
    'slowest answer, ms': Math.round(journal.slowestMs),
  };
}
