import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { useDatabase } from '../../test/database.ts';
import { withConnection } from '../../test/postgres-server.ts';
import { useReceiver } from '../../test/receiver.ts';
import { forTheLog, until } from '../../test/until.ts';
import { inTransaction } from '../store/database.ts';
import { plainFormat, useHouses } from './fixture/house.ts';
import type { PayloadFormat } from './format.ts';
import { MOST_WAITING } from './read-log.ts';
import { isVisibleIn } from './snapshot.ts';
import { deleteTarget } from './targets.ts';

/** Two payloads for a creation, none for others; it breaks where the target wants it to. */
const oddFormat: PayloadFormat<{ breaks?: boolean }> = {
  ...plainFormat,
  name: 'odd',
  payloads({ type }, { filter }) {
    if (filter.breaks) throw new Error('broken');
    return type === 'ticket.created' ? ['first', 'second'] : [];
  },
  async make(name) {
    throw new Error(`never ${name}`);
  },
};

const database = useDatabase();
const houses = useHouses(database, { formats: [plainFormat, oddFormat] });
const receiver = useReceiver();
const at = (path: string) => receiver.requests.filter((request) => request.path === path);

beforeAll(async () => {
  for (const account of ['new', 'broken', 'erased', 'odd', 'full', 'again', 'one', 'two', 'lost'])
    await houses.account(account);
});

describe('the log', { timeout: 90_000 }, () => {
  it('is told from the registration on', async () => {
    await houses.ask('new');
    const target = await houses.target({ account: 'new', url: `${receiver.url}/new` });
    const { key } = await houses.ask('new');
    await houses.readAll('new');
    expect((await houses.deliveries(target)).map(({ ticketKey }) => ticketKey)).toEqual([key]);
  });

  it('is told once when the transaction of a step breaks in the middle', async () => {
    const account = 'broken';
    const target = await houses.target({ account, url: `${receiver.url}/broken` });
    const { key } = await houses.ask(account);
    await withConnection(database.url, async (driver) => {
      // The last statement of the transaction waits, until the connection is cut.
      await driver.unsafe(`
        create function tessera.wait_here() returns trigger language plpgsql as
          $$ begin perform pg_sleep(60); return new; end $$;
        create trigger wait_here before update on tessera.webhook
          for each row when (new.account = 'broken') execute function tessera.wait_here()`);
      const dying = await houses.open({ works: false });
      const outcome = until(() => dying.webhooks.readLog(account), forTheLog).then(
        () => 'done',
        (error: Error) => error.name,
      );
      await until(
        () =>
          driver`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event = 'PgSleep'`.then(({ length }) => length > 0),
        forTheLog,
      );
      expect(await outcome).toBe('UnavailableError');
      await driver.unsafe('drop trigger wait_here on tessera.webhook; drop function tessera.wait_here()');
    });
    expect(await houses.deliveries(target)).toEqual([]);
    const jobs = await houses.shared.store.sql`select from pgboss.job where data->>'account' = ${account}`;
    expect(jobs).toHaveLength(0);
    await houses.readAll(account);
    await until(() => at('/broken').length === 1);
    expect((await houses.deliveries(target)).map(({ ticketKey }) => ticketKey)).toEqual([key]);
  });

  it('tells nothing of what was erased but that it was', async () => {
    const account = 'erased';
    const target = await houses.target({ account, url: `${receiver.url}/erased` });
    receiver.answer = ({ path }) => ({ status: path === '/erased' ? 500 : 200 });
    const { id, key } = await houses.ask(account);
    await houses.note(account, { id });
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    receiver.answer = () => undefined;
    const { store } = houses.shared;
    await store.writer.erase({
      actor: actorOf(account, account),
      contract: 'test',
      idempotency: null,
      kind: null,
      ref: { id },
      ifMatch: null,
      answer: () => ({ status: 204, headers: {}, body: '' }),
    });
    expect(await houses.deliveries(target)).toEqual([]);
    await houses.hurry(target, { id });
    await houses.readAll(account);
    await until(() => at('/erased').length === 2);
    expect(at('/erased').map(({ json }) => json.name)).toEqual(['ticket.created', 'ticket.erased']);
    expect(at('/erased')[1]?.json.key).toBe(key);
    await until(async () => {
      const left = await store.sql`select from pgboss.job where data->>'account' = ${account}`;
      return left.length === 0;
    });
    expect(at('/erased')).toHaveLength(2);
  });

  it('is told in as many payloads as the format says, and goes on past a format that fails', async () => {
    const account = 'odd';
    const url = `${receiver.url}/odd`;
    const target = await houses.target({ account, format: 'odd', url });
    const broken = await houses.target({ account, format: 'odd', url, filter: { breaks: true } });
    const plain = await houses.target({ account, url });
    const ticket = await houses.ask(account);
    await houses.note(account, ticket);
    await houses.readAll(account);
    expect((await houses.deliveries(target)).map(({ payload }) => payload)).toEqual(['first', 'second']);
    expect(await houses.deliveries(broken)).toEqual([]);
    await until(() => at('/odd').length === 2);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    expect((await houses.deliveries(target))[0]).toMatchObject({
      status: 'waiting',
      error: 'The payload could not be made.',
    });
    expect(await houses.deliveries(plain)).toHaveLength(2);
  });

  it('waits for a target with many deliveries that wait, and goes on when there are fewer', async () => {
    const account = 'full';
    const target = await houses.target({ account, url: `${receiver.url}/full` });
    const { sql } = houses.shared.store;
    await sql`
      insert into webhook_delivery (account, id, webhook, ticket, ticket_key, xid, seq, payload, status, created_at)
      select ${account}, gen_random_uuid(), ${target.id}, gen_random_uuid(), 'RED-' || i, '1'::xid8, i, 'x', 'waiting', now()
      from generate_series(1, ${MOST_WAITING}::int) i`;
    const { key } = await houses.ask(account);
    const other = await houses.target({ account, url: `${receiver.url}/full` });
    const ticket = await houses.ask(account);
    await until(async () => {
      await houses.shared.webhooks.readLog(account);
      return (await houses.deliveries(other)).length === 1;
    }, forTheLog);
    expect(await houses.deliveries(target)).toHaveLength(MOST_WAITING);
    await sql`delete from webhook_delivery where account = ${account} and webhook = ${target.id}`;
    await houses.readAll(account);
    expect((await houses.deliveries(target)).map(({ ticketKey }) => ticketKey)).toEqual([key, ticket.key]);
  });

  it('is told again from a moment on, in its order, and what waits of it not twice', async () => {
    const account = 'again';
    const { store, webhooks } = houses.shared;
    const old = await houses.ask(account);
    const target = await houses.target({ account, url: `${receiver.url}/again` });
    const ticket = await houses.ask(account);
    await houses.readAll(account);
    await until(() => at('/again').length === 1);
    receiver.answer = ({ path }) => ({ status: path === '/again' ? 500 : 200 });
    await houses.note(account, ticket);
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[1]?.attempts === 1);
    receiver.answer = () => undefined;
    const replay = (since: Date) => inTransaction(store.sql, (tx) => webhooks.replaySince(tx, target, since));
    await replay(new Date(Date.now() + 60_000));
    await replay(new Date(0));
    await houses.readAll(account);
    await houses.hurry(target, ticket);
    await until(() => at('/again').length === 5);
    const told = at('/again').map(({ json: { key, version } }) => `${key} ${version}`);
    expect(told.filter((line) => line.startsWith(ticket.key)).slice(2)).toEqual([
      `${ticket.key} 1`,
      `${ticket.key} 2`,
    ]);
    expect(told).toContain(`${old.key} 1`);
    const ids = at('/again').filter(({ json }) => json.key === ticket.key && json.version === 1);
    expect(ids[0]?.headers['webhook-id']).toBe(ids[1]?.headers['webhook-id']);
    expect((await houses.deliveries(target)).map(({ status }) => status)).not.toContain('failed');
  });

  it('of one account is told to no other, and of a party’s tickets to that party alone', async () => {
    const all = await houses.target({ account: 'one', url: `${receiver.url}/one` });
    const guest = await houses.target({ account: 'one', party: 'guest', url: `${receiver.url}/one` });
    const other = await houses.target({ account: 'one', party: 'other', url: `${receiver.url}/one` });
    const stranger = await houses.target({ account: 'two', url: `${receiver.url}/two` });
    const { key } = await houses.ask('one');
    await houses.readAll('one');
    await houses.readAll('two');
    const keys = async (target: typeof all) =>
      (await houses.deliveries(target)).map((made) => made.ticketKey);
    expect(await Promise.all([all, guest, other, stranger].map(keys))).toEqual([[key], [key], [], []]);
  });

  it('is told no more to a target that was taken away', async () => {
    const account = 'lost';
    const { sql } = houses.shared.store;
    const target = await houses.target({ account, url: `${receiver.url}/lost` });
    receiver.answer = ({ path }) => ({ status: path === '/lost' ? 500 : 200 });
    const ticket = await houses.ask(account);
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    await inTransaction(sql, (tx) => deleteTarget(tx, account, target.id));
    await houses.hurry(target, ticket);
    await until(
      async () => (await sql`select from pgboss.job where data->>'account' = ${account}`).length === 0,
    );
    expect(at('/lost')).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  it('shows the transactions that PostgreSQL says it shows', async () => {
    const xid = fc.integer({ min: 3, max: 40 });
    const snapshots = fc
      .tuple(xid, fc.uniqueArray(xid), fc.integer({ min: 0, max: 20 }))
      .map(([xmin, ids, more]) => {
        const running = ids.filter((id) => id >= xmin && id < xmin + more).sort((a, b) => a - b);
        return `${xmin}:${xmin + more}:${running.join(',')}`;
      });
    await fc.assert(
      fc.asyncProperty(snapshots, xid, async (snapshot, id) => {
        const [row] = await houses.shared.store.sql<[{ visible: boolean }]>`
          select pg_visible_in_snapshot(${String(id)}::text::xid8, ${snapshot}::text::pg_snapshot) as visible`;
        expect(isVisibleIn(snapshot, String(id))).toBe(row.visible);
      }),
    );
  });
});
