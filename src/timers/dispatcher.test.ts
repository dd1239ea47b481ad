import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, asking, moved, moving, told } from '../../test/errands.ts';
import { errandKinds } from '../../test/kind.ts';
import { silent, useStores } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import type { Decision } from '../core/decision.ts';
import type { Written } from '../kernel/answer.ts';
import { systemClock } from '../kernel/clock.ts';
import { writeSetting } from '../store/accounts.ts';
import { commit } from '../store/commit.ts';
import { fireDueTimers } from '../store/fire-timers.ts';
import type { Store } from '../store/store.ts';
import { nextDueTimes } from '../store/timers.ts';
import { type Dispatcher, startDispatcher } from './dispatcher.ts';

const database = useDatabase();
const stores = useStores(database);
const running: Dispatcher[] = [];
beforeAll(async () => {
  for (const account of ['prompt', 'late', 'quiet']) await stores.account(account);
});
afterEach(async () => {
  for (const dispatcher of running.splice(0)) await dispatcher.stop();
});

/** A node that fires the timers of an account, and what it fired. */
function start(store: Store, account: string) {
  const lateness: number[] = [];
  const fired: Decision[] = [];
  const { sql, clock, directory } = store;
  const dispatcher = startDispatcher({
    clock,
    log: silent,
    nextDueTimes: () => nextDueTimes(sql, [account], ['errand']),
    fireDue: () =>
      fireDueTimers(
        {
          sql,
          clock,
          directory,
          kinds: errandKinds,
          log: silent,
          onCommit: (decision) => fired.push(decision),
          onFired: (latenessMs) => lateness.push(latenessMs),
        },
        account,
      ),
  });
  store.onCommit(({ timersStarted }) => {
    for (const { dueAt } of timersStarted) dispatcher.noticed(dueAt);
  });
  running.push(dispatcher);
  return { dispatcher, lateness, fired };
}

async function timersLeft(account: string): Promise<number> {
  const [row] = await stores.shared.sql<
    [{ n: number }]
  >`select count(*) as n from timer where account = ${account}`;
  return row.n;
}

describe('the dispatcher', () => {
  it('fires within 250 ms, whichever node wrote the timer', async () => {
    const account = 'prompt';
    await writeSetting(stores.shared.sql, account, 'errand.reminder', 'PT0.3S');
    await writeSetting(stores.shared.sql, account, 'errand.patience', 'PT0.45S');
    const node = start(stores.open(), account);
    const resolver = actorOf(account, account);
    const written = Array.from({ length: 20 }, async () => {
      const { writer } = stores.shared;
      const ref = { key: told((await writer.create(asking(account))) as Written).key };
      await writer.change(moving(ref, 'accept', resolver));
      expect(await writer.change(moving(ref, 'wait', resolver))).toMatchObject({ ok: true });
    });
    await Promise.all(written);
    await until(() => node.lateness.length === 40, { withinMs: 18_000 });
    expect(node.lateness.every((latenessMs) => latenessMs >= 0)).toBe(true);
    // The median, since a busy machine may hold any single one back.
    const median = node.lateness.sort((a, b) => a - b)[20];
    expect(median).toBeLessThan(250);
  });

  it('fires what became due while nobody ran, at once, and once on two nodes', async () => {
    const account = 'late';
    const past = new Date(Date.now() - 24 * 3_600_000);
    const chains = Array.from({ length: 250 }, () => {
      const created = asked(account, {}, past);
      const accepted = moved(created.ticket, 'accept', {}, past);
      return [created, accepted, moved(accepted.ticket, 'wait', {}, past)];
    });
    for (const step of [0, 1, 2]) {
      const items = chains.map((chain) => ({ decision: chain[step] as Decision, idempotency: null }));
      await commit(stores.shared.sql, account, items);
    }
    const nodes = [start(stores.open(), account), start(stores.open(), account)];
    await until(async () => (await timersLeft(account)) === 0, { withinMs: 18_000, everyMs: 50 });
    for (const { dispatcher } of nodes) await dispatcher.stop();
    const fired = nodes.flatMap((node) => node.fired.map(({ event }) => `${event.ticket} ${event.name}`));
    expect(fired).toHaveLength(500);
    expect(new Set(fired).size).toBe(500);
  });

  it('sleeps until the next timer is due', async () => {
    const looks: number[] = [];
    const dueAt = new Date(Date.now() + 30);
    const fires: number[] = [];
    const dispatcher = startDispatcher({
      clock: systemClock,
      log: silent,
      nextDueTimes: async () => {
        looks.push(Date.now());
        return fires.length === 0 ? [{ account: 'a', dueAt }] : [];
      },
      fireDue: async () => fires.push(Date.now()),
    });
    running.push(dispatcher);
    await until(() => fires.length === 1);
    expect(fires[0]).toBeGreaterThanOrEqual(dueAt.getTime());
    // An alarm may ring a millisecond early; looking all the time would be hundreds of looks.
    expect(looks.length).toBeLessThan(15);
  });

  it('goes on after a fault, and holds up no other account for one that fails', async () => {
    let reads = 0;
    const asked: string[] = [];
    const dispatcher = startDispatcher({
      clock: systemClock,
      log: silent,
      nextDueTimes: async () => {
        reads += 1;
        if (reads === 1) throw new Error('not now');
        return ['bad', 'good'].map((account) => ({ account, dueAt: new Date(0) }));
      },
      fireDue: async (account) => {
        asked.push(account);
        if (account === 'bad') throw new Error('never');
        return 0;
      },
    });
    running.push(dispatcher);
    await until(() => asked.filter((account) => account === 'good').length >= 3);
    expect(asked.filter((account) => account === 'bad')).toHaveLength(1);
  });

  it('ends after the firing that is under way', async () => {
    const steps: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const dispatcher = startDispatcher({
      clock: systemClock,
      log: silent,
      nextDueTimes: async () => [{ account: 'a', dueAt: new Date(0) }],
      fireDue: async () => {
        steps.push('begins');
        await held;
        steps.push('ends');
        return 1;
      },
    });
    await until(() => steps.length === 1);
    const stopped = dispatcher.stop().then(() => steps.push('stopped'));
    release();
    await stopped;
    expect(steps).toEqual(['begins', 'ends', 'stopped']);
  });
});
