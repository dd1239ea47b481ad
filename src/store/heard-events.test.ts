import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import { findHeardEvent, isHeardBy, readHeardEvents } from './heard-events.ts';
import { LOG_START, newestPosition, readLog } from './log.ts';

const stores = useStores(useDatabase());
const account = 'home';
const ticket = '019ab000-0000-7000-8000-000000000001';
const other = '019ab000-0000-7000-8000-000000000002';

beforeAll(async () => {
  await stores.account(account);
  const { sql } = stores.shared;
  await sql`
    insert into ticket (account, id, kind, number, key, state, category, version, title, tags, issuer, owner, fields, timers,
      created_at, updated_at, search)
    select ${account}, id::uuid, 'errand', number, 'RED-' || number, 'new', 'initial', 1, 'x', '{}', issuer, owner, '{}', '{}',
      now(), now(), ''
    from (values (${ticket}, 1, 'guest', ${account}), (${other}, 2, 'guest', 'other')) t(id, number, issuer, owner)`;
  await sql`
    insert into event (account, ticket, kind, type, version, actor, contract, data, at)
    select ${account}, t.id::uuid, 'errand', e.type, 1, jsonb_build_object('party', p.party), 'test', e.data::jsonb, now()
    from (values (${ticket}), (${other})) t(id), (values ('guest'), ('other'), (${account}), (null)) p(party), (values
      ('ticket.created', '{}'), ('ticket.transitioned', '{}'), ('ticket.edited', '{}'),
      ('ticket.commented', '{ "visibility": "internal" }'), ('ticket.commented', '{ "visibility": "public" }'),
      ('ticket.linked', '{}'), ('ticket.unlinked', '{}')) e(type, data)`;
  await sql`
    insert into event (account, ticket, kind, type, version, actor, contract, data, at)
    select ${account}, gen_random_uuid(), 'errand', 'ticket.erased', 1, '{}', 'test', d::jsonb, now()
    from (values ('{ "key": "RED-3", "parties": ["guest", "other"] }'), ('{ "key": "RED-4" }')) e(d)`;
});

it('a party hears what it may read, event by event', async () => {
  const { sql } = stores.shared;
  await until(async () => {
    const [row] = await sql<[{ n: number }]>`select max(seq) as n from event where account = ${account}`;
    return (await newestPosition(sql, account))?.seq === row.n;
  }, forTheLog);
  const all = await readHeardEvents(sql, account, LOG_START, 1_000);
  expect(all).toHaveLength(58);
  expect(all.map(({ issuer, owner, ...event }) => event)).toEqual(
    await readLog(sql, account, LOG_START, 1_000),
  );
  for (const party of ['guest', 'other', account, 'nobody']) {
    const read = await readLog(sql, account, LOG_START, 1_000, party);
    const heard = all.filter((event) => isHeardBy(event, party)).map(({ issuer, owner, ...event }) => event);
    expect(heard, party).toEqual(read);
  }
  const last = all.at(-1);
  expect(last && (await findHeardEvent(sql, account, last.position))).toEqual(last);
  expect(last && (await findHeardEvent(sql, 'other', last.position))).toBeNull();
});
