import type { HandOff } from '../../core/hand-off.ts';
import type { Input } from '../../core/kind.ts';

/**
 * A hand-off as the input that opens a help-desk ticket: from the customer, as far as the other kind knows who that is,
 * and for the group whose number its queue is. `input` may name any property of a help-desk ticket itself.
 */
export function fromHandOff({
  title,
  description,
  priority,
  queue,
  customer,
  contact,
  reference,
  input,
}: HandOff): Input {
  const { name = null, email = null } = contact ?? {};
  // Searches find the customer by both.
  const who = [name, customer].filter((part) => part !== null).join(' ');
  return {
    title,
    content: description,
    ...(priority !== null && { priority: Math.min(Math.max(priority, 1), 4) }),
    ...(queue !== null && { queue }),
    ...(who !== '' && { customerName: cut(who, 1500) }),
    ...(name !== null && { fromName: cut(name, 255) }),
    ...(email !== null && { from: cut(email, 255) }),
    externalReference: reference,
    ...input,
  };
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
