/** The value of a fact. Moments are ISO 8601 in UTC with milliseconds. */
export type FactValue = string | number | boolean | null;

/** A place in the order of events: when something happened, and the id that decides between events of one moment. */
export interface Mark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
}

/** What the newest event that spoke of a fact said; null: that it is not known. */
export interface Fact extends Mark {
  readonly value: FactValue;
}

/** What a rule has seen of a work item: the newest event of each sort, and the arming that has fired already. */
export interface RuleMarks {
  readonly armed?: Mark;
  readonly disarmed?: Mark;
  readonly settled?: Mark;
  readonly fired?: Mark;
}

/** The newest exception of a type. */
export interface KnownException {
  /** The ticket's id. */
  readonly ticket: string;
  /** Whether the work item's events have settled it. */
  readonly settled: boolean;
}

/**
 * A work item as its events tell it. It depends on which events came, and not on their order: of each fact and each mark
 * the newest counts. Only `fired` and `exceptions` tell of what has been done.
 */
export interface WorkItem {
  readonly authorizationNumber: number;
  readonly facts: Readonly<Record<string, Fact>>;
  /** By the key of the rule. */
  readonly rules: Readonly<Record<string, RuleMarks>>;
  /** By the key of the exception type. */
  readonly exceptions: Readonly<Record<string, KnownException>>;
}

/** A work item that nothing is known of. */
export function newWorkItem(authorizationNumber: number): WorkItem {
  return { authorizationNumber, facts: {}, rules: {}, exceptions: {} };
}

/** Negative where `a` comes before `b`, 0 where they are one; what is not there comes first. */
export function compareMarks(a: Mark | undefined, b: Mark | undefined): number {
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  if (a.at !== b.at) return a.at - b.at;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** The value of a fact, null where it is not known. */
export function factValue({ facts }: Pick<WorkItem, 'facts'>, fact: string): FactValue {
  return facts[fact]?.value ?? null;
}
