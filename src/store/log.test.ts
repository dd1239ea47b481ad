import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, edited, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import { commit } from './commit.ts';
import { inTransaction, type Sql } from './database.ts';
import { lockTickets, OvertakenError } from './load.ts';
import {
  LOG_START,
  type LoggedEvent,
  type LogPosition,
  logEnd,
  newestPosition,
  readLog,
  readTimeline,
} from './log.ts';
import { holdPosition, movePosition } from './reader.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(async () => {
  for (const account of ['home', 'busy', 'sided', 'held', 'order']) await stores.account(account);
});

async function create(sql: Sql, account: string, input = {}) {
  const decision = asked(account, input);
  await commit(sql, account, [{ decision, idempotency: null }]);
  return decision;
}

/** Every event after a position, in steps of `limit`; waits for events that older transactions hold back. */
async function follow(account: string, after: LogPosition, limit: number): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (let position = after; ; ) {
    const step = await readLog(stores.shared.sql, account, position, limit);
    if (step.length === 0) return events;
    events.push(...step);
    position = step.at(-1)?.position ?? position;
  }
}

describe('the log', { timeout: 90_000 }, () => {
  it('gives an event as it was decided', async () => {
    const { sql } = stores.shared;
    const { event, ticket } = await create(sql, 'home');
    const events = await until(async () => {
      const read = await readLog(sql, 'home', LOG_START, 10);
      return read.length > 0 && read;
    }, forTheLog);
    expect(events).toEqual([{ ...event, account: 'home', key: ticket.key, position: events[0]?.position }]);
    expect(await newestPosition(sql, 'home')).toEqual(events[0]?.position);
    expect(await newestPosition(sql, 'order')).toBeNull();
  });

  it('holds back what commits after an older transaction that is still open', async () => {
    const { sql } = stores.shared;
    const start = await logEnd(sql);
    const first = asked('held');
    const second = asked('held');
    await inTransaction(stores.open().sql, async (tx) => {
      await commit(tx, 'held', [{ decision: first, idempotency: null }]);
      await commit(sql, 'held', [{ decision: second, idempotency: null }]);
      expect(await follow('held', start, 10)).toEqual([]);
    });
    const events = await until(async () => {
      const read = await follow('held', start, 1);
      return read.length === 2 && read;
    }, forTheLog);
    expect(events.map(({ ticket }) => ticket)).toEqual([first.ticket.id, second.ticket.id]);
  });

  it('never misses, repeats or reorders an event while transactions commit in odd orders', async () => {
    const writers = [stores.open(), stores.open()];
    const written: string[] = [];
    let open = true;
    const reading = (async () => {
      const seen: LoggedEvent[] = [];
      let position = LOG_START;
      for (;;) {
        const ended = !open;
        const step = await readLog(stores.shared.sql, 'busy', position, 7);
        seen.push(...step);
        position = step.at(-1)?.position ?? position;
        if (ended && step.length === 0 && seen.length >= written.length) return seen;
      }
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_, lane) => {
        for (let round = 0; round < 25; round += 1) {
          await inTransaction((writers[lane % 2] ?? stores.shared).sql, async (tx) => {
            for (let part = 0; part <= (lane + round) % 3; part += 1) {
              written.push((await create(tx, 'busy')).ticket.id);
              // Transactions stay open for different times, so they end in another order than they began.
              await wait((lane * 7 + round * 3 + part) % 11);
            }
          });
        }
      }),
    );
    open = false;
    const seen = await reading;
    expect(seen.map(({ ticket }) => ticket).sort()).toEqual([...written].sort());
    const whole = await follow('busy', LOG_START, 1_000);
    expect(seen).toEqual(whole);
  });

  it('can be taken up at every position', async () => {
    const whole = await follow('busy', LOG_START, 1_000);
    for (const index of [0, 1, 50, whole.length - 1]) {
      const position = whole[index]?.position ?? LOG_START;
      expect(await readLog(stores.shared.sql, 'busy', position, 1_000)).toEqual(whole.slice(index + 1));
    }
    expect(await readLog(stores.shared.sql, 'busy', await logEnd(stores.shared.sql), 10)).toEqual([]);
  });

  it('shows a party the events of its own tickets, without what is internal', async () => {
    const { sql } = stores.shared;
    const mine = await create(sql, 'sided');
    await create(sql, 'sided', { owner: 'other' });
    const [guest, other, home, all] = await until(async () => {
      // What one look shows, later ones show too.
      if ((await readLog(sql, 'sided', LOG_START, 10, null)).length < 2) return null;
      return Promise.all(
        ['guest', 'other', 'sided', null].map((party) => readLog(sql, 'sided', LOG_START, 10, party)),
      );
    }, forTheLog);
    expect(guest).toEqual(all);
    expect(other).toEqual(all?.slice(1));
    expect(home).toEqual(all?.slice(0, 1));
    expect(await readTimeline(sql, 'sided', mine.ticket.id, 0, 10)).toEqual(all?.slice(0, 1));
    expect(await readTimeline(sql, 'home', mine.ticket.id, 0, 10)).toEqual([]);
  });
});

describe('the events of one ticket', () => {
  it('keep their order where a transaction locks a ticket that another one is changing', async () => {
    const { sql } = stores.shared;
    const { ticket } = await create(sql, 'order');
    const moves = moved(ticket, 'accept');
    const locking = stores.open().sql;
    const rival = stores.open().sql;
    const { locked } = await inTransaction(rival, async (tx) => {
      await commit(tx, 'order', [{ decision: moves, idempotency: null }]);
      const waiting = inTransaction(locking, (own) => lockTickets(own, 'order', [ticket.id], [])).catch(
        (error: unknown) => error,
      );
      await until(async () => {
        const blocked = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return blocked.length > 0;
      }, forTheLog);
      return { locked: waiting };
    });
    expect(await locked).toBeInstanceOf(OvertakenError);
    const again = await inTransaction(locking, async (tx) => {
      const [now] = await lockTickets(tx, 'order', [], [ticket.key, 'RED-0', 'x\u0000-1']);
      if (now) await commit(tx, 'order', [{ decision: edited(now, { title: 'New' }), idempotency: null }]);
      return now;
    });
    expect(again).toEqual(moves.ticket);
    const events = await until(async () => {
      const read = await follow('order', LOG_START, 10);
      return read.length === 3 && read;
    }, forTheLog);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3]);
  });
});

describe('a reader’s position', () => {
  it('moves with its effects, and belongs to one node at a time', async () => {
    const { sql } = stores.shared;
    const to = { xid: '18446744073709551615', seq: 42 };
    await inTransaction(sql, async (tx) => {
      expect(await holdPosition(tx, 'home', 'r')).toEqual(LOG_START);
    });
    await inTransaction(sql, async (tx) => {
      expect(await holdPosition(tx, 'home', 'r')).toEqual(LOG_START);
      const other = await inTransaction(stores.open().sql, (rival) => holdPosition(rival, 'home', 'r'));
      expect(other).toBeNull();
      await movePosition(tx, 'home', 'r', to);
    });
    await inTransaction(sql, async (tx) => {
      expect(await holdPosition(tx, 'home', 'r')).toEqual(to);
      expect(await holdPosition(tx, 'home', 'another')).toEqual(LOG_START);
    });
  });
});
