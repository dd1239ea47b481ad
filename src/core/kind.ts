import type { TSchema } from 'typebox';
import type { Actor } from '../kernel/actor.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { SettingDefinition, Settings } from '../kernel/settings.ts';
import type { ChildNews, SystemStep } from './child-news.ts';
import type { Catalogue } from './collection.ts';
import type { HandOff, Receiver } from './hand-off.ts';
import type { Link } from './link.ts';
import type { Settlement } from './settlement.ts';
import type { Ticket } from './ticket.ts';
import type { Workflow } from './workflow.ts';

/** Input of a command after validation: plain JSON values. */
export type Input = Readonly<Record<string, unknown>>;

/** The properties that a kind may set when it makes or changes a ticket. The core sets all others. */
export type TicketChange = Partial<
  Pick<
    Ticket,
    | 'title'
    | 'priority'
    | 'assignee'
    | 'queue'
    | 'customer'
    | 'tags'
    | 'issuer'
    | 'owner'
    | 'externalReference'
    | 'uniqueKey'
    | 'fields'
  >
>;

/** What a transition does to the ticket beside its state, and what its event tells. */
export interface Change {
  readonly ok: true;
  readonly set: TicketChange;
  readonly reason?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Text that full text search shall find the ticket by from now on, beside what it is found by already. */
  readonly searchText?: string;
  /** Files that come with it; what the ticket shows of them is in `set.fields`. */
  readonly attachments?: readonly NewAttachment[];
  /** Links to other tickets. One to a parent may come only with a new ticket, which nothing can lead back to. */
  readonly links?: readonly Link[];
  /** Asks for a ticket of another kind, to be made from this one as its child. */
  readonly handOff?: HandOff;
  /** Tells the tickets that were made from this one by hand-offs that the matter is settled. */
  readonly settlement?: Settlement;
}

/** A file to be kept with the ticket. */
export interface NewAttachment {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes in base64. */
  readonly content: string;
}

export interface ChangeContext {
  readonly actor: Actor;
  /** The role that the actor plays on the ticket. */
  readonly role: string;
  /** The ticket's human key, also of one that is being made. */
  readonly key: string;
  readonly now: Date;
  readonly settings: Settings;
  /** The account's small collections. */
  readonly catalogue: Catalogue;
}

/**
 * What sort of ticket: a workflow, the shape of its fields, and the pure rules that are its own. A wing gives one;
 * the hall works with any.
 */
export interface Kind {
  readonly name: string;
  readonly label: string;
  readonly workflow: Workflow;
  /** The prefix of human keys; null: the account's own ticket prefix. */
  readonly keyPrefix: string | null;
  readonly settings: readonly SettingDefinition[];
  /** What `create` takes beside the properties that every ticket has. */
  readonly createSchema: TSchema;
  /** What may be edited without a transition. */
  readonly editSchema: TSchema;
  /** What a transition takes. */
  inputSchema(transition: string): TSchema;
  /** The role that the actor would play on a ticket that it creates, null where it may not create one. */
  creatorRole(actor: Actor): string | null;
  /** The role that the actor plays on this ticket, null where the ticket is not there for it. */
  roleOf(ticket: Ticket, actor: Actor): string | null;
  /** How it takes tickets that other kinds hand over; a kind without it takes none. */
  readonly receives?: Receiver;
  /**
   * What follows from news of a ticket that was to be made from this one: the first of these transitions that may be
   * done. Where none may, or the kind has nothing to say, the news is noted as a comment if it tells of a birth, a refusal
   * or a final state.
   */
  hears?(news: ChildNews, ticket: Ticket): readonly SystemStep[];
  /** What a creation, a transition or an edit sets. `name` is the transition's, null for an edit. */
  change(ticket: Ticket | null, name: string | null, input: Input, context: ChangeContext): Change | Refusal;
}

export type KindRegistry = ReadonlyMap<string, Kind>;
