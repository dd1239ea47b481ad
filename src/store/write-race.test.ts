import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, asking, moved, moving, told } from '../../test/errands.ts';
import type { ErrandTransition } from '../../test/kind.ts';
import { useStores } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import type { Written } from '../kernel/answer.ts';
import { commit } from './commit.ts';
import { inTransaction } from './database.ts';
import { loadTicket, loadTickets } from './load.ts';
import { readTimeline } from './log.ts';
import type { Store } from './store.ts';
import type { ChangeRequest } from './write-request.ts';

const database = useDatabase();
const stores = useStores(database);
const account = 'home';
beforeAll(() => stores.account(account));

const requester = actorOf(account, 'guest');
const resolver = actorOf(account, account);
const ROUNDS = 1_000;
const AT_ONCE = 25;

/** Runs `play` for each of 1,000 open tickets, some of them at once. */
async function rounds(play: (id: string) => Promise<void>): Promise<string[]> {
  const created = Array.from({ length: ROUNDS }, () => asked(account));
  const accepted = created.map(({ ticket }) => moved(ticket, 'accept'));
  for (const decisions of [created, accepted]) {
    await commit(
      stores.shared.sql,
      account,
      decisions.map((decision) => ({ decision, idempotency: null })),
    );
  }
  const ids = created.map(({ ticket }) => ticket.id);
  const waiting = [...ids];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await play(id);
    }),
  );
  return ids;
}

describe('two parties who move one ticket at the same moment', () => {
  it.each<[string, () => [Store, Store]]>([
    ['on one node', () => [stores.shared, stores.shared]],
    ['on two nodes', () => [stores.shared, stores.open()]],
  ])('exactly one wins, in 1,000 rounds, %s', async (_, nodes) => {
    const [one, two] = nodes();
    const ids = await rounds(async (id) => {
      const outcomes = await Promise.all([
        one.writer.change(moving({ id }, 'resolve', resolver)),
        two.writer.change(moving({ id }, 'withdraw', requester)),
      ]);
      const winners = outcomes.filter((outcome) => outcome.ok);
      const losers = outcomes.filter((outcome) => !outcome.ok);
      expect([winners.length, losers.length]).toEqual([1, 1]);
      expect(['stateMoved', 'invalidTransition']).toContain(losers[0]?.code);
      expect(losers[0]?.data).toMatchObject({ state: 'done' });
    });
    const tickets = await loadTickets(one.sql, account, ids);
    expect(tickets.every(({ version, state }) => version === 3 && state === 'done')).toBe(true);
    const [events] = await one.sql<[{ n: number }]>`
      select count(*) as n from event where account = ${account} and ticket = any(${ids}::uuid[])`;
    expect(events.n).toBe(3 * ROUNDS);
  });
});

describe('a command that another one overtook', () => {
  /** Decides the command, lets a rival write before it, and gives what becomes of the command. */
  async function overtaken(rival: ErrandTransition, name: ErrandTransition, more: Partial<ChangeRequest>) {
    const { writer, sql } = stores.shared;
    const created = asked(account);
    const { ticket } = moved(created.ticket, 'accept');
    const open = { decision: moved(created.ticket, 'accept'), idempotency: null };
    await commit(sql, account, [{ decision: created, idempotency: null }]);
    await commit(sql, account, [open]);
    const command = await inTransaction(stores.open().sql, async (tx) => {
      await tx`select from ticket where account = ${account} and id = ${ticket.id} for update`;
      const changing = writer.change(moving({ id: ticket.id }, name, resolver, more));
      await until(async () => {
        const blocked = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return blocked.length > 0;
      });
      await commit(tx, account, [{ decision: moved(open.decision.ticket, rival), idempotency: null }]);
      return { changing };
    });
    return command.changing;
  }

  it.each<[string, ErrandTransition, ErrandTransition, Partial<ChangeRequest>, object]>([
    [
      'is decided again on the version that it finds',
      'note',
      'wait',
      { whenOvertaken: 'decideAgain' },
      { ok: true, answer: { body: expect.stringContaining('"state":"waiting","version":4') } },
    ],
    [
      'is decided again in the state that it finds',
      'wait',
      'note',
      { whenOvertaken: 'decideAgain' },
      { ok: true, answer: { body: expect.stringContaining('"state":"waiting","version":4') } },
    ],
    [
      'is refused where that state does not have it',
      'withdraw',
      'note',
      { whenOvertaken: 'decideAgain' },
      { ok: false, code: 'invalidTransition', data: { state: 'done', allowed: [] } },
    ],
    [
      'is decided again in the same state also where it must not be moved',
      'note',
      'wait',
      { whenOvertaken: 'refuseIfMoved' },
      { ok: true },
    ],
    [
      'is refused in another state where it must not be moved',
      'wait',
      'note',
      { whenOvertaken: 'refuseIfMoved' },
      { ok: false, code: 'stateMoved', data: { state: 'waiting', allowed: ['note', 'resolve'] } },
    ],
    [
      'is refused where the caller named the version',
      'note',
      'note',
      { whenOvertaken: 'decideAgain', ifMatch: 2 },
      { ok: false, code: 'versionMismatch', data: { version: 3, state: 'open' } },
    ],
  ])('%s', async (_, rival, name, more, outcome) => {
    expect(await overtaken(rival, name, more)).toMatchObject(outcome);
  });
});

describe('many who write one ticket at once', () => {
  it('all get through, one after the other', async () => {
    const { writer, sql } = stores.shared;
    const made = (await writer.create(asking(account))) as Written;
    const ref = { key: told(made).key };
    const other = stores.open();
    const notes = Array.from({ length: 300 }, (_, index) =>
      (index % 3 ? stores.shared : other).writer.change(
        moving(ref, 'note', index % 2 ? requester : resolver, { whenOvertaken: 'decideAgain' }),
      ),
    );
    const outcomes = await Promise.all(notes);
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    const versions = outcomes.map((outcome) => told(outcome as Written).version);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
    const ticket = await loadTicket(sql, account, ref);
    const timeline = await readTimeline(sql, account, ticket?.id ?? '', 0, 1_000);
    expect(timeline.map(({ version }) => version)).toEqual(
      Array.from({ length: 301 }, (_, index) => index + 1),
    );
  });

  it('get through also where another node never pauses', async () => {
    const { writer } = stores.shared;
    const other = stores.open();
    const ref = { key: told((await writer.create(asking(account))) as Written).key };
    const note = (by: Store) =>
      by.writer.change(moving(ref, 'note', requester, { whenOvertaken: 'decideAgain' }));
    let isOver = false;
    const crowd = Array.from({ length: 16 }, async () => {
      const outcomes = [];
      while (!isOver) outcomes.push(await note(other));
      return outcomes;
    });
    const outcomes = [];
    for (let count = 0; count < 50; count += 1) outcomes.push(await note(stores.shared));
    isOver = true;
    outcomes.push(...(await Promise.all(crowd)).flat());
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  });
});
