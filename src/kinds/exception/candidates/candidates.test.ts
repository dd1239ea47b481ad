import { beforeEach, describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../../test/until.ts';
import { systemActor } from '../../../kernel/actor.ts';
import { ensureAccount, writeSetting } from '../../../store/accounts.ts';
import { move, openException, useExceptions } from '../api/fixture/exception-server.ts';
import { exceptionKind } from '../kind.ts';
import { CANDIDATES_READER, keepProviders } from './store.ts';

const exceptions = useExceptions();
const URL = '/ticketExceptions/v1/serviceProviderEscalationCandidates';
let account = '';
let accounts = 0;
let items = 0;

beforeEach(async () => {
  accounts += 1;
  account = `acc-${accounts}`;
  const { sql } = exceptions.server.store;
  await ensureAccount(sql, { key: account, name: account, ticketPrefix: 'RED', timeZone: 'UTC' });
});

const list = async () => (await exceptions.partner(account)('GET', URL)).body;
/** Opens exceptions of a service provider and gives their numbers. */
async function open(provider: number | null, count: number, name: string | null = `SP ${provider}`) {
  const numbers: number[] = [];
  for (let left = count; left > 0; left -= 1) {
    items += 1;
    const more = { authorizationNumber: items, serviceProviderId: provider, serviceProviderName: name };
    numbers.push(await openException(exceptions.server.store, more, account));
  }
  return numbers;
}
const close = (number: number | undefined) =>
  move(exceptions.server.store, number ?? 0, 'solve', { status: 'solved' }, account);
/** Lets the reader catch up. It takes events when every older transaction of the database server has ended. */
function follow() {
  const { sql } = exceptions.server.store;
  return until(async () => {
    while ((await keepProviders(sql, account)) > 0);
    const behind = await sql`
      select 1 from event e join reader_position p on p.account = e.account and p.reader = ${CANDIDATES_READER}
      where e.account = ${account} and (e.xid, e.seq) > (p.xid, p.seq) limit 1`;
    return behind.length === 0;
  }, forTheLog);
}
const kept = () => exceptions.server.store.sql`
  select provider, name, open_count, oldest_at from exception_provider where account = ${account} order by provider`;
const present = () => `${exceptions.clock.now().toISOString().slice(0, 19)}Z`;
const candidate = (provider: number, count: number, since: string) => ({
  serviceProviderId: provider,
  serviceProviderName: `SP ${provider}`,
  openExceptionCount: count,
  oldestExceptionDate: since,
});

describe('candidates for an escalation', { timeout: 90_000 }, () => {
  it('have three open exceptions or more, the most first', async () => {
    const since = present();
    await open(1, 2);
    await open(2, 3);
    await open(3, 5);
    await open(null, 9);
    const expected = [candidate(3, 5, since), candidate(2, 3, since)];
    expect(await list()).toEqual(expected);
    await follow();
    expect(await list()).toEqual(expected);
    const doubled = await exceptions.partner(account)('GET', `${URL}/serviceProviderEscalationCandidates`);
    expect(doubled.body).toEqual(expected);
  });

  it('or one that is older than two days', async () => {
    const since = present();
    await open(1, 1);
    await follow();
    exceptions.clock.advance(48 * 3_600_000);
    expect(await list()).toEqual([]);
    exceptions.clock.advance(1_000);
    expect(await list()).toEqual([candidate(1, 1, since)]);
  });

  it('by the thresholds of the account', async () => {
    const { sql, directory } = exceptions.server.store;
    const since = present();
    await open(1, 1);
    await open(2, 2);
    await writeSetting(sql, account, 'exception.candidateCount', '2');
    directory.forget(account);
    expect(await list()).toEqual([candidate(2, 2, since)]);
    await writeSetting(sql, account, 'exception.candidateAge', 'PT1H');
    directory.forget(account);
    exceptions.clock.advance(3_601_000);
    expect(await list()).toEqual([candidate(2, 2, since), candidate(1, 1, since)]);
  });

  it('are none any more when their exceptions are closed, and again when those are opened again', async () => {
    const since = present();
    const [first, second] = await open(1, 4);
    await follow();
    await close(first);
    await close(second);
    expect(await list()).toEqual([]);
    await follow();
    expect(await list()).toEqual([]);
    await move(exceptions.server.store, first ?? 0, 'reopen', { status: 'open' }, account);
    expect(await list()).toEqual([candidate(1, 3, since)]);
    await follow();
    expect(await list()).toEqual([candidate(1, 3, since)]);
  });

  it('carry the name that the service provider had last', async () => {
    await open(1, 2, 'Old name');
    await open(1, 1, 'New name');
    expect(await list()).toMatchObject([{ serviceProviderName: 'New name' }]);
  });

  it('are those of the account alone', async () => {
    await open(1, 3);
    await follow();
    expect((await exceptions.partner('other')('GET', URL)).body).toEqual([]);
  });

  it('forget a ticket that was erased', async () => {
    const [first] = await open(1, 3);
    await follow();
    expect(await list()).toHaveLength(1);
    const { store } = exceptions.server;
    const ticket = await store.load(account, { kind: exceptionKind.name, number: first ?? 0 });
    await store.writer.erase({
      actor: systemActor(account),
      contract: 'test',
      idempotency: null,
      ifMatch: null,
      ref: { id: ticket?.id ?? '' },
      kind: exceptionKind.name,
      answer: () => ({ status: 204, headers: {}, body: '' }),
    });
    expect(await list()).toEqual([]);
    await follow();
    expect(await kept()).toMatchObject([{ provider: 1, open_count: 2 }]);
  });
});

describe('the reader of the log', { timeout: 90_000 }, () => {
  it('keeps one row for each service provider with open exceptions', async () => {
    const oldest = exceptions.clock.now();
    const [first, , third] = await open(1, 3);
    exceptions.clock.advance(60_000);
    await open(2, 1);
    await follow();
    expect(await kept()).toEqual([
      { provider: 1, name: 'SP 1', open_count: 3, oldest_at: oldest },
      { provider: 2, name: 'SP 2', open_count: 1, oldest_at: new Date(oldest.getTime() + 60_000) },
    ]);
    await close(first);
    await follow();
    expect(await kept()).toMatchObject([{ provider: 1, open_count: 2 }, { provider: 2 }]);
    await close(third);
    await close(2);
    await follow();
    expect(await kept()).toMatchObject([{ provider: 2, open_count: 1 }]);
  });
});
