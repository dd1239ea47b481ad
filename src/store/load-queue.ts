import type { Ticket } from '../core/ticket.ts';
import { isUuid } from '../kernel/id.ts';
import type { Sql } from './database.ts';
import { createGather, type Gather } from './gather.ts';
import { findLinks, type TicketLink } from './links.ts';
import { loadByNumbers, loadTickets, numberOf, type TicketRef } from './load.ts';
import { type SubjectTimer, timersOfSubjects } from './subject-timers.ts';

/** Reads single tickets and subjects; those that are asked for at the same moment come by one statement. */
export interface LoadQueue {
  /** One ticket of the account as it is now, null where there is none. */
  load(account: string, ref: TicketRef): Promise<Ticket | null>;
  /** The links of a ticket, oldest first. */
  links(account: string, id: string): Promise<readonly TicketLink[]>;
  /** The pending timers of a kind's subject, due next first. */
  timersOfSubject(account: string, kind: string, subject: string): Promise<readonly SubjectTimer[]>;
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
  const ofSubjects = new Map<string, Gather<SubjectTimer[]>>();
  function timersOf(kind: string): Gather<SubjectTimer[]> {
    const timers =
      ofSubjects.get(kind) ??
      createGather(async (account, subjects) =>
        Map.groupBy(await timersOfSubjects(sql, account, kind, subjects), ({ subject }) => subject),
      );
    ofSubjects.set(kind, timers);
    return timers;
  }
  return {
    async load(account, ref) {
      if ('id' in ref) return isUuid(ref.id) ? byId(account, ref.id.toLowerCase()) : null;
      const number = numberOf(ref);
      // Each kind counts for itself, so a few tickets have one number.
      const alike = number === null ? null : await byNumber(account, String(number));
      return alike?.find(({ key, kind }) => ('key' in ref ? key === ref.key : kind === ref.kind)) ?? null;
    },
    links: async (account, id) => (await linksOf(account, id)) ?? [],
    timersOfSubject: async (account, kind, subject) => (await timersOf(kind)(account, subject)) ?? [],
  };
}
