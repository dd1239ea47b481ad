import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import type { Decision } from '../core/decision.ts';
import { createCommitQueue } from './commit-queue.ts';
import { inTransaction, openDatabase } from './database.ts';
import { UnavailableError } from './failure.ts';
import { loadTicket } from './load.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(async () => {
  for (const account of ['crowd', 'bad', 'worse', 'chain', 'lost']) await stores.account(account);
});

function queued(account: string) {
  const queue = createCommitQueue(stores.shared.sql);
  return (decision: Decision) => queue.submit(account, { decision, idempotency: null });
}

async function statements(account: string): Promise<number> {
  const [row] = await stores.shared.sql<[{ n: number }]>`
    select count(distinct xid) as n from event where account = ${account}`;
  return row.n;
}

describe('the commit queue', () => {
  it('writes 1,000 decisions that come at once with few statements', async () => {
    const submit = queued('crowd');
    const decisions = Array.from({ length: 1_000 }, () => asked('crowd'));
    expect(await Promise.all(decisions.map(submit))).toEqual(decisions.map(() => true));
    expect(await statements('crowd')).toBeLessThanOrEqual(10);
    const [row] = await stores.shared.sql`select count(*) as n from ticket where account = 'crowd'`;
    expect(row).toEqual({ n: 1_000 });
  });

  it('lets a row that cannot be stored fail alone', async () => {
    const submit = queued('bad');
    const decisions = Array.from({ length: 40 }, (_, index) =>
      asked('bad', index === 20 ? { title: 'NUL \u0000' } : {}),
    );
    const outcomes = await Promise.allSettled(decisions.map(submit));
    expect(outcomes.map(({ status }) => status)).toEqual(
      decisions.map((_, index) => (index === 20 ? 'rejected' : 'fulfilled')),
    );
    expect(outcomes[20]).toMatchObject({ reason: { code: '22P05' } });
    const [row] = await stores.shared.sql`select count(*) as n from ticket where account = 'bad'`;
    expect(row).toEqual({ n: 39 });
  });

  it('lets a decision that cannot even be sent fail alone', async () => {
    const submit = queued('worse');
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    const decisions = Array.from({ length: 10 }, (_, index) =>
      asked('worse', index === 5 ? { endless } : {}),
    );
    const outcomes = await Promise.allSettled(decisions.map(submit));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[5]).toMatchObject({ reason: expect.any(TypeError) });
  });

  it('has never two decisions on one ticket under way', async () => {
    const submit = queued('chain');
    const chain = [asked('chain')];
    for (let step = 1; step < 30; step += 1) {
      chain.push(moved((chain.at(-1) as Decision).ticket, step === 1 ? 'accept' : 'note'));
    }
    // Each is decided on what the one before it leaves, so each is written only if that one is written already.
    expect(await Promise.all(chain.map(submit))).toEqual(chain.map(() => true));
    expect(await statements('chain')).toBe(30);
    const last = (chain.at(-1) as Decision).ticket;
    expect(await loadTicket(stores.shared.sql, 'chain', { id: last.id })).toEqual(last);
  });

  it('says so when the database cannot be reached', async () => {
    const nowhere = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    const submitted = createCommitQueue(nowhere).submit('lost', {
      decision: asked('lost'),
      idempotency: null,
    });
    // It is named once, so that the cause is what the driver said.
    await expect(submitted).rejects.toMatchObject({
      name: 'UnavailableError',
      cause: { code: 'ECONNREFUSED' },
    });
    await nowhere.end();
  });

  it('says so when the database ends the connection, and goes on with the next decision', async () => {
    const { sql } = stores.shared;
    const own = openDatabase({ url: database.url, connections: 2, name: 'queue to be cut' });
    const queue = createCommitQueue(own);
    const held = asked('lost');
    await queue.submit('lost', { decision: held, idempotency: null });
    const [outcome] = await Promise.all([
      inTransaction(sql, async (tx) => {
        await tx`select from ticket where account = 'lost' and id = ${held.ticket.id} for update`;
        const waiting = queue.submit('lost', { decision: moved(held.ticket, 'accept'), idempotency: null });
        const result = waiting.then(
          () => null,
          (error: unknown) => error,
        );
        const { pid } = await until(async () => {
          const rows = await sql<{ pid: number }[]>`
            select pid from pg_stat_activity where application_name = 'queue to be cut' and wait_event_type = 'Lock'`;
          return rows[0];
        });
        await sql`select pg_terminate_backend(${pid})`;
        return result;
      }),
    ]);
    expect(outcome).toBeInstanceOf(UnavailableError);
    expect(await queue.submit('lost', { decision: moved(held.ticket, 'accept'), idempotency: null })).toBe(
      true,
    );
    // The driver waits for the cut connection for ever unless it is told not to.
    await own.end({ timeout: 1 });
  });
});
