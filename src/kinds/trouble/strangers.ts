import type { FastifyRequest } from 'fastify';
import { RefusalError } from '../../kernel/errors.ts';
import { unknownPartyRefusal } from '../../store/precondition.ts';
import type { Store } from '../../store/store.ts';
import { actingParty } from './parties.ts';

/** A hook that lets nobody do anything whose account does not know the party that it speaks for. */
export function refuseStrangers({ directory }: Store): (request: FastifyRequest) => Promise<void> {
  return async ({ actor }) => {
    const party = actingParty(actor);
    if (party === null || (await directory.hasParty(actor.account, party))) return;
    throw new RefusalError(unknownPartyRefusal(party));
  };
}
