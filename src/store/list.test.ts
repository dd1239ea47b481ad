import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import type { Decision } from '../core/decision.ts';
import { nextDueAt, type Ticket } from '../core/ticket.ts';
import { commit } from './commit.ts';
import { countTickets, listTickets, type PageStart, type Sort, type TicketFilter } from './list.ts';
import { toSearchQuery } from './search.ts';

const database = useDatabase();
const stores = useStores(database);
const account = 'home';
const T0 = Date.parse('2026-11-21T10:00:00.000Z');
/** Moments a minute apart; several tickets share each. */
const moment = (index: number) => new Date(T0 + index * 60_000);
const tickets: Ticket[] = [];

async function write(decisions: readonly Decision[]): Promise<void> {
  await commit(
    stores.shared.sql,
    account,
    decisions.map((decision) => ({ decision, idempotency: null })),
  );
}

/** Tickets with every mixture of properties, created in some order and changed in another. */
beforeAll(async () => {
  await stores.account(account);
  await stores.account('elsewhere');
  const created = Array.from({ length: 120 }, (_, index) => {
    const input = {
      title: index % 6 === 0 ? `Camión ${index}` : `Errand ${index}`,
      priority: index % 4 || null,
      assignee: index % 3 ? `agent ${index % 3}` : null,
      queue: index % 5 ? `queue ${index % 5}` : null,
      customer: index % 7 ? `customer ${index % 7}` : null,
      tags: index % 2 ? ['odd', `t${index % 3}`] : [],
      externalReference: index % 8 ? null : `ref ${index % 16}`,
      place: `p${index % 9}`,
      ...(index % 4 === 0 && { owner: 'other' }),
    };
    return asked(account, input, moment(Math.floor(index / 4)));
  });
  const accepted = created
    .filter((_, index) => index % 3)
    .map(({ ticket }, index) => moved(ticket, 'accept', {}, moment(200 - (index % 40))));
  const waits = accepted
    .filter((_, index) => index % 2)
    .map(({ ticket }, index) => moved(ticket, 'wait', {}, moment(250 - (index % 10))));
  const done = waits
    .filter((_, index) => index % 4 === 0)
    .map(({ ticket }, index) => moved(ticket, 'withdraw', {}, moment(300 + index)));
  for (const decisions of [created, accepted, waits, done]) await write(decisions);
  const latest = new Map(
    [...created, ...accepted, ...waits, ...done].map(({ ticket }) => [ticket.id, ticket]),
  );
  tickets.push(...latest.values());
  const foreign = asked('elsewhere', { title: 'Camión' });
  await commit(stores.shared.sql, 'elsewhere', [{ decision: foreign, idempotency: null }]);
});

const everything: TicketFilter = { party: null };

function sortKey(ticket: Ticket, { column }: Sort): string {
  if (column === 'created') return ticket.id;
  const at = column === 'updated' ? ticket.updatedAt : nextDueAt(ticket);
  return `${at?.toISOString()} ${ticket.id}`;
}

function inOrder(found: readonly Ticket[], sort: Sort): Ticket[] {
  const shown = sort.column === 'due' ? found.filter((ticket) => nextDueAt(ticket)) : [...found];
  shown.sort((a, b) => (sortKey(a, sort) < sortKey(b, sort) ? -1 : 1));
  return sort.descending ? shown.reverse() : shown;
}

async function page(filter: TicketFilter, sort: Sort, limit: number, between?: () => Promise<void>) {
  const pages: Ticket[][] = [];
  let start: PageStart | null = null;
  do {
    const { tickets: found, next } = await listTickets(
      stores.shared.sql,
      account,
      filter,
      sort,
      limit,
      start,
    );
    pages.push(found);
    start = next;
    await between?.();
  } while (start);
  return pages;
}

const sorts: Sort[] = (['created', 'updated', 'due'] as const).flatMap((column) =>
  [true, false].map((descending) => ({ column, descending })),
);

const side = (party: string) => (ticket: Ticket) => ticket.issuer === party || ticket.owner === party;

const filters: [string, TicketFilter, (ticket: Ticket) => boolean][] = [
  ['everything', everything, () => true],
  ['a party, on both sides', { party: 'guest' }, side('guest')],
  ['a party with some', { party: 'other' }, side('other')],
  ['a party with none', { party: 'nobody' }, () => false],
  ['a party on one side', { party: account, side: 'owner' }, ({ owner }) => owner === account],
  ['a party on the other side', { party: account, side: 'issuer' }, ({ issuer }) => issuer === account],
  ['a kind', { party: null, kind: 'errand' }, () => true],
  ['an unknown kind', { party: null, kind: 'trouble' }, () => false],
  ['a state', { party: null, states: ['waiting'] }, ({ state }) => state === 'waiting'],
  [
    'states',
    { party: null, kind: 'errand', states: ['new', 'done'] },
    ({ state }) => ['new', 'done'].includes(state),
  ],
  ['no state', { party: null, states: [] }, () => false],
  ['a category', { party: null, category: 'active' }, ({ category }) => category === 'active'],
  ['an assignee', { party: null, assignee: 'agent 1' }, ({ assignee }) => assignee === 'agent 1'],
  ['a queue', { party: null, queue: 'queue 2' }, ({ queue }) => queue === 'queue 2'],
  ['a priority', { party: null, priority: 3 }, ({ priority }) => priority === 3],
  ['a tag', { party: null, tag: 't2' }, ({ tags }) => tags.includes('t2')],
  ['a customer', { party: null, customer: 'customer 4' }, ({ customer }) => customer === 'customer 4'],
  [
    'a reference',
    { party: null, externalReference: 'ref 8' },
    ({ externalReference }) => externalReference === 'ref 8',
  ],
  ['created after', { party: null, createdAfter: moment(20) }, ({ createdAt }) => createdAt > moment(20)],
  ['created before', { party: null, createdBefore: moment(20) }, ({ createdAt }) => createdAt < moment(20)],
  ['updated after', { party: null, updatedAfter: moment(180) }, ({ updatedAt }) => updatedAt > moment(180)],
  ['updated before', { party: null, updatedBefore: moment(180) }, ({ updatedAt }) => updatedAt < moment(180)],
  [
    'overdue',
    { party: null, dueBefore: moment(275) },
    (ticket) => (nextDueAt(ticket) ?? moment(999)) < moment(275),
  ],
  ['a field', { party: null, fields: { place: 'p4' } }, ({ fields }) => fields.place === 'p4'],
  ['a field with odd letters', { party: null, fields: { 'x\'"': "'" } }, () => false],
  [
    'all at once',
    { party: 'guest', kind: 'errand', states: ['waiting'], tag: 'odd', priority: 1, updatedAfter: moment(1) },
    ({ state, tags, priority }) => state === 'waiting' && tags.includes('odd') && priority === 1,
  ],
];

describe('a list', () => {
  it.each(filters)('by %s shows what it says, in every order, and counts it', async (_, filter, holds) => {
    const found = tickets.filter(holds);
    for (const sort of sorts) {
      const pages = await page(filter, sort, 50);
      expect(pages.flat()).toEqual(inOrder(found, sort));
    }
    expect(await countTickets(stores.shared.sql, account, filter, 'exact')).toBe(found.length);
  });

  it('by text shows the tickets with that word', async () => {
    const search = (await toSearchQuery(stores.shared.sql, account, 'camion')) ?? '';
    const sort: Sort = { column: 'created', descending: true };
    const found = tickets.filter(({ title }) => title.startsWith('Camión'));
    expect((await page({ party: null, search }, sort, 50)).flat()).toEqual(inOrder(found, sort));
    expect(await countTickets(stores.shared.sql, account, { party: null, search }, 'exact')).toBe(20);
  });

  it('shows a ticket once to a party that is on both of its sides', async () => {
    const both = asked(account, { owner: 'guest' }, moment(0));
    await write([both]);
    const pages = await page({ party: 'guest' }, { column: 'created', descending: true }, 50);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids.filter((id) => id === both.ticket.id)).toHaveLength(1);
    await stores.shared.sql`delete from ticket where account = ${account} and id = ${both.ticket.id}`;
  });

  it('can be estimated', async () => {
    await stores.shared.sql`analyze ticket`;
    const estimate = await countTickets(stores.shared.sql, account, { party: 'guest' }, 'estimate');
    expect(Math.abs(estimate - tickets.length)).toBeLessThan(20);
  });

  it('of pages of any size visits every ticket once, in order, while others come and go', async () => {
    const parties = fc.constantFrom<TicketFilter>(
      everything,
      { party: 'guest' },
      { party: 'other' },
      { party: null, kind: 'errand', states: ['new'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sorts),
        parties,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(300),
        async (sort, filter, limit, at) => {
          const guests: Decision[] = [];
          const come = async () => {
            if (guests.length > 5) return;
            const created = asked(account, { owner: 'other' }, moment(at));
            const accepted = moved(created.ticket, 'accept', {}, moment(at));
            const waits = moved(accepted.ticket, 'wait', {}, moment(at));
            for (const decision of [created, accepted, waits]) await write([decision]);
            guests.push(waits);
            const gone = guests.length > 2 ? guests[guests.length - 3] : undefined;
            if (gone)
              await stores.shared
                .sql`delete from ticket where account = ${account} and id = ${gone.ticket.id}`;
          };
          const pages = await page(filter, sort, limit, come);
          await stores.shared.sql`
          delete from ticket where account = ${account} and id = any(${guests.map(({ ticket }) => ticket.id)}::uuid[])`;
          const seen = pages.flat();
          expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
          const known = new Set(tickets.map(({ id }) => id));
          const holds = filters.find(([, other]) => other.party === filter.party)?.[2] ?? (() => true);
          const expected = filter.states
            ? tickets.filter(({ state }) => state === 'new')
            : tickets.filter(holds);
          expect(seen.filter(({ id }) => known.has(id))).toEqual(inOrder(expected, sort));
          expect(seen).toEqual(inOrder(seen, sort));
          expect(pages.slice(0, -1).every((rows) => rows.length === limit)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
