import { Value } from 'typebox/value';
import { systemActor } from '../kernel/actor.ts';
import { type FieldError, invalid, type Refusal } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import { schemaFaults } from '../kernel/schema-faults.ts';
import type { Catalogue } from './collection.ts';
import { decide } from './decide.ts';
import type { Birth, DecideContext, Decision } from './decision.ts';
import { HAND_OFF_CONTRACT, type HandOff, handOffRefusal, type Receiver } from './hand-off.ts';
import type { Input, Kind } from './kind.ts';

/** What a hand-off has, wherever it comes from: the rest is known only when a ticket asks. */
export type HandOffOrder = Pick<HandOff, 'queue' | 'party' | 'input'>;

/** The input that makes a ticket of this kind from a hand-off, or what is wrong with it: it is checked like a client's. */
export function inputOfHandOff(
  { createSchema }: Kind,
  receives: Receiver,
  handOff: HandOff,
  now: Date,
  ordinal: number,
): { readonly ok: true; readonly input: Input } | Refusal {
  const input = receives.input(handOff, { now, ordinal });
  if (Value.Check(createSchema, input)) return { ok: true, input };
  return invalid(schemaFaults(createSchema, input, Value.Errors(createSchema, input), ''));
}

/** The decision that makes the ticket, in the queue that the hand-off names. */
export function decideReceived(
  kind: Kind,
  { transition }: Receiver,
  { queue }: HandOff,
  input: Input,
  context: DecideContext & { readonly birth: Birth },
): Decision | Refusal {
  const decision = decide(kind, null, { type: 'create', name: transition, input }, context);
  if (!decision.ok || queue === null) return decision;
  return { ...decision, ticket: { ...decision.ticket, queue } };
}

const TRIED_AT = new Date(0);

/** A ticket that asks and has everything that one can have. */
const TRIED: Omit<HandOff, keyof HandOffOrder | 'kind'> = {
  title: 'Title',
  description: 'Description',
  priority: 1,
  customer: '00000000-0000-4000-8000-000000000000',
  contact: { name: 'Name', email: 'name@example.org' },
  reference: 'KEY-1',
};

/**
 * Why no ticket of this kind could ever be made from such a hand-off, found by trying; nothing is written. Whether the
 * party is there is not looked at.
 * @returns faults with pointers into the order
 */
export function handOffFaults(kind: Kind, order: HandOffOrder, catalogue: Catalogue): readonly FieldError[] {
  const handOff: HandOff = { ...TRIED, ...order, kind: kind.name };
  const tried = tryHandOff(kind, handOff, catalogue);
  if (tried.ok) return [];
  const { message, errors = [] } = tried;
  if (errors.length === 0) return [{ pointer: '', message }];
  return errors.map((fault) => ({ ...fault, pointer: placeIn(order, fault.pointer) }));
}

function tryHandOff(kind: Kind, handOff: HandOff, catalogue: Catalogue): Decision | Refusal {
  const { receives } = kind;
  const refusal = handOffRefusal(handOff, receives, new Set());
  if (refusal || !receives) return refusal as Refusal;
  const given = inputOfHandOff(kind, receives, handOff, TRIED_AT, 1);
  if (!given.ok) return given;
  return decideReceived(kind, receives, handOff, given.input, {
    actor: systemActor('-'),
    now: TRIED_AT,
    settings: {},
    catalogue,
    contract: HAND_OFF_CONTRACT,
    birth: { id: newId(TRIED_AT), number: 1, key: 'KEY-2' },
  });
}

/** Parts of a hand-off by what they are called in the ticket that is made. */
const PARTS: Readonly<Record<string, string>> = { queue: 'queue', owner: 'party', party: 'party' };

/** A fault of the ticket's input, as one of the order that it came from. */
function placeIn({ input }: HandOffOrder, pointer: string): string {
  const [name = ''] = pointer.slice(1).split('/', 1);
  const part = Object.hasOwn(input, name) ? undefined : PARTS[name];
  return part === undefined ? `/input${pointer}` : `/${part}`;
}
