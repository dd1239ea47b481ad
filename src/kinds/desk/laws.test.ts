import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TestClient } from '../../../test/server.ts';
import { countByState, keepCounts } from '../../store/counts.ts';
import { makeTicket, TICKET, useDeskServer } from './api/fixture/desk-server.ts';
import { DESK_STATES } from './workflow.ts';

const server = useDeskServer();
const TICKETS = 4;

/** One request of a client; `ids` are places among the tickets of the run. */
interface Step {
  readonly what: string;
  readonly ids: readonly number[];
  readonly status: string;
  readonly word: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    ...['status', 'status', 'priority', 'tag', 'untag', 'both', 'put', 'unlink', 'customer', 'agent', 'note'],
    ...['solve', 'delete', 'deleteMany', 'create', 'count'],
  ),
  ids: fc.uniqueArray(fc.nat({ max: TICKETS - 1 }), { minLength: 1, maxLength: TICKETS }),
  status: fc.constantFrom(...DESK_STATES),
  word: fc.constantFrom('a', 'b', 'c'),
});

const PRIORITY: Readonly<Record<string, string>> = { a: 'low', b: 'high', c: 'urgent' };

async function take(client: TestClient, { what, ids, status, word }: Step, tickets: readonly number[]) {
  const ticketIDs = ids.map((place) => tickets[place]);
  const [one] = ticketIDs;
  const batch = (...actions: object[]) =>
    client('POST', `${TICKET}/batch`, { TicketIDs: ticketIDs, actions });
  switch (what) {
    case 'status':
      return client('POST', `${TICKET}/setStatus`, { status, ticketIDs });
    case 'priority':
      return client('POST', `${TICKET}/setPriority`, { priority: PRIORITY[word], ticketIDs });
    case 'tag':
      return batch({ actionType: 'addTag', value: word });
    case 'untag':
      return batch({ actionType: 'removeTag', value: word });
    case 'both':
      return batch({ actionType: 'setTitle', value: word }, { actionType: 'setStatus', value: status });
    case 'put':
      return client('PUT', `${TICKET}/${one}`, {
        title: word,
        externalPrimaryID: 'CRM-77',
        status: 'solved',
      });
    case 'unlink':
      return client('POST', `${TICKET}/unlinkCustomerFromTicket`, { ticketID: one });
    case 'customer':
    case 'agent':
    case 'note':
      return client('POST', `${TICKET}/${one}/messages`, { type: what, content: word });
    case 'solve':
      return client('PUT', `${TICKET}/solveUnfinishedTickets`, {});
    case 'delete':
      return client('DELETE', `${TICKET}/${one}`);
    case 'deleteMany':
      return client('DELETE', `${TICKET}/multi`, { ticketIDs: ticketIDs.slice(0, 2) });
    case 'create':
      return client('POST', TICKET, { title: word });
    default:
      await keepCounts(server.store.sql, 'default');
      return null;
  }
}

interface EventRow {
  readonly type: string;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly version: number;
  readonly changed: Record<string, unknown> | null;
}

interface TicketRow {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly title: string;
  readonly priority: number;
  readonly tags: string[];
  readonly customer: string | null;
}

/** The ticket's history leads without a gap to what the ticket is. */
function expectHistory(ticket: TicketRow, events: readonly EventRow[]): void {
  const { state, title, priority, tags, customer } = ticket;
  // What was never changed is as the ticket was made.
  const told = { state: null as string | null, title, priority, tags, customer };
  events.forEach(({ from_state, to_state, version, changed }, place) => {
    expect(version).toBe(place + 1);
    expect(from_state).toBe(told.state);
    Object.assign(told, changed, { state: to_state });
  });
  expect(told).toMatchObject({ state, title, priority, tags, customer });
  expect(ticket.version).toBe(events.length);
}

async function expectAgreement(): Promise<void> {
  const { sql } = server.store;
  const tickets = await sql<TicketRow[]>`
    select id, state, version, title, priority, tags, customer from ticket where account = 'default'`;
  const events = await sql<(EventRow & { ticket: string })[]>`
    select ticket, type, from_state, to_state, version, data->'changed' as changed from event
    where account = 'default' order by ticket, seq`;
  const byTicket = Map.groupBy(events, ({ ticket }) => ticket);
  for (const ticket of tickets) expectHistory(ticket, byTicket.get(ticket.id) ?? []);
  const present = new Set(tickets.map(({ id }) => id));
  for (const [id, rows] of byTicket) {
    if (present.has(id)) continue;
    expect(rows.map(({ type, to_state }) => [type, to_state])).toEqual([['ticket.erased', null]]);
  }
  const counted: Record<string, number> = {};
  for (const { state } of tickets) counted[state] = (counted[state] ?? 0) + 1;
  expect(Object.fromEntries(await countByState(sql, 'default', 'desk'))).toEqual(counted);
}

it('whatever two clients do at once, tickets, their histories and the counts agree', async () => {
  const clients = [server.agent(), server.as({ id: 'second', permissions: ['admin'] })];
  const steps = fc.array(step, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, steps, async (first, second) => {
      const tickets: number[] = [];
      for (let made = 0; made < TICKETS; made += 1) tickets.push(await makeTicket(clients[0] as TestClient));
      const run = async (client: TestClient | undefined, wanted: readonly Step[]) => {
        for (const next of wanted) {
          const answer = client && (await take(client, next, tickets));
          if (answer && ![200, 404, 409].includes(answer.status))
            throw new Error(`${answer.status}: ${answer.text}`);
        }
      };
      await Promise.all([run(clients[0], first), run(clients[1], second)]);
      await expectAgreement();
    }),
    { numRuns: 40 },
  );
}, 120_000);
