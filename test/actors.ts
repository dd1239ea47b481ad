import type { Actor } from '../src/kernel/actor.ts';

/** A client program of a party. */
export function actorOf(account: string, party: string | null, id = `client-of-${party}`): Actor {
  return {
    account,
    id,
    name: `The client of ${party}`,
    type: 'client',
    party,
    persona: null,
    permissions: new Set(),
  };
}
