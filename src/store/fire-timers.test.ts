import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, moved } from '../../test/errands.ts';
import { errandKinds } from '../../test/kind.ts';
import { silent, useStores } from '../../test/stores.ts';
import type { Decision } from '../core/decision.ts';
import type { Input } from '../core/kind.ts';
import type { Ticket } from '../core/ticket.ts';
import { newId } from '../kernel/id.ts';
import { commit } from './commit.ts';
import { inTransaction } from './database.ts';
import { type FireParts, fireDueTimers } from './fire-timers.ts';
import { loadTicket } from './load.ts';
import { readTimeline } from './log.ts';
import { findTimer, listTimers, nextDueTimes } from './timers.ts';

const database = useDatabase();
const stores = useStores(database);
const MINUTE = 60_000;

let account = '';
let clock = createTestClock();
let accounts = 0;
let fired: number[] = [];
let heard: Decision[] = [];
beforeAll(() => stores.account('home'));
beforeEach(async () => {
  accounts += 1;
  account = await stores.account(`a${accounts}`);
  clock = createTestClock();
  fired = [];
  heard = [];
});

function parts(): FireParts {
  const { sql, directory } = stores.shared;
  return {
    sql,
    directory,
    clock,
    kinds: errandKinds,
    log: silent,
    onCommit: (decision) => heard.push(decision),
    onFired: (latenessMs) => fired.push(latenessMs),
  };
}

/** A ticket that waits since now: its reminder is due in 30 minutes, its patience in an hour. */
async function aWaitingTicket(input: Input = {}): Promise<Ticket> {
  const created = asked(account, input, clock.now());
  const accepted = moved(created.ticket, 'accept', {}, clock.now());
  const waits = moved(accepted.ticket, 'wait', {}, clock.now());
  for (const decision of [created, accepted, waits]) {
    await commit(stores.shared.sql, account, [{ decision, idempotency: null }]);
  }
  return waits.ticket;
}

async function names({ id }: Ticket): Promise<(string | null)[]> {
  const events = await readTimeline(stores.shared.sql, account, id, 0, 100);
  return events.slice(3).map(({ name }) => name);
}

function pending({ id }: Ticket) {
  return listTimers(stores.shared.sql, account, { ticket: id, party: null, limit: 10 });
}

async function fireAll(): Promise<void> {
  while ((await fireDueTimers(parts(), account)) > 0);
}

describe('a due timer', () => {
  it('does its transition, as the system, and is gone', async () => {
    const ticket = await aWaitingTicket();
    clock.advance(31 * MINUTE);
    expect(await fireDueTimers(parts(), account)).toBe(1);
    const after = await loadTicket(stores.shared.sql, account, { id: ticket.id });
    expect(after).toEqual({
      ...ticket,
      version: 4,
      fields: after?.fields,
      timers: { patience: ticket.timers.patience },
      updatedAt: clock.now(),
    });
    const [event] = (await readTimeline(stores.shared.sql, account, ticket.id, 0, 10)).slice(3);
    expect(event).toMatchObject({
      name: 'remind',
      contract: 'timer',
      actor: { id: 'system', role: 'timer' },
      at: clock.now(),
    });
    expect((await pending(ticket)).map(({ name }) => name)).toEqual(['patience']);
    expect(fired).toEqual([MINUTE]);
    expect(heard.map(({ event: { name } }) => name)).toEqual(['remind']);
  });

  it('does nothing before it is due', async () => {
    const ticket = await aWaitingTicket();
    clock.advance(30 * MINUTE - 1);
    expect(await fireDueTimers(parts(), account)).toBe(0);
    expect(await names(ticket)).toEqual([]);
  });

  it('fires after a long time in which nobody looked, and the ticket’s next one right after it', async () => {
    const ticket = await aWaitingTicket();
    clock.advance(1_000 * MINUTE);
    await fireAll();
    expect(await names(ticket)).toEqual(['remind', 'giveUp']);
    expect(await pending(ticket)).toEqual([]);
    expect(fired).toEqual([970 * MINUTE, 940 * MINUTE]);
  });

  it('does nothing where the ticket has moved on', async () => {
    const ticket = await aWaitingTicket();
    const { sql } = stores.shared;
    // A row that its ticket does not know: left by hand, or from a restored backup.
    await sql`
      insert into timer (account, id, ticket, kind, name, due_at, ticket_version, created_at)
      values (${account}, ${newId()}, ${ticket.id}, 'errand', 'patience', ${clock.now()}, 3, ${clock.now()})`;
    expect(await fireDueTimers(parts(), account)).toBe(1);
    expect(await names(ticket)).toEqual([]);
    expect(await pending(ticket)).toHaveLength(2);
    expect([fired, heard]).toEqual([[], []]);
  });

  it('of a kind that this node does not serve is left for another', async () => {
    const ticket = await aWaitingTicket();
    const { sql } = stores.shared;
    await sql`update timer set kind = 'unheard' where account = ${account}`;
    clock.advance(1_000 * MINUTE);
    expect(await fireDueTimers(parts(), account)).toBe(0);
    expect(await nextDueTimes(sql, [account], ['errand'])).toEqual([]);
    expect(await pending(ticket)).toHaveLength(2);
  });

  it('of a ticket that somebody holds is not waited for', async () => {
    const held = await aWaitingTicket();
    const free = await aWaitingTicket();
    clock.advance(31 * MINUTE);
    await inTransaction(stores.open().sql, async (tx) => {
      await tx`select from ticket where account = ${account} and id = ${held.id} for no key update`;
      expect(await fireDueTimers(parts(), account)).toBe(1);
    });
    expect([await names(held), await names(free)]).toEqual([[], ['remind']]);
    expect(await fireDueTimers(parts(), account)).toBe(1);
    expect(await names(held)).toEqual(['remind']);
  });
});

describe('a timer that cannot be fired', () => {
  it.each([
    ['throw', 'This errand cannot be given up.'],
    ['refuse', 'invalidRequest: This errand is kept.'],
    ['break', 'unsupported Unicode escape sequence'],
  ])(
    'because of a fault of the kind %s is put off alone, ever longer, and says why',
    async (onTimeout, lastError) => {
      const before = await aWaitingTicket();
      const bad = await aWaitingTicket({ onTimeout });
      const behind = await aWaitingTicket();
      clock.advance(30 * MINUTE);
      await fireAll();
      expect([await names(before), await names(bad), await names(behind)]).toEqual([
        ['remind'],
        [],
        ['remind'],
      ]);
      const dueAt = [];
      for (const attempts of [1, 2, 3]) {
        const [timer] = (await pending(bad)).filter(({ name }) => name === 'reminder');
        expect(timer).toMatchObject({ attempts, lastError });
        dueAt.push((timer?.dueAt.getTime() ?? 0) - clock.now().getTime());
        clock.advance(timer ? timer.dueAt.getTime() - clock.now().getTime() : 0);
        await fireAll();
      }
      expect(dueAt).toEqual([1_000, 2_000, 4_000]);
      expect(await loadTicket(stores.shared.sql, account, { id: bad.id })).toEqual(bad);
    },
  );

  it('is put off for an hour at most', async () => {
    const bad = await aWaitingTicket({ onTimeout: 'throw' });
    await stores.shared.sql`update timer set attempts = 40 where account = ${account}`;
    clock.advance(30 * MINUTE);
    await fireAll();
    const put = (await pending(bad)).find(({ name }) => name === 'reminder');
    expect(put?.dueAt).toEqual(new Date(clock.now().getTime() + 60 * MINUTE));
  });
});

describe('many due timers', () => {
  it('are all fired, each once, by nodes that race and parties that act at the same time', async () => {
    const tickets: Ticket[] = [];
    const items = Array.from({ length: 300 }, () => {
      const created = asked(account, {}, clock.now());
      const accepted = moved(created.ticket, 'accept', {}, clock.now());
      const waits = moved(accepted.ticket, 'wait', {}, clock.now());
      tickets.push(waits.ticket);
      return [created, accepted, waits];
    });
    for (const step of [0, 1, 2]) {
      const decisions = items.map((decisions) => ({
        decision: decisions[step] as Decision,
        idempotency: null,
      }));
      await commit(stores.shared.sql, account, decisions);
    }
    clock.advance(1_000 * MINUTE);
    const other = stores.open();
    const nodes = [parts(), { ...parts(), sql: other.sql }, { ...parts(), sql: stores.open().sql }];
    const parties = tickets.filter((_, index) => index % 10 === 0).map((ticket) => moved(ticket, 'answer'));
    const answered = parties.map(async (decision) => {
      const [written] = await commit(other.sql, account, [{ decision, idempotency: null }]);
      return written;
    });
    await Promise.all(
      nodes.map(async (node) => {
        while ((await nextDueTimes(node.sql, [account], ['errand'])).length > 0)
          await fireDueTimers(node, account);
      }),
    );
    const wins = (await Promise.all(answered)).filter((written) => written).length;
    const counts = await stores.shared.sql<{ name: string; n: number; tickets: number }[]>`
      select name, count(*) as n, count(distinct ticket) as tickets from event
      where account = ${account} and version > 3 group by name order by name`;
    expect(counts).toEqual([
      ...(wins > 0 ? [{ name: 'answer', n: wins, tickets: wins }] : []),
      { name: 'giveUp', n: 300 - wins, tickets: 300 - wins },
      { name: 'remind', n: 300 - wins, tickets: 300 - wins },
    ]);
    expect(fired).toHaveLength(2 * (300 - wins));
  });
});

describe('the list of timers', () => {
  it('has those due next first, page by page, for whom they concern', async () => {
    const { sql } = stores.shared;
    const tickets = [await aWaitingTicket()];
    clock.advance(MINUTE);
    tickets.push(await aWaitingTicket({ owner: 'other' }));
    const whole = await listTimers(sql, account, { party: null, limit: 10 });
    expect(whole.map(({ key, name }) => [key, name])).toEqual([
      [tickets[0]?.key, 'reminder'],
      [tickets[1]?.key, 'reminder'],
      [tickets[0]?.key, 'patience'],
      [tickets[1]?.key, 'patience'],
    ]);
    const paged = [];
    for (let after: { dueAt: string; id: string } | null = null; paged.length < 4; ) {
      const [timer] = await listTimers(sql, account, { party: null, limit: 1, after });
      if (!timer) break;
      paged.push(timer);
      after = { dueAt: timer.dueAt.toISOString(), id: timer.id };
    }
    expect(paged).toEqual(whole);
    expect(await listTimers(sql, account, { party: 'other', limit: 10 })).toEqual([whole[1], whole[3]]);
    expect(await listTimers(sql, account, { party: 'nobody', limit: 10 })).toEqual([]);
    expect(await listTimers(sql, account, { party: null, kind: 'unheard', limit: 10 })).toEqual([]);
    expect(await findTimer(sql, account, whole[0]?.id ?? '')).toEqual(whole[0]);
    expect(await findTimer(sql, 'home', whole[0]?.id ?? '')).toBeNull();
    expect(await nextDueTimes(sql, ['home', account], ['errand'])).toEqual([
      { account, dueAt: whole[0]?.dueAt },
    ]);
  });
});
