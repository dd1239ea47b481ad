import type { Decision } from '../../core/decision.ts';
import { HAND_OFF_CONTRACT } from '../../core/hand-off.ts';
import { systemActor } from '../../kernel/actor.ts';
import { inTransaction } from '../database.ts';
import { isCollision, isUnavailable } from '../failure.ts';
import { lockTickets } from '../load.ts';
import type { LogPosition } from '../log.ts';
import { findPosition, holdPosition, movePosition } from '../reader.ts';
import type { Store } from '../store.ts';
import { changedBy, dependsOn, type Happening } from './happening.ts';
import { makeChildren } from './make-children.ts';
import { noteOfMove } from './note.ts';
import { readPart } from './read.ts';
import { settleChildren } from './settle-children.ts';
import { tellParents } from './tell-parents.ts';
import type { HandOffWork } from './work.ts';

/** The reader of the log that makes what tickets ask for. */
const READER = 'hand-offs';
/** Happenings that share a transaction at most. */
const TOGETHER = 100;

export type HandOffParts = Pick<
  Store,
  'sql' | 'clock' | 'kinds' | 'directory' | 'log' | 'committed' | 'takeNumbers'
>;

/** What one transaction does. */
interface Attempt {
  readonly happenings: readonly Happening[];
  readonly from: LogPosition;
  readonly to: LogPosition;
  /** The events of one happening, after a failure: what fails now is noted or logged, and the reader goes on. */
  readonly isAlone: boolean;
}

/**
 * One step of the reader that makes what tickets ask for: a ticket of another kind, linked to the one that asks as its
 * child, and news of it there, as well as of what becomes of the child; and what a ticket says to those that were made
 * from it. All of it is one transaction with the reader's position: whatever breaks in the middle, everything is done
 * once and nothing is lost.
 *
 * The log is read without holding anything, since the tickets have to be locked before anything else is (see
 * `lockTickets`). If another node was faster, the position is not the same any more, and nothing is done.
 * @returns how many events were taken; 0 when the reader has caught up, or another node is at it
 */
export async function passHandOffs(parts: HandOffParts, account: string): Promise<number> {
  const from = await findPosition(parts.sql, account, READER);
  const part = await readPart(parts.sql, account, from, parts.kinds);
  if (!part) return 0;
  const { happenings: all, end, count } = part;
  const attempt = (happenings: readonly Happening[], isAlone: boolean): Promise<boolean> => {
    const to = happenings.length === all.length ? end : (happenings.at(-1)?.position ?? end);
    return take(parts, account, { happenings, from, to, isAlone });
  };
  try {
    return (await attempt(firstGroup(all), false)) ? count : 0;
  } catch (error) {
    if (isUnavailable(error) || all.length === 0) throw error;
    // Somebody else changed one of the tickets meanwhile: the next step finds them as they are now.
    if (isCollision(error)) return count;
    parts.log.error({ err: error, account }, 'hand-offs failed together; the first one goes alone');
    return (await attempt(firstEvent(all), true)) ? count : 0;
  }
}

/** The happenings of the first event. */
function firstEvent(all: readonly Happening[]): Happening[] {
  return all.filter(({ position }) => position.seq === all[0]?.position.seq);
}

/** As many of the first events as may share a transaction: each ticket can be written only once in it. */
function firstGroup(all: readonly Happening[]): Happening[] {
  const seen = new Set<string>();
  let group: Happening[] = [];
  for (let rest = all; rest.length > 0 && group.length < TOGETHER; ) {
    const event = firstEvent(rest);
    const tickets = event.flatMap(dependsOn);
    if (tickets.some((ticket) => seen.has(ticket))) break;
    for (const ticket of tickets) seen.add(ticket);
    group = [...group, ...event];
    rest = rest.slice(event.length);
  }
  return group;
}

/** @returns false where another node is at it, or was faster */
async function take(
  parts: HandOffParts,
  account: string,
  { happenings, from, to, isAlone }: Attempt,
): Promise<boolean> {
  const { settings, catalogue } = await parts.directory.account(account);
  const actor = systemActor(account);
  const context = { actor, now: parts.clock.now(), settings, catalogue, contract: HAND_OFF_CONTRACT };
  const written = await inTransaction(parts.sql, async (tx): Promise<Decision[] | null> => {
    const locked = await lockTickets(tx, account, [...new Set(happenings.flatMap(changedBy))], []);
    const tickets = new Map(locked.map((ticket) => [ticket.id, ticket]));
    const held = await holdPosition(tx, account, READER);
    if (held?.xid !== from.xid || held.seq !== from.seq) return null;
    const work: HandOffWork = { ...parts, tx, account, tickets, context, isAlone };
    const { made, told } = await makeChildren(work, happenings);
    for (const happening of happenings) {
      if (happening.type !== 'moved') continue;
      const { parent, news, isNoted } = happening;
      told.set(parent, { news, note: noteOfMove(parts.kinds, news), isNoted });
    }
    const heard = await tellParents(work, told);
    const settled = await settleChildren(work, happenings);
    await movePosition(tx, account, READER, to);
    return [...made, ...heard, ...settled];
  });
  for (const decision of written ?? []) parts.committed(decision);
  return written !== null;
}
