import type { Ticket } from '../core/ticket.ts';
import { isUuid } from '../kernel/id.ts';
import type { Sql } from './database.ts';
import { createGather } from './gather.ts';
import { findLinks, type TicketLink } from './links.ts';
import { loadByNumbers, loadTickets, numberOf, type TicketRef } from './load.ts';

/** Reads single tickets; those that are asked for at the same moment come by one statement. */
export interface LoadQueue {
  /** One ticket of the account as it is now, null where there is none. */
  load(account: string, ref: TicketRef): Promise<Ticket | null>;
  /** The links of a ticket, oldest first. */
  links(account: string, id: string): Promise<readonly TicketLink[]>;
}

export function createLoadQueue(sql: Sql): LoadQueue {
  const byId = createGather(async (account, ids) => {
    const tickets = await loadTickets(sql, account, ids);
    return new Map(tickets.map((ticket) => [ticket.id, ticket]));
  });
  const byNumber = createGather(async (account, numbers) => {
    const tickets = await loadByNumbers(sql, account, numbers.map(Number));
    return Map.groupBy(tickets, ({ number }) => String(number));
  });
  const linksOf = createGather((account, ids) => findLinks(sql, account, ids));
  return {
    async load(account, ref) {
      if ('id' in ref) return isUuid(ref.id) ? byId(account, ref.id.toLowerCase()) : null;
      const number = numberOf(ref);
      // Each kind counts for itself, so a few tickets have one number.
      const alike = number === null ? null : await byNumber(account, String(number));
      return alike?.find(({ key, kind }) => ('key' in ref ? key === ref.key : kind === ref.kind)) ?? null;
    },
    links: async (account, id) => (await linksOf(account, id)) ?? [],
  };
}
