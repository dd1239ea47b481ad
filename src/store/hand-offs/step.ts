import type { Decision } from '../../core/decision.ts';
import { HAND_OFF_CONTRACT } from '../../core/hand-off.ts';
import { systemActor } from '../../kernel/actor.ts';
import { inTransaction } from '../database.ts';
import { isCollision, isUnavailable } from '../failure.ts';
import { lockTickets } from '../load.ts';
import type { LogPosition } from '../log.ts';
import { findPosition, holdPosition, movePosition } from '../reader.ts';
import type { Store } from '../store.ts';
import { makeChildren } from './make-children.ts';
import { noteOfEnd } from './note.ts';
import { type Happening, readPart } from './read.ts';
import type { HandOffWork } from './work.ts';
import { writeNotes } from './write-notes.ts';

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
 * child, and a note of it there; and a note as well when such a child has ended. All of it is one transaction with the
 * reader's position: whatever breaks in the middle, a child is made once and nothing is lost.
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
  const parents = new Set<string>();
  let group: Happening[] = [];
  for (let rest = all; rest.length > 0 && group.length < TOGETHER; ) {
    const event = firstEvent(rest);
    if (event.some(({ parent }) => parents.has(parent))) break;
    for (const { parent } of event) parents.add(parent);
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
    const ids = happenings.map(({ parent }) => parent);
    const parents = new Map((await lockTickets(tx, account, ids, [])).map((ticket) => [ticket.id, ticket]));
    const held = await holdPosition(tx, account, READER);
    if (held?.xid !== from.xid || held.seq !== from.seq) return null;
    const work: HandOffWork = { ...parts, tx, account, parents, context, isAlone };
    const { made, notes } = await makeChildren(work, happenings);
    for (const happening of happenings) {
      if (happening.type === 'ended') notes.set(happening.parent, noteOfEnd(parts.kinds, happening));
    }
    const noted = await writeNotes(work, notes);
    await movePosition(tx, account, READER, to);
    return [...made, ...noted];
  });
  for (const decision of written ?? []) parts.committed(decision);
  return written !== null;
}
