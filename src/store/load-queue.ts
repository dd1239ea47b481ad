import type { Ticket } from '../core/ticket.ts';
import { isUuid } from '../kernel/id.ts';
import type { Sql } from './database.ts';
import { loadByNumbers, loadTickets, numberOf, type TicketRef } from './load.ts';

/** Statements under way at once; what comes meanwhile shares the next one. */
const IN_FLIGHT = 2;
/** Tickets that one statement reads at most. */
const SHARED = 100;

interface Waiting {
  readonly ref: TicketRef;
  readonly resolve: (ticket: Ticket | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who ask for tickets of one account in one way: by id, or by number. */
interface Lane {
  readonly account: string;
  readonly way: 'ids' | 'numbers';
  waiting: Waiting[];
  inFlight: number;
  isLookDue: boolean;
}

/** Lets those who ask for one ticket at the same moment share a statement. */
export interface LoadQueue {
  /** One ticket of the account as it is now, null where there is none. */
  load(account: string, ref: TicketRef): Promise<Ticket | null>;
}

/**
 * A round trip costs more processor time than the ticket that it brings, most of it for system calls on both sides.
 * So whoever asks within one turn of the event loop, or while two statements are under way, shares the next statement;
 * a lone reader does not wait.
 */
export function createLoadQueue(sql: Sql): LoadQueue {
  const lanes = new Map<string, Lane>();

  function lookSoon(lane: Lane): void {
    if (lane.isLookDue) return;
    lane.isLookDue = true;
    // What has arrived at this process, but was not read yet, is read before this.
    setImmediate(() => {
      lane.isLookDue = false;
      pump(lane);
    });
  }

  function pump(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.inFlight < IN_FLIGHT) {
      const group = lane.waiting.splice(0, SHARED);
      lane.inFlight += 1;
      void readGroup(sql, lane, group).finally(() => {
        lane.inFlight -= 1;
        if (lane.waiting.length > 0) lookSoon(lane);
        else if (lane.inFlight === 0 && !lane.isLookDue) lanes.delete(laneKey(lane));
      });
    }
  }

  return {
    load(account, ref) {
      if ('id' in ref ? !isUuid(ref.id) : numberOf(ref) === null) return Promise.resolve(null);
      return new Promise((resolve, reject) => {
        const way = 'id' in ref ? 'ids' : 'numbers';
        const key = laneKey({ account, way });
        let lane = lanes.get(key);
        if (!lane) {
          lane = { account, way, waiting: [], inFlight: 0, isLookDue: false };
          lanes.set(key, lane);
        }
        lane.waiting.push({ ref, resolve, reject });
        lookSoon(lane);
      });
    },
  };
}

function laneKey({ account, way }: Pick<Lane, 'account' | 'way'>): string {
  return `${way} ${account}`;
}

async function readGroup(sql: Sql, { account, way }: Lane, group: readonly Waiting[]): Promise<void> {
  try {
    const tickets = new Map<string, Ticket>();
    if (way === 'ids') {
      const ids = group.map(({ ref }) => nameOf(ref));
      for (const ticket of await loadTickets(sql, account, ids)) tickets.set(ticket.id, ticket);
    } else {
      const numbers = group.map(({ ref }) => numberOf(ref) ?? 0);
      for (const ticket of await loadByNumbers(sql, account, numbers)) {
        const { key, kind, number } = ticket;
        tickets.set(nameOf({ key }), ticket).set(nameOf({ kind, number }), ticket);
      }
    }
    for (const { ref, resolve } of group) resolve(tickets.get(nameOf(ref)) ?? null);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

function nameOf(ref: TicketRef): string {
  if ('id' in ref) return ref.id.toLowerCase();
  return 'key' in ref ? `key ${ref.key}` : `${ref.kind} ${ref.number}`;
}
