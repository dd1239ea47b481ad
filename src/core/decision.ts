import type { Actor } from '../kernel/actor.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Catalogue } from './collection.ts';
import type { EventActor, TicketEvent } from './event.ts';
import type { NewAttachment } from './kind.ts';
import type { Link } from './link.ts';
import type { Ticket } from './ticket.ts';

/** What a creation needs beside its input, reserved before the decision so that the decision is complete. */
export interface Birth {
  readonly id: string;
  readonly number: number;
  readonly key: string;
}

export interface DecideContext {
  readonly actor: Actor;
  readonly now: Date;
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  /** The contract that the command came through. */
  readonly contract: string;
  /** Only for a creation. */
  readonly birth?: Birth;
}

/** A timer to be written. */
export interface TimerStart {
  readonly id: string;
  readonly name: string;
  readonly dueAt: Date;
}

/** The complete answer to a command, before anything is written: the ticket as it will be, its event and timers. */
export interface Decision {
  readonly ok: true;
  readonly ticket: Ticket;
  /** The version decided on, 0 for a creation; the write happens only if the ticket still has it. */
  readonly expectedVersion: number;
  readonly event: TicketEvent;
  readonly timersStarted: readonly TimerStart[];
  /** Ids of timers that the decision takes away. */
  readonly timersEnded: readonly string[];
  /** Text to be found by from now on; empty where nothing is added. */
  readonly searchText: string;
  readonly attachments: readonly NewAttachment[];
  readonly links: readonly Link[];
}

export function eventActor(actor: Actor, role: string | null): EventActor {
  return { id: actor.id, name: actor.name, type: actor.type, party: actor.party, role };
}
