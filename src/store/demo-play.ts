import type { Decision } from '../core/decision.ts';
import type { DemoMaker, Random } from '../core/demo.ts';
import type { Sql } from './database.ts';
import type { KnownAccount } from './directory.ts';

/** One thing of which a play tells the life; its tickets come of that. */
export interface PlayPart {
  /** 0, 1, 2 … within one filling. */
  readonly index: number;
  readonly beginsAt: Date;
  readonly random: Random;
}

export interface PlayGroup {
  readonly account: KnownAccount;
  readonly parts: readonly PlayPart[];
  /** Nothing happens later than this. */
  readonly now: Date;
  /** Reserves numbers of tickets, or of anything else that is counted in the account. */
  readonly takeNumbers: (account: string, kind: string, count: number) => Promise<number[]>;
}

/**
 * Makes up more than tickets: things that its kind knows, and the tickets that come of them. A group is written whole, in
 * one transaction, so that a server beside it sees nothing half told.
 */
export interface DemoPlay extends Pick<DemoMaker, 'parties' | 'entries' | 'people'> {
  /** What is counted, for people, such as `work items`. */
  readonly counted: string;
  /** The lives begin within so many days before now. */
  readonly days: number;
  /** Writes a group. @returns the lives of its tickets, as they were written */
  perform(tx: Sql, group: PlayGroup): Promise<readonly Decision[][]>;
}
