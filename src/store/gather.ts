import { afterTurns } from './after-turns.ts';

/** Statements under way at once; what comes meanwhile shares the next one. */
const IN_FLIGHT = 2;
/**
 * Turns of the event loop between the first who asks and the statement: those whose requests came together are not all read
 * in one turn. Measured at 16 connections that write: 8 tickets in a statement instead of 5.
 */
const TURNS_FOR_OTHERS = 2;
/** Keys that one statement reads at most. */
const SHARED = 100;

interface Waiting<Value> {
  readonly key: string;
  readonly resolve: (value: Value | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who ask within one account. */
interface Lane<Value> {
  readonly account: string;
  waiting: Waiting<Value>[];
  inFlight: number;
  isLookDue: boolean;
}

/** What one statement finds for many keys of an account; keys that it finds nothing for are left out. */
export type ReadMany<Value> = (
  account: string,
  keys: readonly string[],
) => Promise<ReadonlyMap<string, Value>>;

/** Asks for one key: what was found, null where nothing was. */
export type Gather<Value> = (account: string, key: string) => Promise<Value | null>;

/**
 * Lets those who ask for one thing at the same moment share a statement.
 *
 * A round trip costs more processor time than the row that it brings, most of it for system calls on both sides. So
 * whoever asks within two turns of the event loop, or while two statements are under way, shares the next statement; a
 * lone asker hardly waits. Measured at 16 connections: half the processor time for a ticket, server and PostgreSQL
 * together.
 */
export function createGather<Value>(read: ReadMany<Value>): Gather<Value> {
  const lanes = new Map<string, Lane<Value>>();

  function lookSoon(lane: Lane<Value>): void {
    if (lane.isLookDue) return;
    lane.isLookDue = true;
    afterTurns(TURNS_FOR_OTHERS, () => {
      lane.isLookDue = false;
      pump(lane);
    });
  }

  function pump(lane: Lane<Value>): void {
    while (lane.waiting.length > 0 && lane.inFlight < IN_FLIGHT) {
      const group = lane.waiting.splice(0, SHARED);
      lane.inFlight += 1;
      void readGroup(read, lane.account, group).finally(() => {
        lane.inFlight -= 1;
        if (lane.waiting.length > 0) lookSoon(lane);
        else if (lane.inFlight === 0 && !lane.isLookDue) lanes.delete(lane.account);
      });
    }
  }

  return (account, key) =>
    new Promise((resolve, reject) => {
      let lane = lanes.get(account);
      if (!lane) {
        lane = { account, waiting: [], inFlight: 0, isLookDue: false };
        lanes.set(account, lane);
      }
      lane.waiting.push({ key, resolve, reject });
      lookSoon(lane);
    });
}

async function readGroup<Value>(
  read: ReadMany<Value>,
  account: string,
  group: readonly Waiting<Value>[],
): Promise<void> {
  try {
    const found = await read(account, [...new Set(group.map(({ key }) => key))]);
    for (const { key, resolve } of group) resolve(found.get(key) ?? null);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
