import type { Actor } from '../kernel/actor.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Catalogue, ShippedEntry } from './collection.ts';
import type { Command } from './command.ts';

/** Numbers from 0 up to (not including) 1; the same seed gives the same numbers. */
export type Random = () => number;

/** One thing that somebody did to an example ticket, at a moment of the past. */
export interface StoryStep {
  readonly at: Date;
  readonly actor: Actor;
  /** The contract that it came through. */
  readonly contract: string;
  readonly command: Command;
}

export interface StoryContext {
  readonly account: string;
  /** The ticket's number: unique in the account, so good for references that have to be unique, too. */
  readonly number: number;
  /** 0, 1, 2 … within one filling; a maker may go round its outcomes with it, so that a small filling has them all. */
  readonly index: number;
  readonly openedAt: Date;
  /** Nothing happens later than this. */
  readonly now: Date;
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly random: Random;
}

/** One of the account's own people. */
export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  /** May be given tickets as an operator. */
  readonly isOperator: boolean;
}

/** Makes up the lives of example tickets of one kind. What it tells is decided and written like anything else. */
export interface DemoMaker {
  /** The organisations that play in the stories, beside the account's own party. */
  readonly parties: readonly { readonly key: string; readonly name: string }[];
  /** The account's own people that the stories name; who is there already stays as they are. */
  readonly people?: readonly DemoPerson[];
  /** Reference data that the stories name, by collection; what the account has already stays as it is. */
  readonly entries?: Readonly<Record<string, readonly ShippedEntry[]>>;
  /**
   * A ticket's life, the creation first, in the order of time. Timers are left out: they fire by themselves when they
   * run out before the next step.
   */
  story(context: StoryContext): StoryStep[];
}
