import type { Actor } from '../kernel/actor.ts';

/** `ticket.erased` is all that is left of a ticket that was erased: it leads from its last state to none. */
export type EventType =
  | 'ticket.created'
  | 'ticket.transitioned'
  | 'ticket.edited'
  | 'ticket.commented'
  | 'ticket.linked'
  | 'ticket.unlinked'
  | 'ticket.erased'
  | EntryEventType;

/**
 * What became of reference data whose changes are told (`Collection.isTold`). The event's `ticket` then stands for the entry
 * (`entryId`), its `version` is the entry's, and its data name collection, key and the properties that changed.
 */
export type EntryEventType = 'entry.created' | 'entry.changed' | 'entry.deleted';

/** The part of an actor that history keeps, with the role that it played on the ticket. */
export interface EventActor {
  readonly id: string;
  readonly name: string;
  readonly type: Actor['type'];
  readonly party: string | null;
  readonly role: string | null;
}

/** A recorded fact about a ticket or an entry: history, audit and outbox in one. Events are never changed. */
export interface TicketEvent {
  readonly ticket: string;
  readonly kind: string;
  readonly type: EventType;
  /** The transition's name for a creation or a transition, else null. */
  readonly name: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** The ticket's version after the event. */
  readonly version: number;
  readonly actor: EventActor;
  /** The contract that the command came through; `timer` for one that a timer fired. */
  readonly contract: string;
  readonly reason: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}
