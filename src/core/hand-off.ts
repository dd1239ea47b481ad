import { invalid, type Refusal, refuse } from '../kernel/errors.ts';
import type { SystemStep } from './child-news.ts';
import type { Input } from './kind.ts';
import type { Ticket } from './ticket.ts';

/** The contract that the children of hand-offs, and what is noted of them, come through. */
export const HAND_OFF_CONTRACT = 'hand-off';

/**
 * A ticket asks for another one, of another kind, that is to be made from it as its child. The event of the change that
 * asks tells it; a reader of the log makes the child.
 */
export interface HandOff {
  /** The kind of the child. */
  readonly kind: string;
  readonly queue: string | null;
  readonly title: string;
  readonly description: string;
  readonly priority: number | null;
  readonly customer: string | null;
  /** Who the customer is, as far as the kind that asks knows it. */
  readonly contact?: Contact;
  /** The key of the ticket that asks. */
  readonly reference: string;
  /** The organisation on the other side, for kinds that have one. */
  readonly party: string | null;
  /** What only the child's kind knows. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Somebody outside, as people know them. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
}

export interface ReceiveContext {
  readonly now: Date;
  /** Which child of this kind it is for the ticket that asks: 1 for the first. */
  readonly ordinal: number;
}

/** How a kind takes a hand-off: by one of the transitions that make its tickets, with this input. */
export interface Receiver {
  readonly transition: string;
  /** There is always another party: without one in the hand-off, or an `owner` in its input, no ticket is made. */
  readonly needsParty?: true;
  input(handOff: HandOff, context: ReceiveContext): Input;
  /** The states in which what was asked for is done, for those who asked; the final ones when absent. */
  readonly done?: readonly string[];
  /**
   * How a ticket is brought to its end when the one that asked for it says that the matter is settled: the first of these
   * that may be done. A kind without it gets the comment only.
   */
  settle?(ticket: Ticket): readonly SystemStep[];
}

/** The hand-off that an event tells; null where it tells none, or none that can be read. */
export function handOffOf(data: Readonly<Record<string, unknown>>): HandOff | null {
  const told = data.handOff;
  if (typeof told !== 'object' || told === null) return null;
  const { kind, queue, title, description, priority, customer, contact, reference, party, input } =
    told as Partial<HandOff>;
  if (typeof kind !== 'string' || typeof title !== 'string' || typeof reference !== 'string') return null;
  return {
    kind,
    queue: queue ?? null,
    title,
    description: description ?? '',
    priority: priority ?? null,
    customer: customer ?? null,
    ...(contact && { contact: { name: contact.name ?? null, email: contact.email ?? null } }),
    reference,
    party: party ?? null,
    input: input ?? {},
  };
}

/**
 * Why a hand-off may not be made, null where it may. A kind that the ticket or one of its parents has is refused: two
 * kinds that hand over to each other would never end.
 * @param lineage the kinds of the ticket that asks and of all its parents
 */
export function handOffRefusal(
  { kind, party, input }: HandOff,
  receives: Receiver | undefined,
  lineage: ReadonlySet<string>,
): Refusal | null {
  if (!receives) return refuse('invalidRequest', `No ticket of kind ${kind} can be made from another one.`);
  if (lineage.has(kind)) {
    return refuse('invalidRequest', `This ticket, or one that it comes from, is of kind ${kind} already.`);
  }
  if (!receives.needsParty || party !== null || input.owner !== undefined) return null;
  return invalid([{ pointer: '/party', message: 'is required' }]);
}
