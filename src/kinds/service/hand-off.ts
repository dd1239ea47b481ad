import type { HandOff } from '../../core/hand-off.ts';
import type { Input } from '../../core/kind.ts';
import { isUuid } from '../../kernel/id.ts';

/**
 * What prepares a ticket for another kind's: the vehicle comes in the hand-off's own input; the customer too, where the
 * other kind does not name it by a UUID.
 */
export function fromHandOff({ customer, reference, input }: HandOff): Input {
  return {
    ...(customer !== null && isUuid(customer) && { customerId: customer }),
    customerReference: reference,
    ...input,
  };
}
