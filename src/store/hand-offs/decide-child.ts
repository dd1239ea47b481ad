import type { Birth, DecideContext, Decision } from '../../core/decision.ts';
import { type HandOff, handOffRefusal } from '../../core/hand-off.ts';
import type { Kind, KindRegistry } from '../../core/kind.ts';
import { decideReceived, inputOfHandOff } from '../../core/receive-hand-off.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Refusal } from '../../kernel/errors.ts';
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
  const ordinal = (family.children.get(kind.name) ?? 0) + 1;
  const given = inputOfHandOff(kind, kind.receives, handOff, context.now, ordinal);
  if (!given.ok) return given;
  const birth = await giveBirth(kind);
  const decision = decideReceived(kind, kind.receives, handOff, given.input, { ...context, birth });
  if (!decision.ok) return decision;
  return { ...decision, links: [...decision.links, { relation: 'parent', other: parent.id }] };
}
