import type { ChildNews } from '../../core/child-news.ts';
import type { Kind, KindRegistry } from '../../core/kind.ts';
import type { OtherEnd } from '../../core/link.ts';
import { SETTLEMENT_CONTRACT, type Settlement } from '../../core/settlement.ts';
import type { LogPosition } from '../log.ts';
import type { HandedOver } from './children.ts';

/** A ticket asked for another one. */
export interface Asked {
  readonly type: 'asked';
  readonly position: LogPosition;
  readonly parent: string;
  /** The event's data, as stored. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A ticket that was made by a hand-off came into another state. */
export interface Moved {
  readonly type: 'moved';
  readonly position: LogPosition;
  readonly parent: string;
  readonly news: ChildNews & { readonly child: OtherEnd; readonly state: string };
  /** It tells of a final state, which a parent whose kind says nothing about it is to show. */
  readonly isNoted: boolean;
}

/** A ticket told those that were made from it that the matter is settled. */
export interface Settled {
  readonly type: 'settled';
  readonly position: LogPosition;
  readonly parent: string;
  readonly settlement: Settlement;
  /** Those that have to be told. */
  readonly children: readonly HandedOver[];
}

export type Happening = Asked | Moved | Settled;

/** The tickets that a happening changes. A transaction can change each ticket only once. */
export function changedBy(happening: Happening): readonly string[] {
  return happening.type === 'settled' ? happening.children.map(({ child }) => child.id) : [happening.parent];
}

/**
 * The tickets whose earlier happenings have to be over. Those of the parent that tells of a settlement are among them:
 * the children that it asked for before may not have been there when the log was read.
 */
export function dependsOn(happening: Happening): readonly string[] {
  return [happening.parent, ...changedBy(happening)];
}

/** A child's change of state, as its event tells it. */
export interface StateChange {
  readonly from: string | null;
  readonly to: string;
  readonly reason: string | null;
  readonly contract: string;
}

/** The news that a child's change of state is for its parent, null where it is none. */
export function newsOf(
  kinds: KindRegistry,
  child: OtherEnd,
  parent: OtherEnd,
  { from, to, reason, contract }: StateChange,
): Pick<Moved, 'news' | 'isNoted'> | null {
  const kind = kinds.get(child.kind);
  if (!kind) return null;
  const isSettled = contract === SETTLEMENT_CONTRACT;
  const isNoted = !isSettled && isFinal(kind, to) && !(from !== null && isFinal(kind, from));
  if (!isNoted && !kinds.get(parent.kind)?.hears) return null;
  const type = isSettled ? 'settled' : changeOf(from !== null && isDone(kind, from), isDone(kind, to));
  return { news: { type, kind: child.kind, child, state: to, reason }, isNoted };
}

function changeOf(wasDone: boolean, isNowDone: boolean): ChildNews['type'] {
  if (wasDone === isNowDone) return 'moved';
  return isNowDone ? 'ended' : 'reopened';
}

function isFinal({ workflow }: Kind, state: string): boolean {
  return workflow.states[state]?.category === 'final';
}

function isDone(kind: Kind, state: string): boolean {
  return kind.receives?.done?.includes(state) ?? isFinal(kind, state);
}
