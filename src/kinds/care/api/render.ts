import type { FastifyRequest } from 'fastify';
import type { Ticket } from '../../../core/ticket.ts';
import type { Store } from '../../../store/store.ts';
import { ownLanguage } from '../fields.ts';
import { acceptedLanguages } from '../language.ts';
import { childrenOf } from '../store.ts';
import { toWire } from './map.ts';
import type { WireTicket } from './schema.ts';

/** The languages in which a caller reads, the best first: its own, then the account's. */
export async function languagesOf({ directory }: Store, request: FastifyRequest): Promise<string[]> {
  const { settings } = await directory.account(request.actor.account);
  return [...acceptedLanguages(request.headers['accept-language']), ownLanguage(settings)];
}

/** Makes what shows these tickets to the caller: with their children, and with names in the caller's language. */
export async function createRenderer(
  store: Store,
  request: FastifyRequest,
  ids: readonly string[],
): Promise<(ticket: Ticket, now: Date) => WireTicket> {
  const { account } = request.actor;
  const [{ catalogue, settings }, children, agentLanguages] = await Promise.all([
    store.directory.account(account),
    childrenOf(store.sql, account, ids),
    languagesOf(store, request),
  ]);
  return (ticket, now) =>
    toWire(ticket, {
      now,
      catalogue,
      agentLanguages,
      ownLanguage: ownLanguage(settings),
      children: children.get(ticket.id) ?? [],
    });
}
