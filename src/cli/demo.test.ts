import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { until } from '../../test/until.ts';
import { composeDemos, composeKinds } from '../app/compose.ts';
import type { Kind } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import { ensureParty } from '../store/accounts.ts';
import { openDatabase, type Sql } from '../store/database.ts';
import type { LoggedEvent } from '../store/log.ts';
import { readTimeline } from '../store/log.ts';
import { type TicketRow, ticketColumns, toTicket } from '../store/ticket-row.ts';
import { runInside } from './fixture/inside.ts';
import { ended, PATIENCE_MS, run, start } from './fixture/tessera.ts';

const database = useDatabase();
const env = { DATABASE_URL: database.url };
const trouble = composeKinds().get('trouble') as Kind;
let sql: Sql;
beforeAll(() => {
  sql = openDatabase({ url: database.url, connections: 2 });
});
afterAll(() => sql.end());

interface Summary {
  readonly account: string;
  readonly kinds: { readonly trouble: { tickets: number; events: number; states: Record<string, number> } };
}

async function tickets(): Promise<Ticket[]> {
  const rows = await sql<TicketRow[]>`
    select ${ticketColumns(sql)} from ticket where account = 'default' and kind = 'trouble' order by number`;
  return rows.map(toTicket);
}

/** States of trouble tickets that the example stories, which OSS/J tells, do not come to. */
const UNTOLD = new Set(['acknowledged', 'held', 'rejected']);

/** How many tickets are in each of the other states. */
function told(states: Record<string, number>): number[] {
  return Object.entries(states).flatMap(([state, count]) => (UNTOLD.has(state) ? [] : [count]));
}

/** Where the history leads, by the workflow's table alone. */
function stateAfter(events: readonly LoggedEvent[]): string {
  let state = '';
  events.forEach((event, index) => {
    expect(event.version).toBe(index + 1);
    expect(event.from ?? '').toBe(state);
    const transition = event.name === null ? null : trouble.workflow.transitions[event.name];
    if (transition) {
      expect(transition.from ?? ['']).toContain(state);
      state = transition.to ?? state;
    }
    expect(event.to).toBe(state);
  });
  return state;
}

describe('demo', () => {
  it('makes the tickets that it says, in every state, with the oldest first', async () => {
    const { code, stdout, stderr } = await run(
      ['demo', '--kinds', 'trouble', '--tickets', '200', '--json'],
      env,
    );
    expect(code).toBe(0);
    expect(stderr).toContain('trouble: 200 of 200 tickets');
    const summary: Summary = JSON.parse(stdout);
    const made = await tickets();
    expect(made.map(({ key }) => key)).toEqual(made.map((_, index) => `RED-${index + 1}`));
    expect(made.map(({ id }) => id.slice(0, 13))).toEqual(made.map(({ id }) => id.slice(0, 13)).toSorted());
    const [{ events }] = await sql<[{ events: number }]>`select count(*) as events from event`;
    const states = Object.keys(trouble.workflow.states).map((state) => [
      state,
      made.filter((ticket) => ticket.state === state).length,
    ]);
    expect(summary).toEqual({
      account: 'default',
      kinds: {
        trouble: {
          tickets: 200,
          events,
          states: Object.fromEntries(states),
          examples: expect.objectContaining({ cleared: expect.stringMatching(/^RED-\d+$/) }),
        },
      },
    });
    expect(told(summary.kinds.trouble.states).every((count) => count > 0)).toBe(true);
  });

  it('gives each a history that leads to its state, without gaps, in the order of time', async () => {
    const now = Date.now();
    for (const ticket of await tickets()) {
      const events = await readTimeline(sql, 'default', ticket.id, 0, 100);
      expect(stateAfter(events)).toBe(ticket.state);
      expect(events).toHaveLength(ticket.version);
      const times = events.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBe(ticket.createdAt.getTime());
      expect(times.at(-1)).toBe(ticket.updatedAt.getTime());
      expect(times.at(-1)).toBeLessThanOrEqual(now);
    }
  });

  it('leaves a timer pending for each cleared ticket and for no other, due in the future', async () => {
    const timers = await sql<{ ticket: string; id: string; due: Date }[]>`
      select ticket, id, due_at as due from timer where account = 'default'`;
    const cleared = (await tickets()).filter(({ state }) => state === 'cleared');
    expect(timers.map(({ ticket, id, due }) => [ticket, id, due]).toSorted()).toEqual(
      cleared.map(({ id, timers: own }) => [id, own.guarantee?.id, own.guarantee?.dueAt]).toSorted(),
    );
    expect(timers.every(({ due }) => due.getTime() > Date.now())).toBe(true);
    const [fired] = await sql<
      [{ count: number }]
    >`select count(*) as count from event where contract = 'timer'`;
    expect(fired.count).toBeGreaterThan(10);
  });

  it('adds more when it is run again, and shows them as a table', async () => {
    const { code, stdout } = await runInside(
      ['demo', '--kinds', 'trouble', '--tickets', '50', '--seed', '7'],
      env,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^trouble: 50 tickets with \d+ events\n\nstate +tickets +look at\n/);
    const made = await tickets();
    expect(made).toHaveLength(250);
    expect(new Set(made.map(({ uniqueKey }) => uniqueKey)).size).toBe(250);
  });

  it('tells the same stories for the same seed, in another account, too', async () => {
    await runInside(['account', '--key', 'twin', '--name', 'Twin', '--ticket-prefix', 'TWI'], env);
    await runInside(['demo', '--kinds', 'trouble', '--account', 'twin', '--tickets', '30'], env);
    await runInside(['account', '--key', 'other', '--name', 'Other'], env);
    await runInside(['demo', '--kinds', 'trouble', '--account', 'other', '--tickets', '30'], env);
    const told = (account: string) => sql<{ title: string; name: string }[]>`
      select t.title, t.priority, e.name from ticket t join event e on e.account = t.account and e.ticket = t.id
      where t.account = ${account} and t.number <= 20 and e.at < now() - interval '5 days' order by t.number, e.seq`;
    const stories = await told('twin');
    expect(stories.length).toBeGreaterThan(50);
    expect([...stories]).toEqual([...(await told('other'))]);
  });

  it('without kinds makes tickets of every kind that has examples, in every state, with what they name', async () => {
    await runInside(['account', '--key', 'shop', '--name', 'Shop'], env);
    const { code, stdout } = await runInside(
      ['demo', '--account', 'shop', '--tickets', '100', '--json'],
      env,
    );
    expect(code).toBe(0);
    const made: Record<string, { states: Record<string, number> }> = JSON.parse(stdout).kinds;
    expect(Object.keys(made)).toEqual([...composeDemos().keys()]);
    for (const { states } of Object.values(made)) expect(told(states)).not.toContain(0);
    const [named] = await sql<[{ count: number }]>`
      select count(*) as count from entry where account = 'shop'`;
    const entries = [...composeDemos().values()].flatMap((maker) =>
      Object.values(maker.entries ?? {}).flat(),
    );
    expect(named.count).toBe(entries.length);
  });

  it('is refused for kinds that have no examples', async () => {
    expect(await runInside(['demo', '--kinds', 'trouble,riddle'], env)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^There are no examples of kind riddle\. There are: .*trouble/),
    });
  });

  it('writes nothing of a group when a reference is taken', async () => {
    const before = await tickets();
    const next = (before.at(-1)?.number ?? 0) + 1;
    await ensureParty(sql, 'default', { key: 'onvia', name: 'Onvia Telecom' });
    // Whoever the partner of the next ticket is, and whichever side it is on.
    await sql`
      update ticket set unique_key = u.key from (
        select t.id, r.key from (select id, row_number() over (order by number) as n from ticket
          where account = 'default' limit 4) t
        join unnest(array['onvia:ONV', 'redsur:RSC', 'brightlane:BLN', 'default:NOC']) with ordinality as p(pair, n)
          on p.n = t.n
        cross join lateral (select jsonb_build_array(split_part(p.pair, ':', 1),
          split_part(p.pair, ':', 2) || '-' || ${100_000 + next}::int)::text as key) r
      ) u where ticket.account = 'default' and ticket.id = u.id`;
    await sql`update ticket set unique_key = replace(unique_key, '", "', '","') where account = 'default'`;
    const { code, stdout, stderr } = await runInside(['demo', '--kinds', 'trouble', '--tickets', '5'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^The ticket RED-\d+ could not be written: another ticket has its reference \S+ already/m,
    );
    expect(await tickets()).toHaveLength(before.length);
  });

  it('stops cleanly when it is asked to; what was made stays', async () => {
    const child = start(
      ['demo', '--kinds', 'trouble', '--account', 'twin', '--tickets', '1000000', '--json'],
      env,
    );
    const result = ended(child);
    const count = async () => {
      const [row] = await sql<
        [{ count: number }]
      >`select count(*) as count from ticket where account = 'twin'`;
      return row.count;
    };
    await until(async () => (await count()) > 30, { withinMs: PATIENCE_MS });
    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    expect(code).toBe(1);
    expect(stderr).toContain('Stopped before the end; what was made stays.');
    expect(await count()).toBe(30 + (JSON.parse(stdout) as Summary).kinds.trouble.tickets);
  });
});
