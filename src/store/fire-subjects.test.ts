import { beforeEach, describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { silent, useStores } from '../../test/stores.ts';
import { newId } from '../kernel/id.ts';
import { inTransaction } from './database.ts';
import { fireDueSubjects } from './fire-subjects.ts';
import { fireDueTimers } from './fire-timers.ts';
import {
  dropSubjectTimers,
  presentSubjectTimers,
  putSubjectTimers,
  type SubjectKeeper,
  timersOfSubjects,
} from './subject-timers.ts';
import { dropTimers, listTimers } from './timers.ts';

const database = useDatabase();
const stores = useStores(database);
const MINUTE = 60_000;
const KIND = 'errand';

let account = '';
let accounts = 0;
let clock = createTestClock();
let fired: string[] = [];
let lateness: number[] = [];
beforeEach(async () => {
  accounts += 1;
  account = await stores.account(`s${accounts}`);
  clock = createTestClock();
  fired = [];
  lateness = [];
});

/** Fires whatever is there. Of the subject `faulty` it says so, of `broken` it breaks. */
const keeper: SubjectKeeper = {
  kind: KIND,
  async fire({ timers }) {
    return inTransaction(stores.shared.sql, async (tx) => {
      const present = await presentSubjectTimers(
        tx,
        account,
        timers.map(({ id }) => id),
      );
      if (present.some(({ subject }) => subject === 'broken')) throw new Error('It broke.');
      const taken = present.filter(({ subject }) => subject !== 'faulty');
      await dropTimers(
        tx,
        account,
        taken.map(({ id }) => id),
      );
      fired.push(...taken.map(({ subject, name }) => `${subject} ${name}`));
      const faults = present
        .filter(({ subject }) => subject === 'faulty')
        .map((timer) => ({ timer, fault: new Error('It cannot be done.') }));
      return { taken, faults, decisions: [], answer: null };
    });
  },
  explain: async () => new Map(),
};

const fire = () =>
  fireDueSubjects(
    {
      sql: stores.shared.sql,
      clock,
      keepers: new Map([[KIND, keeper]]),
      log: silent,
      onCommit: () => {},
      onFired: (latenessMs) => lateness.push(latenessMs),
    },
    account,
  );

async function start(...timers: readonly (readonly [subject: string, name: string, minutes: number])[]) {
  const rows = timers.map(([subject, name, minutes]) => ({
    id: newId(),
    subject,
    name,
    dueAt: new Date(clock.now().getTime() + minutes * MINUTE),
  }));
  await putSubjectTimers(stores.shared.sql, account, KIND, rows, clock.now());
}

const pending = async (subject: string) =>
  (await timersOfSubjects(stores.shared.sql, account, KIND, [subject])).map(({ name, dueAt, attempts }) => [
    name,
    (dueAt.getTime() - clock.now().getTime()) / MINUTE,
    attempts,
  ]);

describe('a timer of something that is no ticket', () => {
  it('is there once for a subject and a name, and is moved by the next one', async () => {
    await start(['a', 'check', 5], ['a', 'other', 7], ['b', 'check', 9]);
    await start(['a', 'check', 6]);
    expect([await pending('a'), await pending('b')]).toEqual([
      [
        ['check', 6, 0],
        ['other', 7, 0],
      ],
      [['check', 9, 0]],
    ]);
    await dropSubjectTimers(stores.shared.sql, account, KIND, [
      { subject: 'a', name: 'other' },
      { subject: 'b', name: 'other' },
    ]);
    expect([await pending('a'), await pending('b')]).toEqual([[['check', 6, 0]], [['check', 9, 0]]]);
  });

  it('is fired when it is due, oldest first, and no timer of a ticket', async () => {
    await start(['a', 'check', 5], ['b', 'check', 3], ['c', 'check', 8]);
    clock.advance(5 * MINUTE);
    const { sql, kinds, directory } = stores.shared;
    const parts = { sql, clock, kinds, directory, log: silent, onCommit: () => {}, onFired: () => {} };
    expect(await fireDueTimers(parts, account)).toBe(0);
    expect(await fire()).toBe(2);
    expect(fired).toEqual(['b check', 'a check']);
    expect(lateness).toEqual([2 * MINUTE, 0]);
    expect(await fire()).toBe(0);
  });

  it('that cannot be fired is put off, ever longer, and holds up no other', async () => {
    await start(['faulty', 'check', 1], ['broken', 'check', 1], ['good', 'check', 1]);
    clock.advance(MINUTE);
    expect(await fire()).toBe(3);
    expect(fired).toEqual(['good check']);
    expect([await pending('faulty'), await pending('broken')]).toEqual([
      [['check', 1 / 60, 1]],
      [['check', 1 / 60, 1]],
    ]);
    clock.advance(1_000);
    expect(await fire()).toBe(2);
    expect(await pending('broken')).toEqual([['check', 2 / 60, 2]]);
    const listed = await listTimers(stores.shared.sql, account, { party: null, limit: 10 });
    expect(
      listed.map(({ subject, ticket, key, lastError }) => [subject, ticket, key, lastError]).sort(),
    ).toEqual([
      ['broken', null, null, 'It broke.'],
      ['faulty', null, null, 'It cannot be done.'],
    ]);
  });

  it('is listed for those who read all of the account, and for no party', async () => {
    await start(['a', 'check', 5]);
    const list = (party: string | null) => listTimers(stores.shared.sql, account, { party, limit: 10 });
    expect((await list(null)).map(({ subject }) => subject)).toEqual(['a']);
    expect(await list('guest')).toEqual([]);
  });
});
