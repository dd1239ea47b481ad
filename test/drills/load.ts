import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ISSUER, OWNER, type PartyKey, type Tokens } from './cast.ts';
import type { Stage } from './drill.ts';
import { createJournal, type Journal } from './journal.ts';
import { type Sender, sendWrite, type WireTicket } from './write.ts';

export interface LoadOptions {
  readonly stage: Stage;
  readonly tokens: Tokens;
  /** Where the next request goes. */
  readonly target: () => string;
  readonly clients?: number;
  /** Each client's pause after an answer, about. */
  readonly pauseMs?: number;
}

export interface Load {
  readonly journal: Journal;
  /** Waits for a write that was sent after this call to be done; a fault where it takes too long. Milliseconds. */
  nextDone(withinMs: number): Promise<number>;
  /** Lets every client get the answer that it waits for, and ends. */
  stop(): Promise<void>;
}

/** Tickets that all clients write to at once. */
const SHARED_TICKETS = 2;
const SHARED_PORTION = 0.1;

/** Clients that open tickets and do transactions on them, each with keys of its own, until they are stopped. */
export async function startLoad({
  stage,
  tokens,
  target,
  clients = 16,
  pauseMs = 25,
}: LoadOptions): Promise<Load> {
  const journal = createJournal();
  let stopping = false;
  let givenUp = false;
  const sender: Sender = { journal, tokens, target, givesUp: () => givenUp };
  const shared: WireTicket[] = [];
  while (shared.length < SHARED_TICKETS) {
    const ticket = await openTicket(sender);
    if (ticket) shared.push(ticket);
    else throw new Error(`No ticket could be opened: ${journal.faults.join('; ')}`);
  }

  async function run(): Promise<void> {
    let ticket: WireTicket | null = null;
    while (!stopping) {
      if (Math.random() < SHARED_PORTION)
        await note(sender, shared[Math.random() < 0.5 ? 0 : 1] as WireTicket);
      else ticket = ticket ? await move(sender, ticket) : await openTicket(sender);
      await wait(pauseMs * (0.5 + Math.random()));
    }
  }
  const running = Promise.all(Array.from({ length: clients }, run));
  stage.endings.add(async () => {
    stopping = true;
    givenUp = true;
    await running;
  });

  return {
    journal,
    async nextDone(withinMs) {
      const from = performance.now();
      while (journal.lastDoneSentAt < from) {
        if (performance.now() - from > withinMs) {
          journal.faults.push(`No write was done within ${withinMs} ms after the fault was over`);
          break;
        }
        await wait(5);
      }
      return performance.now() - from;
    },
    async stop() {
      stopping = true;
      const giveUp = setTimeout(() => {
        givenUp = true;
        journal.faults.push(`${journal.open.size} writes had no answer long after the load was over`);
      }, 30_000);
      await running;
      clearTimeout(giveUp);
    },
  };
}

function openTicket(sender: Sender): Promise<WireTicket | null> {
  return sendWrite(sender, {
    by: ISSUER,
    method: 'POST',
    path: '/troubleTicket',
    body: {
      baseTroubleTicketState: 'OPENACTIVE',
      mirrorKey: `ONV-${randomUUID()}`,
      troubleType: 'FTTH_DRILL',
      troubleDescription: 'No service on the line',
      troubleDetectionTime: '2026-03-02T09:00:00Z',
      preferredPriority: 2,
      troubledObject: 'LINE-7',
      customer: 70,
    },
    mayBeRefused: () => false,
  });
}

/** Information without a change of state: it is welcome whatever others do at the same moment. */
function note(sender: Sender, ticket: WireTicket): Promise<WireTicket | null> {
  return sendWrite(sender, {
    by: Math.random() < 0.5 ? ISSUER : OWNER,
    method: 'PATCH',
    path: `/troubleTicket/${ticket.ticketId}`,
    body: {},
    mayBeRefused: () => false,
  });
}

interface Move {
  readonly by: PartyKey;
  readonly to?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

const CLEAR: Move = {
  by: OWNER,
  to: 'CLEARED',
  more: {
    closeOutType: 'SOLVED',
    closeOutNarr: 'Profile set anew',
    serviceRestoredTime: '2026-03-02T10:00:00Z',
  },
};
const PASS_ON: readonly Move[] = [{ by: ISSUER }, { by: OWNER }];

/** What may be done next; null leaves the ticket to its timer. A move stands as often as it is likely. */
const MOVES: Readonly<Record<string, readonly (Move | null)[]>> = {
  OPENACTIVE: [
    ...[CLEAR, CLEAR, CLEAR, CLEAR],
    { by: OWNER, to: 'DEFERRED.AWAITING-INFORMATION' },
    { by: OWNER, to: 'DEFERRED.AWAITING-CANCELATION' },
    ...PASS_ON,
  ],
  'DEFERRED.AWAITING-INFORMATION': [{ by: ISSUER, to: 'OPENACTIVE' }, ...PASS_ON],
  'DEFERRED.AWAITING-CANCELATION': [
    { by: ISSUER, to: 'OPENACTIVE' },
    { by: ISSUER, to: 'CLOSED.CANCELED' },
  ],
  CLEARED: [null, null, null, { by: ISSUER, to: 'OPENACTIVE' }, { by: ISSUER, to: 'CLOSED' }, ...PASS_ON],
};

/** Moves a ticket that only this client and a timer move. Null: the client goes on with another one. */
async function move(sender: Sender, ticket: WireTicket): Promise<WireTicket | null> {
  const { ticketId, baseTroubleTicketState: state } = ticket;
  const moves = MOVES[state] ?? [null];
  const next = moves[Math.floor(Math.random() * moves.length)] ?? null;
  if (!next) return null;
  return sendWrite(sender, {
    by: next.by,
    method: Math.random() < 0.5 ? 'PATCH' : 'PUT',
    path: `/troubleTicket/${ticketId}`,
    body: { ...(next.to !== undefined && { baseTroubleTicketState: next.to }), ...next.more },
    // The guarantee may run out while the request is on its way.
    mayBeRefused: (code) => state === 'CLEARED' && code === 'invalidTransition',
  });
}
