import type { FastifyRequest } from 'fastify';
import { isOwnStaff } from '../../../kernel/actor.ts';
import { RefusalError, refuse } from '../../../kernel/errors.ts';

/** Help-desk tickets are the account's own: a credential of one of its partners sees none of them. */
export async function refusePartners(request: FastifyRequest): Promise<void> {
  const { actor } = request;
  if (isOwnStaff(actor)) return;
  throw new RefusalError(refuse('forbidden', `Help-desk tickets are not shown to the party ${actor.party}.`));
}
