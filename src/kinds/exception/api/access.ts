import type { FastifyRequest } from 'fastify';
import { RefusalError, refuse } from '../../../kernel/errors.ts';
import { HELP_DESK_INTEGRATION, PARTNER_PERSONA } from '../permissions.ts';

/** Lets those in who have the persona of the standard endpoints. */
export async function partnersOnly({ actor }: FastifyRequest): Promise<void> {
  if (actor.persona === PARTNER_PERSONA) return;
  throw new RefusalError(refuse('forbidden', `The persona ${PARTNER_PERSONA} is needed.`));
}

/** Lets in the account's own client of the help desk, whatever its persona. */
export async function integrationOnly({ actor }: FastifyRequest): Promise<void> {
  if (actor.integration === HELP_DESK_INTEGRATION) return;
  throw new RefusalError(
    refuse('forbidden', `Only a token of the account’s ${HELP_DESK_INTEGRATION} integration is let in.`),
  );
}
