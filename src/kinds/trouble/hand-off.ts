import type { HandOff, ReceiveContext } from '../../core/hand-off.ts';
import type { Input } from '../../core/kind.ts';

/** What a trouble ticket has to tell and a hand-off may leave open. */
const TROUBLE_TYPE = 'OTHER';

/**
 * A hand-off as the input that opens a trouble ticket between the account and the party named. Its mirror key is the
 * other ticket's key, from the second one on with a number. `input` may name any property of a trouble ticket itself.
 */
export function inputOfHandOff(handOff: HandOff, { now, ordinal }: ReceiveContext): Input {
  const { reference, title, description, priority, party } = handOff;
  // Only what the create schema checks: attributes are another contract's way to open a ticket.
  const { attributes: _, ...input } = handOff.input;
  return {
    mirrorKey: ordinal === 1 ? reference : `${reference}/${ordinal}`,
    dialog: cut(description.trim() || title, 4000),
    troubleType: TROUBLE_TYPE,
    troubleDescription: cut(title, 1000),
    troubleDetectionTime: now.toISOString(),
    preferredPriority: Math.min(Math.max(priority ?? 2, 1), 3),
    troubledObject: cut(reference, 100),
    ...(party !== null && { owner: party }),
    ...input,
  };
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
