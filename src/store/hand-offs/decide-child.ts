import { Value } from 'typebox/value';
import { decide } from '../../core/decide.ts';
import type { Birth, DecideContext, Decision } from '../../core/decision.ts';
import { type HandOff, handOffRefusal } from '../../core/hand-off.ts';
import type { Input, Kind, KindRegistry } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import type { Family } from './family.ts';

/**
 * The decision that makes the child of a hand-off, linked to its parent, or why there can be none.
 * @param giveBirth reserves the child's number once it is known to be wanted
 */
export async function decideChild(
  kinds: KindRegistry,
  parent: Ticket,
  handOff: HandOff,
  family: Family,
  context: DecideContext,
  giveBirth: (kind: Kind) => Promise<Birth>,
): Promise<Decision | Refusal> {
  const kind = kinds.get(handOff.kind);
  const refusal = handOffRefusal(handOff, kind?.receives, family.lineage);
  if (refusal || !kind?.receives) return refusal as Refusal;
  const { transition, input: inputOf } = kind.receives;
  const ordinal = (family.children.get(kind.name) ?? 0) + 1;
  const input = inputOf(handOff, { now: context.now, ordinal });
  const faults = inputFaults(kind, input);
  if (faults) return faults;
  const command = { type: 'create', name: transition, input } as const;
  const decision = decide(kind, null, command, { ...context, birth: await giveBirth(kind) });
  if (!decision.ok) return decision;
  return { ...decision, links: [...decision.links, { relation: 'parent', other: parent.id }] };
}

/** What a hand-off carries was put together by another kind, so it is checked like a client's. */
function inputFaults({ createSchema }: Kind, input: Input): Refusal | null {
  if (Value.Check(createSchema, input)) return null;
  return invalid(
    Value.Errors(createSchema, input).map(({ instancePath, message }) => ({
      pointer: instancePath,
      message,
    })),
  );
}
